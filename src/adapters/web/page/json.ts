/** An object of a card as it came; every field must be looked at before use. */
export type Fields = Record<string, unknown>;

/** The value as an object, or an empty one. */
export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The value as a list of objects, or an empty one. */
export function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

/** The value when it is text, else the empty text. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
