/** The fields of a TXT record of MTA-STS or TLS-RPT, `v=X; key=value; …`; unlike DKIM's tags without blanks around `=`. */
export interface FieldList {
  /** By name in lower case; of a repeated field the first. */
  fields: ReadonlyMap<string, string>;
  /** What stands between the semicolons and is no field. */
  malformed: string[];
}

/** Reads the fields behind the version (RFC 8461 3.1, RFC 8460 3: blanks may surround the semicolons, the last may be left out). */
export function parseFields(text: string): FieldList {
  const fields = new Map<string, string>();
  const malformed: string[] = [];
  for (const part of text.split(';').map((one) => one.trim())) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const key = part.slice(0, Math.max(at, 0)).toLowerCase();
    if (!/^[a-z0-9][a-z0-9_.-]{0,31}$/.test(key)) malformed.push(part);
    else if (!fields.has(key)) fields.set(key, part.slice(at + 1));
  }
  return { fields, malformed };
}
