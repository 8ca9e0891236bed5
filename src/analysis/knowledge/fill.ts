/** Values by placeholder name; null and empty count as missing. */
export type FillValues = Readonly<Record<string, string | null | undefined>>;

const CLAUSE = /\[\?(\w+) ([^?]*)\?\]/g;
const PLACEHOLDER = /\{(\w+)(?:\|([^{}]*))?\}/g;
/** Values stand in commands that people paste: nothing but the characters of names, addresses and ids is let in. */
const SAFE = /^[\w.:@+=~\\][\w.:@+=~\\ -]{0,255}$/;

/** Fills a template; a placeholder without value reads as its fallback, a clause without value disappears. */
export function fill(template: string, values: FillValues): string {
  return template
    .replace(CLAUSE, (_, name: string, clause: string) => (usable(values[name]) === undefined ? '' : clause))
    .replace(
      PLACEHOLDER,
      (_, name: string, fallback: string | undefined) => usable(values[name]) ?? fallback ?? `<${name}>`,
    )
    .replace(/ {2,}/g, ' ')
    .replace(/ ([.,;:])(?= |$)/g, '$1')
    .trim();
}

function usable(value: string | null | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  return SAFE.test(value) ? value : undefined;
}
