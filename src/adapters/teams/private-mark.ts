/** Key in an action's data that says: this card was shown to one person only. */
export const PRIVATE_MARK = 'mmPrivate';

/**
 * The same card with every action marked. Teams does not say with a press whether the card was a private one, and the
 * answer to a press on a private card must be private too, also after a restart; so the card itself carries it. A forged
 * mark only makes the forger's own answer private.
 */
export function markPrivate(card: object): object {
  const copy: unknown = structuredClone(card);
  mark(copy);
  return copy as object;
}

/** True when the data of a press or submission carries the mark. */
export function isMarkedPrivate(data: Record<string, unknown>): boolean {
  return data[PRIVATE_MARK] === true;
}

function mark(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && (value.type === 'Action.Execute' || value.type === 'Action.Submit')) {
    const data = 'data' in value && typeof value.data === 'object' && value.data !== null ? value.data : {};
    Object.assign(value, { data: { ...data, [PRIVATE_MARK]: true } });
  }
  for (const member of Object.values(value)) mark(member);
}
