import { errnoOf } from '../errors.ts';
import type { ProbeHistory, ProbeSummary } from '../probe-history.ts';
import type { HistorySection } from './section-schemas.ts';

const DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What earlier probes of a peer tell: how they ended, and the names that its servers greeted with, by address. */
export interface PastProbes {
  section: HistorySection;
  banners: ReadonlyMap<string, string>;
}

/** Reads the probes of the last week that concern these names and addresses. */
export async function lookupHistory(
  names: readonly string[],
  history: ProbeHistory | undefined,
  now: Date,
): Promise<PastProbes> {
  const banners = new Map<string, string>();
  const empty = { probes: 0, failed: 0 };
  if (history === undefined) {
    return { section: { ...empty, state: 'not-asked', words: 'No history of probes is kept here.' }, banners };
  }
  const all = await readHistory(history, names);
  if (typeof all === 'string') {
    return { section: { ...empty, state: 'failed', words: `The history of probes cannot be read (${all}).` }, banners };
  }
  for (const { ip, serverName } of all.flatMap(({ paths }) => paths)) {
    // Newest first: the first greeting of an address is its latest.
    if (ip !== null && serverName !== null && !banners.has(ip)) banners.set(ip, serverName);
  }
  const recent = all.filter(({ at }) => now.getTime() - Date.parse(at) <= DAYS * DAY_MS);
  const failed = recent.filter(({ verdict }) => verdict === 'failed');
  const counts = { probes: recent.length, failed: failed.length };
  const [newest] = recent;
  if (newest === undefined) {
    return { section: { ...empty, state: 'absent', words: `Not probed in the last ${DAYS} days.` }, banners };
  }
  const times = recent.length === 1 ? 'once' : `${recent.length} times`;
  const [last] = failed;
  const cause = last === undefined ? '' : [last.errorType, last.cause].filter((word) => word !== null).join(' ');
  const end =
    last === undefined
      ? `last ${newest.verdict} ${sayMoment(newest.at)}`
      : `last failed ${sayMoment(last.at)}: ${cause}`;
  return { section: { ...counts, state: 'ok', words: `Probed ${times} in ${DAYS} days, ${end}.` }, banners };
}

/** The probes, or the code of the system error: a data folder that cannot be read must not cost the answer. */
async function readHistory(history: ProbeHistory, names: readonly string[]): Promise<ProbeSummary[] | string> {
  try {
    return await history.recent(names);
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return code;
  }
}

/** True when a server greets with one of the names that reverse DNS gives its address. */
export function bannerMatches(banner: string, names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase() === banner.toLowerCase());
}

/** `19 Nov 12:04 UTC` */
function sayMoment(iso: string): string {
  const [, month = '', day = ''] = /^\d{4}-(\d\d)-(\d\d)/.exec(iso) ?? [];
  const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${Number(day)} ${names[Number(month) - 1] ?? month} ${iso.slice(11, 16)} UTC`;
}
