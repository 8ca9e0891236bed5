import { RCODES } from './ask-server.ts';
import type { ServersSay } from './ask-servers.ts';
import { followAliases } from './follow-aliases.ts';
import type { DnsQuestion, RecordData, RecordType } from './question.ts';
import type { DnsAnswer } from './resolver.ts';

/** Bound on what one answer may bring: a zone with a thousand MX records must not become a thousand probes. */
const MAX_RECORDS = 20;
/** The domain of a large company carries dozens of ownership proofs beside its SPF record; none of them is dialled. */
const MAX_TEXTS = 100;

/**
 * What the servers said as the answer to the question: at most 20 records (100 TXT) that pass `valid`; `nodata` for none at all,
 * `invalid` when there were only unusable ones or the aliases run in a circle. `arrange` puts them in order before they
 * are counted.
 */
export function answerTo<K extends RecordType>(
  question: DnsQuestion<K>,
  said: ServersSay,
  valid: (data: RecordData[K]) => boolean,
  arrange: (data: RecordData[K][]) => RecordData[K][] = (data) => data,
): DnsAnswer<RecordData[K]> {
  if (said.status !== 'answered') return { status: said.status, records: [] };
  const { message } = said;
  const secure = message.authentic;
  if (message.rcode === RCODES.NXDOMAIN) return { status: 'nxdomain', records: [], secure };
  const followed = followAliases(question, message.answers);
  if (followed === 'loop') return { status: 'invalid', records: [] };
  const found = followed.data;
  const records = arrange(found.filter(valid)).slice(0, question.type === 'TXT' ? MAX_TEXTS : MAX_RECORDS);
  if (records.length > 0) return { status: 'ok', records, secure };
  if (found.length > 0 || message.malformed > 0) return { status: 'invalid', records: [] };
  return { status: 'nodata', records: [], secure };
}
