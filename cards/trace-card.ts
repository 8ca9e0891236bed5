import type { Guidance } from '../src/analysis/knowledge/knowledge.ts';
import type { TraceProgress } from '../src/analysis/trace/input.ts';
import type { TraceError, TraceReport } from '../src/analysis/trace/report.ts';
import type { Card, CardAction, CardBlock, CardState, RunbookLink } from './card.ts';
import { maskCard, maskText } from './mask.ts';
import { ownerLine } from './owner-line.ts';
import { runbookAction } from './runbook-action.ts';
import { sayCount, sayDays, sayDuration, sayMany } from './say.ts';
import { foldSteps } from './steps.ts';
import { errorsTable, queuesTable, timelineTable, traceDetails } from './trace-details.ts';

/** Formats as people call them; others are shown by their id. */
const FORMATS: Record<string, string> = {
  'exo-extended-trace': 'Extended trace',
  'exo-enhanced-summary': 'Enhanced summary',
  'exchange-tracking': 'Message tracking log',
};

/** What it means when failures follow one dimension; a refused connection never got as far as protocols. */
const LIKELY: Record<string, string> = {
  sendingServer: 'a protocol, cipher or setting differs between those servers and the target',
  sourceSubnet: 'a firewall before the target lets only part of the senders in',
  targetIp: 'that address is one bad node behind the name',
  connector: 'the connector or the hosts that it names are wrong',
};

/** How a trace's answer is shown. */
export interface TraceCardOptions {
  audience?: 'shared' | 'private';
  /** What to do about the most frequent error. */
  guidance?: Pick<Guidance, 'mitigation' | 'runbooks'>;
}

/** The answer of a trace: how many messages are in trouble, where and why, and what to do about most of it. */
export function traceCard(report: TraceReport, options: TraceCardOptions = {}): Card {
  const top = report.errors[0];
  const folded = foldSteps(options.guidance?.mitigation ?? []);
  const card: Card = {
    kind: 'trace',
    state: stateOf(report),
    title: titleOf(report),
    meta: metaOf(report),
    ...(top === undefined ? {} : { owner: ownerLine(top.owner, mostFrequent(top, report.errors)) }),
    steps: folded.steps,
    blocks: [
      ...outcomeBlocks(report),
      ...concentrationBlocks(report),
      ...errorsTable(report.errors),
      ...timelineTable(report.timeline),
      ...queuesTable(report.queues),
    ],
    details: [...folded.more, ...traceDetails(report)],
    actions: actionsOf(top, options.guidance?.runbooks ?? []),
    ...(report.partial ? { footer: 'Stopped before the end: the numbers cover only what was read.' } : {}),
  };
  return options.audience === 'shared' ? maskCard(card) : card;
}

/** A trace that is being read: rows so far and, where the size is known, how much is done. */
export function traceProgressCard(progress: TraceProgress): Card {
  const { file, rows, bytes, totalBytes } = progress;
  const done = totalBytes === undefined || totalBytes === 0 ? undefined : Math.min(1, bytes / totalBytes);
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
  const share = done === undefined ? size : `${bar(done)} ${Math.floor(done * 100)} % of ${megabytes(totalBytes ?? 0)}`;
  return {
    kind: 'trace',
    state: 'running',
    title: `Reading ${maskText(file)}`,
    blocks: [{ type: 'text', text: `${sayMany(rows, 'row')} · ${share}` }],
    actions: [{ type: 'cancel', label: 'Cancel', primary: true }],
  };
}

function stateOf(report: TraceReport): CardState {
  if (report.partial) return 'stopped';
  if (report.failed > 0) return 'failed';
  return troubledOf(report) > 0 || report.errors.length > 0 ? 'degraded' : 'ok';
}

function troubledOf({ delayedThenDelivered, partlyDelivered, pending, failed }: TraceReport): number {
  return delayedThenDelivered + partlyDelivered + pending + failed;
}

