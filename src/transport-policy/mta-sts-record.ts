import type { DnsResolver } from '../dns/resolver.ts';
import { isAbsent, lookupFailure } from './dns-words.ts';
import { parseFields } from './parse-fields.ts';
import { quoted } from './remote-text.ts';

/** The TXT record that says whether there is a policy and which (RFC 8461 3.1). */
export type MtaStsRecord =
  | { state: 'none' }
  | { state: 'record'; id: string }
  | { state: 'broken'; words: string }
  | { state: 'unknown'; words: string };

/** Looks the record of a domain up. */
export async function lookupMtaStsRecord(domain: string, resolver: DnsResolver): Promise<MtaStsRecord> {
  const name = `_mta-sts.${domain}`;
  const answer = await resolver.txt(name);
  if (isAbsent(answer)) return { state: 'none' };
  const failure = lookupFailure(`the TXT record ${name}`, answer);
  return failure === undefined ? readMtaStsRecord(answer.records, name) : { state: 'unknown', words: failure };
}

/** Which of the TXT records at `name` counts. Those that do not begin like one are others' (RFC 8461 3.1), unless nearly so. */
function readMtaStsRecord(records: readonly string[], name: string): MtaStsRecord {
  const own = records.filter((record) => /^v=STSv1[ \t]*(?:;|$)/.test(record));
  const [record, second] = own;
  if (second !== undefined) {
    return { state: 'broken', words: `${name} has ${own.length} records of version STSv1; exactly one is allowed` };
  }
  if (record === undefined) {
    const near = records.find((one) => /^\s{0,9}"?\s{0,9}v\s{0,9}=\s{0,9}sts/i.test(one));
    if (near === undefined) return { state: 'none' };
    return { state: 'broken', words: `${name} does not begin with v=STSv1; but with ${quoted(near)}` };
  }
  const { fields, malformed } = parseFields(record);
  const [odd] = malformed;
  if (odd !== undefined) return { state: 'broken', words: `${name} holds ${quoted(odd)}, which is not key=value` };
  const id = fields.get('id');
  if (id === undefined) return { state: 'broken', words: `${name} has no id` };
  if (!/^[A-Za-z0-9]{1,32}$/.test(id)) {
    return { state: 'broken', words: `${name} has the id ${quoted(id)}; an id is 1 to 32 letters and digits` };
  }
  return { state: 'record', id };
}
