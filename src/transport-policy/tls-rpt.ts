import { parseFields } from './parse-fields.ts';
import { quoted } from './remote-text.ts';

/** Where a domain wants to be told of TLS failures (RFC 8460 3). */
export type TlsRptResult =
  | { state: 'none' }
  /** `rua`: `mailto:` and `https:` addresses as published. */
  | { state: 'record'; rua: string[]; words: string }
  /** Published but unusable: nothing is reported. */
  | { state: 'broken'; words: string };

/** Which of the TXT records at `name` counts, and what it says. */
export function readTlsRpt(records: readonly string[], name: string): TlsRptResult {
  const own = records.filter((record) => /^v=TLSRPTv1[ \t]*(?:;|$)/.test(record));
  const [record, second] = own;
  if (second !== undefined) {
    return { state: 'broken', words: `${name} has ${own.length} records of version TLSRPTv1; exactly one is allowed` };
  }
  if (record === undefined) {
    const near = records.find((one) => /^\s{0,9}"?\s{0,9}v\s{0,9}=\s{0,9}tlsrpt/i.test(one));
    if (near === undefined) return { state: 'none' };
    return { state: 'broken', words: `${name} does not begin with v=TLSRPTv1; but with ${quoted(near)}` };
  }
  const { fields, malformed } = parseFields(record);
  const [odd] = malformed;
  if (odd !== undefined) return { state: 'broken', words: `${name} holds ${quoted(odd)}, which is not key=value` };
  const given = (fields.get('rua') ?? '').split(',').map((uri) => uri.trim());
  const rua = given.filter(isReportAddress);
  if (rua.length === 0) {
    const words = fields.has('rua') ? `the rua ${quoted(given.join(','))}, which is no address` : 'no rua';
    return { state: 'broken', words: `${name} has ${words} that reports could be sent to` };
  }
  const unusable = given.find((uri) => !isReportAddress(uri));
  const beside = unusable === undefined ? '' : `; ${quoted(unusable)} beside them is no address`;
  return { state: 'record', rua, words: `reports go to ${rua.map(quoted).join(', ')}${beside}` };
}

function isReportAddress(uri: string): boolean {
  return uri.length <= 500 && /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/[^\s/]\S*)$/i.test(uri);
}
