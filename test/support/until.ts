/** Asks again and again until there is something; fails after twelve seconds. */
export async function until<T>(what: string, read: () => T | undefined): Promise<T> {
  const end = Date.now() + 12_000;
  for (;;) {
    const found = read();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