function titleOf(report: TraceReport): string {
  const name = [...new Set(report.files.map(({ format }) => FORMATS[format] ?? format))].join(', ') || 'Trace';
  if (report.messages === 0 && report.queues.length > 0) return `${name}: ${sayMany(report.queues.length, 'queue')}`;
  const troubled = troubledOf(report);
  if (troubled === 0) return `${name}: ${sayMany(report.messages, 'message')}, none late, lost or waiting`;
  return `${name}: ${sayCount(troubled)} of ${sayMany(report.messages, 'message')} late, lost or waiting`;
}

function metaOf(report: TraceReport): string {
  const days = report.first === null || report.last === null ? [] : [sayDays(report.first, report.last)];
  const encodings = [...new Set(report.files.map((file) => file.encoding))].join(', ');
  const skipped = report.files.reduce((sum, file) => sum + file.skipped, 0);
  const unread = skipped === 0 ? [] : [`${sayMany(skipped, 'row')} unreadable`];
  return [sayMany(report.rows, 'row'), ...days, encodings, ...unread].filter((part) => part !== '').join(' · ');
}

function mostFrequent(top: TraceError, errors: TraceError[]): string {
  const all = errors.reduce((sum, error) => sum + error.count, 0);
  return `Most frequent: ${top.errorType} ${top.cause}, ${sayCount(top.count)} of ${sayMany(all, 'error')}.`;
}

function outcomeBlocks(report: TraceReport): CardBlock[] {
  const blocks: CardBlock[] = [];
  if (report.messages > 0) {
    const late = report.delayedThenDelivered > 0 ? ` (${sayCount(report.delayedThenDelivered)} of them late)` : '';
    const parts = [
      `${sayCount(report.delivered)} delivered${late}`,
      ...(report.partlyDelivered > 0 ? [`${sayCount(report.partlyDelivered)} delivered to some recipients only`] : []),
      `${sayCount(report.pending)} still pending`,
      `${sayCount(report.failed)} failed`,
      ...(report.expanded > 0 ? [`${sayMany(report.expanded, 'group')} expanded`] : []),
      ...(report.deferEvents > 0 ? [`${sayMany(report.deferEvents, 'deferral')}`] : []),
    ];
    blocks.push({ type: 'text', text: [{ text: parts.join(' · ') }] });
  }
  const { p50, p95, max } = report.latency;
  if (p50 !== null && p95 !== null && max !== null) {
    const text = `half within ${sayDuration(p50 * 1000)}, 95 % within ${sayDuration(p95 * 1000)}, longest ${sayDuration(max * 1000)}`;
    blocks.push({ type: 'text', text: [{ text: 'Delivery: ', style: 'bold' }, { text }] });
  }
  return blocks;
}

/** What tells failing attempts from working ones, or that nothing does (src/analysis/trace/concentration.ts). */
function concentrationBlocks({ concentration, errors }: TraceReport): CardBlock[] {
  if (concentration === null) return [];
  const { dimension, value, verdict } = concentration;
  if (verdict === 'spread') {
    return [{ type: 'text', text: 'The failures are spread: no server, subnet, target or connector stands out.' }];
  }
  const likely =
    LIKELY[errors[0]?.errorType === 'UnableToConnect' && dimension === 'sendingServer' ? 'sourceSubnet' : dimension];
  const what = dimension.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return [
    {
      type: 'text',
      text: [
        { text: `It depends on the ${what}:`, style: 'bold' },
        { text: ` ${verdict}.` },
        ...(likely === undefined ? [] : [{ text: `\n→ Most likely ${likely}.` }]),
        ...(value === '' ? [] : [{ text: `\nFailing: ${value}`, style: 'muted' as const }]),
      ],
    },
  ];
}

function actionsOf(top: TraceError | undefined, runbooks: readonly RunbookLink[]): CardAction[] {
  if (top === undefined) return [];
  const ip = top.ips[0];
  const probe: CardAction[] =
    ip !== undefined && /^[0-9a-f.:]{2,45}$/i.test(ip)
      ? [{ type: 'run', label: 'Probe the target', line: `/probe ${ip}`, where: 'thread' }]
      : [];
  return [...runbookAction(top.errorType, runbooks), ...probe];
}

function bar(done: number): string {
  const full = Math.round(done * 20);
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
