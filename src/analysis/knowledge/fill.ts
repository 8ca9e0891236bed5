/** Values by placeholder name; null and empty count as missing. */
export type FillValues = Readonly<Record<string, string | null | undefined>>;

const CLAUSE = /\[\?(\w+) ([^?]*)(?:\?:([^?]*))?\?\]/g;
const PLACEHOLDER = /\{(\w+)(?:\|([^{}]*))?\}/g;
/** Values stand in commands that people paste: nothing but the characters of names, addresses and ids is let in. */
const SAFE = /^(?:\[[\da-f:.]{2,45}\]|[\w.:@+=~\\][\w.:@+=~\\ -]{0,255})$/i;

/**
 * Fills a template. `{name|words}` is the value or the words. `[?name then?:otherwise?]` is `then` where the value is
 * known, else `otherwise`, which may be missing. A bare `{name}` belongs inside a clause that asks for it.
 */
export function fill(template: string, values: FillValues): string {
  return tidy(
    template
      .replace(CLAUSE, (_, name: string, then: string, otherwise: string | undefined) =>
        usable(values[name]) === undefined ? (otherwise ?? '') : then,
      )
      .replace(
        PLACEHOLDER,
        (_, name: string, fallback: string | undefined) => usable(values[name]) ?? fallback ?? name,
      ),
  );
}

/** The template as a manual prints it: prose in general words, commands with the example values. */
export function fillExample(template: string, examples: FillValues): string {
  return tidy(
    template
      .replace(CLAUSE, (_, _name: string, then: string) => then)
      .replace(PLACEHOLDER, (_, name: string, fallback: string | undefined) => fallback ?? examples[name] ?? name),
  );
}

function tidy(text: string): string {
  return text
    .replace(/ {2,}/g, ' ')
    .replace(/ ([.,;:])(?= |$)/g, '$1')
    .trim();
}

function usable(value: string | null | undefined): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  return SAFE.test(value) ? value : undefined;
}
