import type { TimelineEvent, TraceError, TraceReport } from '../src/analysis/trace/report.ts';
import type { CardBlock, CardDetail } from './card.ts';
import { sayCount, sayDuration } from './say.ts';

/** Errors that are read at once; the others fold away. */
const ERRORS = 5;

/** The most frequent errors with the reply and where they were seen. */
export function errorsTable(errors: TraceError[]): CardBlock[] {
  if (errors.length === 0) return [];
  const shown = errors.slice(0, ERRORS);
  const caption = errors.length > ERRORS ? { caption: `${ERRORS} of ${errors.length} errors` } : {};
  return [
    {
      type: 'table',
      columns: ['Count', 'Error', 'Reply', 'Where'],
      rows: shown.map((error) => [
        sayCount(error.count),
        `${error.errorType} ${error.cause}`,
        [error.code, error.enhanced].filter((part) => part !== null).join(' ') || error.example,
        whereOf(error),
      ]),
      ...caption,
    },
  ];
}

/** The events of one message. */
export function timelineTable(timeline: TimelineEvent[]): CardBlock[] {
  if (timeline.length === 0) return [];
  return [
    {
      type: 'table',
      caption: 'Timeline',
      columns: ['Time (UTC)', 'Event', 'Server', 'Detail'],
      rows: timeline.map((event) => [
        event.at.replace('T', ' ').replace(/(\.\d{3})?Z$/, ''),
        [event.event, event.source].filter((part) => part !== '').join(' '),
        event.server || event.client,
        [event.errorType ?? '', event.detail, event.recipient].filter((part) => part !== '').join(' · '),
      ]),
    },
  ];
}

/** Queues with what holds them up. */
export function queuesTable(queues: TraceReport['queues']): CardBlock[] {
  if (queues.length === 0) return [];
  const rows = [...queues]
    .sort((a, b) => b.messageCount - a.messageCount)
    .map((queue) => [queue.identity, queue.status, sayCount(queue.messageCount), queue.lastError ?? '–']);
  return [{ type: 'table', caption: 'Queues', columns: ['Queue', 'Status', 'Messages', 'Last error'], rows }];
}

/** What folds away under a trace: every error with an example, the files, the time each step took, unreadable rows. */
export function traceDetails(report: TraceReport): CardDetail[] {
  const details: CardDetail[] = [];
  if (report.errors.length > 0) {
    details.push({ id: 'errors', title: 'Errors in full', blocks: report.errors.flatMap(errorBlocks) });
  }
  const files = report.files.map(({ name, format, encoding, rows, skipped }) => [
    name,
    format,
    encoding,
    sayCount(rows),
    sayCount(skipped),
  ]);
  details.push({
    id: 'files',
    title: 'Files',
    blocks: [{ type: 'table', columns: ['File', 'Format', 'Encoding', 'Rows', 'Skipped'], rows: files }],
  });
  if (report.latency.byStage.length > 0) {
    const rows = report.latency.byStage.map(({ stage, p50, p95, max }) => [stage, ...[p50, p95, max].map(seconds)]);
    const columns = ['Step', 'Half within', '95 % within', 'Longest'];
    details.push({ id: 'latency', title: 'Time by step', blocks: [{ type: 'table', columns, rows }] });
  }
  if (report.problems.length > 0) {
    const rows = report.problems.map(({ file, line, reason }) => [file, String(line), reason]);
    const columns = ['File', 'Line', 'Reason'];
    details.push({ id: 'problems', title: 'Unreadable rows', blocks: [{ type: 'table', columns, rows }] });
  }
  return details;
}

function errorBlocks(error: TraceError): CardBlock[] {
  const names = (list: TraceError['servers']) => list.slice(0, 10).join(', ') || '–';
  return [
    {
      type: 'facts',
      facts: [
        {
          label: 'Error',
          value: `${error.errorType} ${error.cause}, ${sayCount(error.count)} times, owner ${error.owner}`,
        },
        { label: 'Servers', value: names(error.servers) },
        { label: 'Addresses', value: names(error.ips) },
        { label: 'Connectors', value: names(error.connectors) },
        { label: 'From, to', value: `${error.first ?? 'not known'} to ${error.last ?? 'not known'}` },
      ],
    },
    { type: 'code', text: error.example || '–' },
  ];
}

function whereOf(error: TraceError): string {
  const first = error.connectors[0] ?? error.ips[0] ?? error.servers[0];
  if (first === undefined) return '–';
  const servers = error.servers.length;
  return servers > 1 ? `${first}, from ${servers} servers` : first;
}

function seconds(value: number): string {
  return sayDuration(value * 1000);
}
