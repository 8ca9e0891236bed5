import { isIP } from 'node:net';
import type { ProbeAttempt, ProbeReport } from '../src/probe/report.ts';
import type { ErrorType } from '../src/vocabulary.ts';
import type { CardAction, CardDetail } from './card.ts';
import { pathsOf } from './probe-rounds.ts';
import { runbookAction } from './runbook-action.ts';
import { bareName } from './say.ts';

/** Trouble that the list of TLS versions helps to explain. */
const TLS_TROUBLE = new Set<ErrorType | null>(['TlsNotOffered', 'TlsHandshakeFailure', 'CertificateFailure']);

/** A reply is handed to /diagnose up to so many characters: a button's value has an end, and the first words decide. */
const MAX_REPLY = 700;

/** What the actions of a probe follow from. */
export interface ProbeActionFacts {
  report: ProbeReport;
  /** The command line that repeats the probe. */
  line: string;
  /** The attempt that tells most. */
  worst: ProbeAttempt | undefined;
  /** The folds of the card. */
  details: readonly CardDetail[];
  /** Mailboxes that a message may be delivered to. */
  mailboxes: readonly string[];
}

/**
 * What can be done next: again, the runbook, what goes further than this probe did, the peer, the reply explained, and
 * the transcript to keep.
 */
export function probeActions({ report, line, worst, details, mailboxes }: ProbeActionFacts): CardAction[] {
  const peer = peerOf(report);
  return [
    run('Probe again', line, { where: 'edit', primary: true }),
    ...runbookAction(report.errorType, report.runbooks),
    ...allAddresses(report, line),
    ...deeper(report, line, mailboxes),
    ...(peer === undefined ? [] : [run('Peer', `/peer ${peer}`)]),
    ...diagnoseReply(worst),
    ...fold(details, { type: 'detail', label: 'Transcript as file', detail: 'transcript', as: 'file' }),
    ...fold(details, { type: 'detail', label: 'Find it in the logs', detail: 'search' }),
  ];
}

function run(label: string, line: string, over: Partial<CardAction & { type: 'run' }> = {}): CardAction {
  return { type: 'run', label, line, where: 'thread', ...over };
}

function fold(details: readonly CardDetail[], action: CardAction & { type: 'detail' }): CardAction[] {
  return details.some(({ id }) => id === action.detail) ? [action] : [];
}

/** An address that was given is the only one there is; where several were tried, the first had failed and all were. */
function allAddresses({ target, attempts }: ProbeReport, line: string): CardAction[] {
  if (has(line, 'all') || has(line, 'host') || isIP(bareName(target)) !== 0) return [];
  if (pathsOf(attempts).length !== 1) return [];
  return [run('All addresses', `${line} --all`, { where: 'edit' })];
}

/** One step further than this probe went, where the way is open; the TLS versions where TLS is the trouble. */
function deeper(report: ProbeReport, line: string, mailboxes: readonly string[]): CardAction[] {
  const depth = depthOf(report, line);
  if (TLS_TROUBLE.has(report.errorType)) return tlsScan(line);
  if (report.verdict === 'failed') return [];
  switch (depth) {
    case 'connect':
      return [run('Deeper: TLS', withDepth(line, 'tls'), { where: 'edit' })];
    case 'tls':
      return [run('Deeper: recipient', withDepth(line, 'rcpt'), { where: 'edit' }), ...tlsScan(line)];
    case 'rcpt':
      return [...deliver(report, line, mailboxes), ...tlsScan(line)];
    default:
      return tlsScan(line);
  }
}

function tlsScan(line: string): CardAction[] {
  if (has(line, 'tls-scan') || /\s--tls[ =]off(\s|$)/.test(line)) return [];
  return [run('TLS versions', `${line} --tls-scan`, { where: 'edit' })];
}

function deliver({ target }: ProbeReport, line: string, mailboxes: readonly string[]): CardAction[] {
  const to = (/\s--to[ =](\S+)/.exec(line)?.[1] ?? target).toLowerCase();
  if (!mailboxes.some((mailbox) => mailbox.toLowerCase() === to)) return [];
  const confirm = `This delivers one test message to ${to}.`;
  return [run('Deeper: deliver', withDepth(line, 'submit'), { where: 'edit', confirm })];
}

function depthOf({ target }: ProbeReport, line: string): string {
  const given = /\s--depth[ =](connect|tls|rcpt|submit)(?=\s|$)/.exec(line)?.[1];
  return given ?? (target.includes('@') || has(line, 'to') ? 'rcpt' : 'tls');
}

function withDepth(line: string, depth: string): string {
  return `${line.replace(/\s--depth[ =]\S+/g, '')} --depth ${depth}`;
}

function has(line: string, option: string): boolean {
  return line.split(/\s/).some((word) => word === `--${option}` || word.startsWith(`--${option}=`));
}

/** The words of a refusal, explained. They begin with the code, so that none of them is read as an option. */
function diagnoseReply(worst: ProbeAttempt | undefined): CardAction[] {
  const reply = worst?.verdict === 'ok' ? null : (worst?.lastReply ?? null);
  if (reply === null || !/^[45]\d\d$/.test(reply.code ?? '')) return [];
  const words = [reply.code, reply.enhanced, reply.text].filter((part) => part !== null).join(' ');
  const flat = words.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return [run('Diagnose the reply', `/diagnose ${Array.from(flat).slice(0, MAX_REPLY).join('')}`)];
}

/** The name or address to look up: the target without mailbox and port. */
function peerOf(report: ProbeReport): string | undefined {
  const host = bareName(report.target);
  return /^[\p{L}\p{N}.:_-]{1,255}$/u.test(host) ? host : undefined;
}
