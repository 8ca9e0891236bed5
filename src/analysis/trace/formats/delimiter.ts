const DELIMITERS = [',', ';', '\t'] as const;

/** The delimiter of a header line: Excel writes a semicolon or a tab where the locale says so. */
export function delimiterOf(header: string): string {
  let best: string = DELIMITERS[0];
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const count = header.split(delimiter).length;
    if (count > most) [best, most] = [delimiter, count];
  }
  return best;
}

/** Fields of a header line; header names hold no delimiters, so quotes are simply taken off. */
export function headerFields(line: string, delimiter: string): string[] {
  return line.split(delimiter).map((name) => name.replaceAll('"', '').trim());
}
