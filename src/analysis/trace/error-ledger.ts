import type { Cause, ErrorType, Owner } from '../../vocabulary.ts';
import type { ReplyVerdict } from '../reply/classify-reply.ts';
import { NameCounts, type NameCountsData } from './name-counts.ts';
import type { TraceError } from './report.ts';
import { isoOf } from './timestamp.ts';

/** Where and when a failing event was seen; empty texts are unknown. */
export interface ErrorPlace {
  ms: number;
  server: string;
  ip: string;
  connector: string;
  /** The reply as it stands in the trace. */
  reply: string;
}

interface Kind {
  errorType: ErrorType;
  cause: Cause | 'ok';
  owner: Owner;
  code: string | null;
  enhanced: string | null;
}

interface Bucket {
  kind: Kind;
  count: number;
  servers: NameCounts;
  ips: NameCounts;
  connectors: NameCounts;
  first: number;
  last: number;
  example: string;
}

/** A bucket as it is sent to another thread. */
export interface BucketData {
  kind: Kind;
  count: number;
  servers: NameCountsData;
  ips: NameCountsData;
  connectors: NameCountsData;
  first: number;
  last: number;
  example: string;
}

/** Hostile replies can carry any code: beyond this many kinds the codes are no longer told apart. */
const MAX_KINDS = 400;
const MAX_EXAMPLE = 500;
const MAX_NAMES = 20;

/** Counts DEFER and FAIL events by error type, cause, owner and codes. */
export class ErrorLedger {
  private readonly buckets = new Map<string, Bucket>();
  /** The bucket of a verdict that came before; verdicts are shared by equal replies. */
  private readonly known = new WeakMap<ReplyVerdict, Bucket>();
  /** Codes were left out, so that the order of the rows matters. */
  get overflowed(): boolean {
    return this.buckets.size >= MAX_KINDS;
  }

  add(verdict: ReplyVerdict, place: ErrorPlace): void {
    const { errorType, cause, owner, code, enhanced } = verdict;
    if (errorType === null) return;
    let bucket = this.known.get(verdict);
    if (!bucket) {
      bucket = this.bucket({ errorType, cause, owner, code, enhanced }, place.reply);
      this.known.set(verdict, bucket);
    }
    bucket.count++;
    bucket.servers.add(place.server);
    bucket.ips.add(place.ip || (verdict.remoteIp ?? ''));
    bucket.connectors.add(place.connector);
    if (place.ms < bucket.first) bucket.first = place.ms;
    if (place.ms > bucket.last) bucket.last = place.ms;
  }

  /** Most frequent first; equal counts in the order of their first event. */
  report(): TraceError[] {
    return [...this.buckets.values()]
      .sort((a, b) => b.count - a.count || a.first - b.first)
      .map(({ kind, count, servers, ips, connectors, first, last, example }) => ({
        ...kind,
        count,
        servers: namesOf(servers),
        ips: namesOf(ips),
        connectors: namesOf(connectors),
        first: isoOf(first),
        last: isoOf(last),
        example,
      }));
  }

  data(): BucketData[] {
    return [...this.buckets.values()].map((bucket) => ({
      ...bucket,
      servers: bucket.servers.data(),
      ips: bucket.ips.data(),
      connectors: bucket.connectors.data(),
    }));
  }

  /** Adds what a later part of the trace counted. */
  merge(data: readonly BucketData[]): void {
    for (const part of data) {
      const bucket = this.bucket(part.kind, part.example);
      bucket.count += part.count;
      bucket.servers.merge(part.servers);
      bucket.ips.merge(part.ips);
      bucket.connectors.merge(part.connectors);
      bucket.first = Math.min(bucket.first, part.first);
      bucket.last = Math.max(bucket.last, part.last);
    }
  }

  private bucket(exact: Kind, example: string): Bucket {
    let kind = exact;
    let key = Object.values(kind).join('|');
    if (this.buckets.size >= MAX_KINDS && !this.buckets.has(key)) {
      kind = { ...exact, code: null, enhanced: null };
      key = Object.values(kind).join('|');
    }
    const held = this.buckets.get(key);
    if (held) return held;
    const bucket: Bucket = {
      kind,
      count: 0,
      servers: new NameCounts(),
      ips: new NameCounts(),
      connectors: new NameCounts(),
      first: Number.POSITIVE_INFINITY,
      last: Number.NEGATIVE_INFINITY,
      example: example.slice(0, MAX_EXAMPLE),
    };
    this.buckets.set(key, bucket);
    return bucket;
  }
}

/** The names, most frequent first. */
function namesOf(counts: NameCounts): string[] {
  return counts.top(MAX_NAMES).map(({ name }) => name);
}
