import { randomUUID } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { parseCidr } from '../config.ts';
import { messageOf, UserError } from '../errors.ts';
import type { ExchangeRanges } from './data/exchange-online-ranges.ts';
import type { RangesStore } from './ranges-file.ts';

/** Microsoft's web service (learn.microsoft.com/microsoft-365/enterprise/microsoft-365-ip-web-service). */
const SERVICE = 'https://endpoints.office.com/endpoints/worldwide';

const MAX_BYTES = 4 * 1024 * 1024;
const TIMEOUT_MS = 20_000;

/** The endpoint sets that hold SMTP between servers: 9 and 10 of Exchange. */
const MAIL_SETS = new Set([9, 10]);

const endpointsSchema = z
  .array(
    z.object({
      id: z.number().int(),
      serviceArea: z.string(),
      ips: z.array(z.string().max(60)).max(5000).optional(),
    }),
  )
  .max(1000);

/** What a refresh works with. */
export interface RefreshOptions {
  store: RangesStore;
  clock: Clock;
  signal: AbortSignal;
  /** Another service, for tests; the real one by default. */
  url?: string;
  fetch?: typeof globalThis.fetch;
}

/** What came of it: the ranges of today, and those of before. */
export interface RangesRefresh {
  ranges: ExchangeRanges;
  added: string[];
  removed: string[];
}

/**
 * Fetches Exchange Online's published ranges and keeps them.
 * @throws UserError that says what failed; the ranges known before stay in use.
 */
export async function refreshRanges(options: RefreshOptions): Promise<RangesRefresh> {
  const before = await options.store.load();
  const url = new URL(options.url ?? SERVICE);
  url.searchParams.set('clientrequestid', randomUUID());
  const kept = `The ranges of ${before.date} stay in use.`;
  let found: string[];
  try {
    found = readEndpoints(await download(url, options));
  } catch (error) {
    options.signal.throwIfAborted();
    throw new UserError(`The published ranges cannot be fetched from ${url.host}: ${reasonOf(error)}. ${kept}`, {
      example: 'mailmedic peer --refresh-ranges',
      cause: error,
    });
  }
  const ranges = {
    date: options.clock.now().toISOString().slice(0, 10),
    source: `${url.origin}${url.pathname}`,
    ranges: found,
  };
  await options.store.save(ranges);
  return {
    ranges,
    added: found.filter((range) => !before.ranges.includes(range)),
    removed: before.ranges.filter((range) => !found.includes(range)),
  };
}

async function download(url: URL, { fetch = globalThis.fetch, signal }: RefreshOptions): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  // A redirect would hand the question to a host that nobody named.
  const response = await fetch(url, { signal: limit, redirect: 'error', headers: { accept: 'application/json' } });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`it answers HTTP ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new Error(`its answer is longer than ${MAX_BYTES / 1024 / 1024} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The mail ranges of the service's answer, in its order.
 * @throws Error when it is not such an answer, so that nothing broken is kept.
 */
export function readEndpoints(json: string): string[] {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    throw new Error('its answer is not JSON', { cause: error });
  }
  const parsed = endpointsSchema.safeParse(data);
  if (!parsed.success) throw new Error('its answer has another shape than documented');
  const mail = parsed.data.filter(({ id, serviceArea }) => serviceArea === 'Exchange' && MAIL_SETS.has(id));
  const ranges = [...new Set(mail.flatMap(({ ips }) => ips ?? []))];
  if (ranges.length === 0) throw new Error('its answer has no mail ranges');
  const bad = ranges.find((range) => !isPlausible(range));
  if (bad !== undefined) throw new Error(`it gives ${JSON.stringify(bad.slice(0, 40))}, which is no plausible range`);
  return ranges;
}

/** A published range is global and not the half of the internet: a wide one would make everybody Exchange Online. */
function isPlausible(text: string): boolean {
  const range = parseCidr(text);
  if (range === undefined || !text.includes('/')) return false;
  const [address, bits] = range;
  return address.range() === 'unicast' && bits >= (address instanceof ipaddr.IPv4 ? 8 : 16);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  // fetch says "fetch failed" and hides why in the cause.
  return error.cause instanceof Error && error.message === 'fetch failed' ? error.cause.message : error.message;
}
