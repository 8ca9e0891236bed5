/** Most tags that are read; no record in use has more than a dozen. */
const MAX_TAGS = 40;

/** A tag list as DKIM, DMARC and BIMI records hold (RFC 6376 3.2): names in lower case, the first of equal names. */
export interface TagList {
  tags: ReadonlyMap<string, string>;
  /** What breaks the grammar, in words. */
  problems: string[];
}

/** Reads `v=DMARC1; p=reject; …`. */
export function parseTags(record: string): TagList {
  const tags = new Map<string, string>();
  const problems: string[] = [];
  const parts = record
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const part of parts.slice(0, MAX_TAGS)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim().toLowerCase();
    if (equals < 0 || !/^[a-z][a-z0-9_]*$/.test(name)) {
      problems.push(`"${part.slice(0, 40)}" is not tag=value`);
    } else if (tags.has(name)) {
      problems.push(`${name}= stands there twice`);
    } else {
      tags.set(name, part.slice(equals + 1).trim());
    }
  }
  return { tags, problems };
}
