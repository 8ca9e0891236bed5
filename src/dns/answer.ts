import { errnoOf } from '../errors.ts';
import type { DnsAnswer } from './resolver.ts';

type Failure = Exclude<DnsAnswer<never>['status'], 'ok'>;

/**
 * c-ares codes as Node names them (nodejs.org/api/dns.html#error-codes). ECONNREFUSED means that no configured server
 * could be reached, which for the asker is the same as being refused; a server that calls a plain question malformed (FORMERR)
 * or not implemented refuses it too.
 */
const STATUS_OF_CODE: Readonly<Record<string, Failure>> = {
  ENOTFOUND: 'nxdomain',
  ENODATA: 'nodata',
  ESERVFAIL: 'servfail',
  EREFUSED: 'refused',
  ECONNREFUSED: 'refused',
  ENOTIMP: 'refused',
  ETIMEOUT: 'timeout',
  ECANCELLED: 'timeout',
  EFORMERR: 'refused',
  EBADRESP: 'invalid',
  EBADNAME: 'invalid',
  EBADQUERY: 'invalid',
  EINVAL: 'invalid',
  ERR_INVALID_ARG_VALUE: 'invalid',
};

/** A failed look-up as an answer; undefined when the error did not come from the DNS, so that bugs stay visible. */
export function failedAnswer(error: unknown): { status: Failure; records: [] } | undefined {
  const code = errnoOf(error);
  const status = code === undefined ? undefined : STATUS_OF_CODE[code];
  return status === undefined ? undefined : { status, records: [] };
}

/** At most `max` records that pass `valid`; `nodata` for none at all, `invalid` when there were only unusable ones. */
export function boundedAnswer<T>(records: readonly T[], max: number, valid: (record: T) => boolean): DnsAnswer<T> {
  const kept: T[] = [];
  for (const record of records) {
    if (kept.length === max) break;
    if (valid(record)) kept.push(record);
  }
  if (kept.length > 0) return { status: 'ok', records: kept };
  return { status: records.length === 0 ? 'nodata' : 'invalid', records: [] };
}
