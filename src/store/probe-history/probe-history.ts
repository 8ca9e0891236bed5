import type { Clock } from '../../clock.ts';
import { type ProbeHistory, type ProbeSummary, probeSummarySchema } from '../../probe-history.ts';
import { appendText, compactFiles, readAllText } from './history-file.ts';

/** Where the history is kept, and how much of it. */
export interface ProbeHistoryOptions {
  /** The data folder; made when it is not there. */
  dataDir: string;
  clock: Pick<Clock, 'now'>;
  /** The file is compacted when it is larger than this many bytes, to at most half of it. Default 2 MB. */
  maxBytes?: number;
  /** What another process set aside to compact and did not finish within this time is taken over. Default a minute. */
  abandonedMs?: number;
}

/** One write of less than a page: on every file system that matters it is not torn by another writer's. */
const MAX_LINE_BYTES = 4095;
const MAX_RECENT = 200;
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;
/** What was read is believed this long: a target that is probed many times a second must not cost a read each. */
const FRESH_MS = 15_000;
const MAX_FRESH = 1000;
/** A record from the future was made by a clock that was wrong; it must not stay the newest for ever. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Past probes in `probe-history.jsonl` of the data folder, one JSON line each. Several processes may use it at once
 * without a lock. A line that cannot be read (torn by a crash, edited, of a later version) is skipped.
 */
export function createProbeHistory(options: ProbeHistoryOptions): ProbeHistory {
  const { dataDir, clock, maxBytes = 2 * 1024 * 1024, abandonedMs = 60_000 } = options;
  let compacting: Promise<void> | undefined;
  const fresh = new Map<string, { at: number; found: Promise<ProbeSummary | undefined> }>();

  async function read(wanted: readonly string[]): Promise<ProbeSummary[]> {
    const latest = clock.now().getTime() + CLOCK_SKEW_MS;
    return parseLines(await readAllText(dataDir), wanted).filter(({ at }) => Date.parse(at) <= latest);
  }

  async function readLastGood(key: string): Promise<ProbeSummary | undefined> {
    const same = await read([`"key":${JSON.stringify(key)}`]);
    return same.find((summary) => summary.key === key && summary.verdict === 'ok');
  }

  return {
    lastGood(key) {
      const at = clock.now().getTime();
      const known = fresh.get(key);
      if (known !== undefined && Math.abs(at - known.at) < FRESH_MS) return known.found;
      if (fresh.size >= MAX_FRESH) fresh.clear();
      const found = readLastGood(key);
      fresh.set(key, { at, found });
      return found;
    },
    async recent(names) {
      const wanted = new Set(names.map((name) => name.toLowerCase()));
      const oldest = clock.now().getTime() - KEEP_MS;
      const found = await read([...wanted].map((name) => JSON.stringify(name)));
      return found
        .filter((summary) => Date.parse(summary.at) >= oldest && namesOf(summary).some((name) => wanted.has(name)))
        .slice(0, MAX_RECENT);
    },
    async add(summary) {
      const line = JSON.stringify(summary);
      if (Buffer.byteLength(line) > MAX_LINE_BYTES - 2) throw new Error('the record of a probe is too long to keep');
      // The line end before it keeps it apart from a line that a crash tore.
      const size = await appendText(dataDir, `\n${line}\n`);
      fresh.delete(summary.key);
      if (size <= maxBytes) return;
      const oldest = clock.now().getTime() - KEEP_MS;
      const choose = (text: string): string => keepNewest(parseLines(text, []), oldest, maxBytes / 2);
      compacting ??= compactFiles(dataDir, { choose, abandonedMs }).finally(() => {
        compacting = undefined;
      });
      await compacting;
    },
  };
}

/** The summaries of the lines that hold one of the wanted words (all when none is wanted), newest first, each once. */
function parseLines(text: string, wanted: readonly string[]): ProbeSummary[] {
  const found = new Map<string, ProbeSummary>();
  for (const line of text.split('\n')) {
    if (line === '' || line.length > MAX_LINE_BYTES) continue;
    // Far cheaper than parsing every line of the file.
    if (wanted.length > 0 && !wanted.some((word) => line.includes(word))) continue;
    const summary = parseLine(line);
    if (summary !== undefined) found.set(summary.probeId, summary);
  }
  return [...found.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function parseLine(line: string): ProbeSummary | undefined {
  try {
    const checked = probeSummarySchema.safeParse(JSON.parse(line));
    return checked.success && !Number.isNaN(Date.parse(checked.data.at)) ? checked.data : undefined;
  } catch {
    // Not JSON: skipped as the doc comment says.
    return undefined;
  }
}

function namesOf({ target, mx, paths }: ProbeSummary): string[] {
  return [target, ...mx, ...paths.flatMap(({ host, ip }) => [host, ip])].map((name) => name.toLowerCase());
}

/** The newest good one of each key first, however old it is; then the newest of all that are not too old, as room allows. */
function keepNewest(summaries: readonly ProbeSummary[], oldest: number, maxBytes: number): string {
  const good = new Map<string, ProbeSummary>();
  for (const one of summaries) if (one.verdict === 'ok' && !good.has(one.key)) good.set(one.key, one);
  const order = [...good.values(), ...summaries.filter(({ at }) => Date.parse(at) >= oldest)];
  const kept = new Map<string, string>();
  let bytes = 0;
  for (const one of order) {
    const line = `\n${JSON.stringify(one)}\n`;
    if (kept.has(one.probeId) || bytes + line.length > maxBytes) continue;
    kept.set(one.probeId, line);
    bytes += Buffer.byteLength(line);
  }
  return [...kept.values()].join('');
}
