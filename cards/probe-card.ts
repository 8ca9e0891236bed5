import type { ProbeAttempt, ProbeReport } from '../src/probe/report.ts';
import type { ErrorType } from '../src/vocabulary.ts';
import type { Card, CardAction, CardBlock, StageRow, Text } from './card.ts';
import { maskCard } from './mask.ts';
import { ownerLine, sendersSee } from './owner-line.ts';
import { probeDetails } from './probe-details.ts';
import { stageRow } from './probe-stages.ts';
import { runbookAction } from './runbook-action.ts';
import { bareName, sayDay, sayDuration, sayHeadline, sayTime } from './say.ts';
import { foldSteps } from './steps.ts';

/** How a probe's answer is shown. */
export interface ProbeCardOptions {
  /** The command line that repeats the probe. */
  line: string;
  /** `shared`: addresses are masked. */
  audience?: 'shared' | 'private';
}

/** Rows that are read at once; the other addresses fold away. */
const ROWS = 6;

/** The answer of a probe: state, whose it is, what to do, each address with its stages. */
export function probeCard(report: ProbeReport, options: ProbeCardOptions): Card {
  const worst = [...report.attempts].sort((a, b) => rank(a) - rank(b));
  const folded = foldSteps(report.mitigation);
  const details = [...folded.more, ...probeDetails(report, ROWS)];
  const [title, rest] = sayHeadline(report.target, report.summary);
  const card: Card = {
    kind: 'probe',
    state: report.verdict,
    title,
    meta: metaOf(report),
    ...ownerOf(report, worst[0]),
    steps: folded.steps,
    blocks: [
      ...(rest === '' ? [] : [textBlock(rest)]),
      ...rowsOf(report, worst),
      ...lastReply(worst[0], report.summary),
      ...notesOf(report),
      ...tlsFacts(report),
    ],
    details,
    actions: actionsOf(report, options.line),
  };
  return options.audience === 'shared' ? maskCard(card) : card;
}

/** A probe that runs: the same rows, its stages turning. Shape of src/probe/progress.ts. */
export function probeProgressCard(
  progress: {
    target: string;
    attempts: readonly {
      host: string;
      ip: string | null;
      stages: readonly { name: string; ms?: number; state: 'ok' | 'failed' | 'degraded' | 'running' }[];
    }[];
  },
  _options: { line: string },
): Card {
  const rows: StageRow[] = progress.attempts.map(({ host, ip, stages }) => ({
    label: ip === null || ip === host ? host : `${host}  ${ip}`,
    stages: stages.map((stage) => ({ ...stage })),
  }));
  const first: StageRow = { label: progress.target, stages: [{ name: 'dns', state: 'running' }] };
  return maskCard({
    kind: 'probe',
    state: 'running',
    title: `Probing ${progress.target}`,
    blocks: [{ type: 'stages', rows: rows.length === 0 ? [first] : rows.slice(-ROWS) }],
    actions: [{ type: 'cancel', label: 'Cancel', primary: true }],
  });
}

function textBlock(text: Text): CardBlock {
  return { type: 'text', text };
}

function rank(attempt: ProbeAttempt): number {
  return attempt.verdict === 'failed' ? 0 : attempt.verdict === 'degraded' ? 1 : 2;
}

function metaOf(report: ProbeReport): string {
  const kind =
    report.errorType === null ? [] : [`${report.errorType}${report.cause === null ? '' : ` ${report.cause}`}`];
  return [...kind, sayTime(report.startedAt), sayDuration(report.durationMs)].join(' · ');
}

function ownerOf(report: ProbeReport, worst: ProbeAttempt | undefined): Pick<Card, 'owner'> {
  if (report.errorType === null) return {};
  const works = report.verdict === 'degraded' ? 'Mail still flows. ' : '';
  const consequence = sendersSee(report.errorType, report.cause, worst?.lastReply?.code ?? null);
  return { owner: ownerLine(report.owner, `${works}${consequence}`) };
}

/** The failing addresses always show; those that work fill the rest. */
function rowsOf(report: ProbeReport, worst: ProbeAttempt[]): CardBlock[] {
  const shown = new Set(worst.slice(0, ROWS));
  const short = report.attempts.length > 1;
  const rows = report.attempts.filter((attempt) => shown.has(attempt)).map((attempt) => stageRow(attempt, short));
  if (rows.length === 0) return [];
  const hidden = report.attempts.length - rows.length;
  const more = `${hidden} of ${report.attempts.length} addresses are folded away.`;
  return [{ type: 'stages', rows }, ...(hidden > 0 ? [textBlock([{ text: more, style: 'muted' }])] : [])];
}

/** Trouble that no reply tells of: the last one before it was fine and says nothing. */
const SILENT = new Set<ErrorType | null>(['CertificateFailure', 'TlsHandshakeFailure', 'TlsNotOffered', 'DnsFailure']);

/** The words that the answer rests on, where a reply was the trouble or the last sign of life; not twice. */
function lastReply(worst: ProbeAttempt | undefined, summary: string): CardBlock[] {
  if (worst === undefined || worst.verdict === 'ok' || worst.lastReply === null) return [];
  if (SILENT.has(worst.errorType) && !/^[45]/.test(worst.lastReply.code ?? '')) return [];
  const { code, enhanced, text } = worst.lastReply;
  const words = [code, enhanced, text].filter((part) => part !== null && part !== '').join(' ');
  const flat = (each: string) => each.replace(/\s+/g, ' ').trim();
  if (text !== '' && flat(summary).includes(flat(text))) return [];
  return words === '' ? [] : [{ type: 'code', caption: `Last reply of ${worst.host}`, text: words }];
}

function notesOf(report: ProbeReport): CardBlock[] {
  const notes = [...new Set(report.attempts.flatMap((attempt) => attempt.notes))];
  if (notes.length === 0) return [];
  return [{ type: 'text', text: [{ text: 'Noticed: ', style: 'bold' }, { text: notes.slice(0, 5).join(' · ') }] }];
}

/** TLS and certificate in one line, where both were reached and are not the trouble themselves. */
function tlsFacts(report: ProbeReport): CardBlock[] {
  const attempt = report.attempts.find(({ tls }) => tls.protocol !== null);
  if (attempt === undefined || attempt.tls.protocol === null) return [];
  const { certificate, tls } = attempt;
  const parts = [tls.protocol, tls.cipher ?? '', tls.dane ?? '', tls.mtaSts ?? ''].filter((part) => part !== '');
  if (certificate !== null) parts.push(`certificate ${certificate.subject} until ${sayDay(certificate.validTo)}`);
  return [{ type: 'text', text: [{ text: 'TLS: ', style: 'bold' }, { text: parts.join(' · ') }] }];
}

function actionsOf(report: ProbeReport, line: string): CardAction[] {
  const peer = peerOf(report);
  return [
    { type: 'run', label: 'Probe again', line, where: 'edit', primary: true },
    ...runbookAction(report.errorType, report.runbooks),
    ...(/(^|\s)--all(\s|$)/.test(line)
      ? []
      : [{ type: 'run', label: 'All addresses', line: `${line} --all`, where: 'edit' } satisfies CardAction]),
    ...(peer === undefined
      ? []
      : [{ type: 'run', label: 'Peer', line: `/peer ${peer}`, where: 'thread' } satisfies CardAction]),
  ];
}

/** The name or address to look up: the target without mailbox and port. */
function peerOf(report: ProbeReport): string | undefined {
  const host = bareName(report.target);
  return /^[\p{L}\p{N}.:_-]{1,255}$/u.test(host) ? host : undefined;
}
