import type { ProbeAttempt, ProbeReport } from '../src/probe/report.ts';
import type { ErrorType } from '../src/vocabulary.ts';
import type { Card, CardBlock, Text } from './card.ts';
import { maskCard } from './mask.ts';
import { ownerLine, sendersSee } from './owner-line.ts';
import { probeActions } from './probe-actions.ts';
import { probeDetails } from './probe-details.ts';
import { changesLine } from './probe-last-good.ts';
import { type Path, pathRow, pathsOf } from './probe-rounds.ts';
import { searchDetail } from './probe-search.ts';
import { scanBlocks, tlsLine } from './probe-tls.ts';
import { refusalSentence } from './probe-trust.ts';
import { sayDuration, sayHeadline, sayTime } from './say.ts';
import { foldSteps } from './steps.ts';

/** How a probe's answer is shown. */
export interface ProbeCardOptions {
  /** The command line that repeats the probe. */
  line: string;
  /** `shared`: addresses are masked. */
  audience?: 'shared' | 'private';
  /** Mailboxes that a message may be delivered to. */
  mailboxes?: readonly string[];
}

/** Rows that are read at once; the other addresses fold away. */
const ROWS = 6;

/** The answer of a probe: state, whose it is, what to do, each address with its stages, what changed. */
export function probeCard(report: ProbeReport, { line, audience, mailboxes = [] }: ProbeCardOptions): Card {
  const attempts = [...report.attempts].sort((a, b) => rank(a) - rank(b));
  // The answer is the fault of one attempt, not always of the first that failed.
  const worst = attempts.find((one) => isFaultOf(report, one)) ?? attempts[0];
  const folded = foldSteps(report.mitigation);
  const details = [...folded.more, ...probeDetails(report, ROWS)];
  const search = searchDetail(report);
  const [title, rest] = sayHeadline(report.target, summaryOf(report));
  const footer = changesLine(report);
  const refused = refusalSentence(attempts);
  const card: Card = {
    kind: 'probe',
    state: report.verdict,
    title,
    meta: metaOf(report),
    ...ownerOf(report, worst, refused),
    steps: folded.steps,
    blocks: [
      ...(rest === '' ? [] : [textBlock(rest)]),
      ...(report.control === null ? [] : [textBlock(report.control.words)]),
      ...rowsOf(pathsOf(report.attempts)),
      ...(report.correlation === null ? [] : [textBlock(named('Pattern: ', report.correlation.words))]),
      ...lastReply(takenBy(report) ?? (worst?.verdict === 'ok' ? undefined : worst), summaryOf(report)),
      ...notesOf(report),
      ...(refused === undefined || isOfCertificate(report) ? [] : [textBlock(named('Certificate: ', refused))]),
      ...tlsLine(report),
      ...scanBlocks(report.attempts, /\s--tls-scan(?=\s|$)/.test(line)),
    ],
    details,
    actions: probeActions({ report, line, worst, details: [...details, ...search], mailboxes }),
    ...(footer === undefined ? {} : { footer }),
  };
  const shown = audience === 'shared' ? maskCard(card) : card;
  return { ...shown, details: [...(shown.details ?? []), ...search] };
}

function textBlock(text: Text): CardBlock {
  return { type: 'text', text };
}

function named(name: string, words: string): Text {
  return [{ text: name, style: 'bold' }, { text: words }];
}

function rank(attempt: ProbeAttempt): number {
  return attempt.verdict === 'failed' ? 0 : attempt.verdict === 'degraded' ? 1 : 2;
}

function isFaultOf({ errorType, cause }: ProbeReport, attempt: ProbeAttempt): boolean {
  return attempt.verdict !== 'ok' && attempt.errorType === errorType && attempt.cause === cause;
}

/** What goes along with the failures has a line of its own, and so has the reply to a message that was taken. */
function summaryOf(report: ProbeReport): string {
  const { summary, correlation } = report;
  const short = correlation === null ? summary : summary.replace(correlation.words, '').trim();
  const at = short.indexOf(`: ${takenBy(report)?.lastReply?.code} `);
  return at < 0 ? short : short.slice(0, at);
}

/** The attempt whose message was taken, where that is the answer: its reply names the message in the peer's logs. */
function takenBy({ verdict, search, attempts }: ProbeReport): ProbeAttempt | undefined {
  return verdict === 'ok' && search.messageId !== null
    ? attempts.find(({ lastReply }) => lastReply !== null)
    : undefined;
}

function metaOf(report: ProbeReport): string {
  const kind =
    report.errorType === null ? [] : [`${report.errorType}${report.cause === null ? '' : ` ${report.cause}`}`];
  return [...kind, sayTime(report.startedAt), sayDuration(report.durationMs)].join(' · ');
}

/** Whose it is, and who is refused: by the certificate where that is the trouble, else by the error type. */
function ownerOf(
  report: ProbeReport,
  worst: ProbeAttempt | undefined,
  refused: string | undefined,
): Pick<Card, 'owner'> {
  if (report.errorType === null) return {};
  // Whether mail flows when TLS breaks off is up to each sender: its own sentence says so.
  const split = report.errorType === 'TlsHandshakeFailure' && !partly(report, worst);
  const works = report.verdict === 'degraded' && !split ? 'Mail still flows. ' : '';
  const general = sendersSee(report.errorType, report.cause, worst?.lastReply?.code ?? null);
  const consequence = isOfCertificate(report) ? (refused ?? general) : partly(report, worst) ? ELSEWHERE : general;
  return { owner: ownerLine(report.owner, `${works}${consequence}`) };
}

const ELSEWHERE = 'Senders that meet the fault try another address or retry: mail is late, not lost.';

/** One address fails where others work. */
function partly({ verdict, attempts }: ProbeReport, worst: ProbeAttempt | undefined): boolean {
  return verdict === 'degraded' && worst?.verdict === 'failed' && attempts.some((one) => one.verdict !== 'failed');
}

function isOfCertificate({ errorType }: ProbeReport): boolean {
  return errorType === 'CertificateFailure';
}

/** The failing addresses always show; those that work fill the rest. */
function rowsOf(paths: Path[]): CardBlock[] {
  const worst = [...paths].sort((a, b) => rank(a.telling) - rank(b.telling));
  const shown = new Set(worst.slice(0, ROWS));
  const several = paths.length > 1;
  const rows = paths.filter((path) => shown.has(path)).map((path) => pathRow(path, several));
  if (rows.length === 0) return [];
  const hidden = paths.length - rows.length;
  const more = `${hidden} of ${paths.length} addresses are folded away.`;
  return [{ type: 'stages', rows }, ...(hidden > 0 ? [textBlock([{ text: more, style: 'muted' }])] : [])];
}

/** Trouble that no reply tells of: the last one before it was fine and says nothing. */
const SILENT = new Set<ErrorType | null>(['CertificateFailure', 'TlsHandshakeFailure', 'TlsNotOffered', 'DnsFailure']);

/** The words that the answer rests on, where a reply was the trouble or the last sign of life; not twice. */
function lastReply(worst: ProbeAttempt | undefined, summary: string): CardBlock[] {
  if (worst === undefined || worst.lastReply === null) return [];
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
  // "Besides" is for those who read a note by itself.
  const said = notes
    .slice(0, 5)
    .map((note) => note.replace(/^Besides: (.)/u, (_, first: string) => first.toUpperCase()));
  return [textBlock(named('Noticed: ', said.join(' · ')))];
}
