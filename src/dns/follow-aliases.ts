import type { DnsQuestion, DnsRecord, RecordData, RecordType } from './question.ts';

/** Longer than any chain that resolvers follow themselves (BIND and Unbound stop at 16 or before). */
const MAX_ALIASES = 16;

/** Where the aliases lead: the data found there, if any, and the name. */
export interface Followed<K extends RecordType> {
  data: RecordData[K][];
  /** In lower case; the name of the question when no alias leads away from it. */
  at: string;
}

/**
 * The data of those records that answer the question: of its type, at its name or at the end of the aliases (CNAME) that
 * lead away from it. Whatever else stands in the answer section was not asked for and is not believed. `loop`: the aliases
 * lead nowhere.
 */
export function followAliases<K extends RecordType>(
  question: DnsQuestion<K>,
  answers: readonly DnsRecord[],
): Followed<K> | 'loop' {
  const aliases = new Map<string, string>();
  const byName = new Map<string, RecordData[K][]>();
  for (const record of answers) {
    if (isOfType(record, question.type)) {
      const known = byName.get(record.name);
      if (known === undefined) byName.set(record.name, [record.data]);
      else known.push(record.data);
    }
    if (isOfType(record, 'CNAME') && !aliases.has(record.name)) aliases.set(record.name, record.data.toLowerCase());
  }
  let name = question.name.toLowerCase();
  for (let hops = 0; hops <= MAX_ALIASES; hops += 1) {
    const found = byName.get(name);
    if (found !== undefined) return { data: found, at: name };
    const next = aliases.get(name);
    if (next === undefined) return { data: [], at: name };
    name = next;
  }
  return 'loop';
}

function isOfType<K extends RecordType>(record: DnsRecord, type: K): record is DnsRecord<K> {
  return record.type === type;
}
