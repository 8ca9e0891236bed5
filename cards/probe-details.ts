import type { ProbeAttempt, ProbeCertificate, ProbeReport } from '../src/probe/report.ts';
import type { CardBlock, CardDetail } from './card.ts';
import { pathsOf, roundsTable } from './probe-rounds.ts';
import { pathLabel, stageRow } from './probe-stages.ts';
import { sayProtocol } from './probe-tls.ts';
import { trustFacts } from './probe-trust.ts';
import { sayDay } from './say.ts';

/** Replies whose times are listed; a longer conversation is in the transcript. */
const MAX_REPLIES = 40;

/** What folds away under a probe: the conversation, the certificate, every round or address. */
export function probeDetails(report: ProbeReport, shownRows: number): CardDetail[] {
  const details: CardDetail[] = [];
  const spoken = toldApart(report).filter((attempt) => attempt.transcript.length > 0);
  if (spoken.length > 0) {
    const blocks = [...spoken.flatMap(transcriptBlocks), ...replyTimes(spoken)];
    details.push({ id: 'transcript', title: 'Transcript', blocks });
  }
  const certificates = uniqueCertificates(report.attempts);
  if (certificates.length > 0) {
    details.push({ id: 'certificate', title: 'Certificate', blocks: certificates.flatMap(certificateBlocks) });
  }
  if (report.rounds.total > 1) {
    details.push({ id: 'rounds', title: 'Every round', blocks: [roundsTable(report.attempts)] });
  } else if (report.attempts.length > shownRows) {
    const rows = report.attempts.map((attempt) => stageRow(attempt, false));
    details.push({ id: 'addresses', title: 'Every address tried', blocks: [{ type: 'stages', rows }] });
  }
  return details;
}

/** Of several rounds the one that tells most at each address and, to compare, the last that worked. */
function toldApart({ attempts, rounds }: ProbeReport): ProbeAttempt[] {
  if (rounds.total < 2) return attempts;
  return pathsOf(attempts).flatMap((path) => {
    const good = path.attempts.findLast(({ verdict }) => verdict === 'ok');
    return good === undefined || good === path.telling ? [path.telling] : [path.telling, good];
  });
}

function transcriptBlocks(attempt: ProbeAttempt): CardBlock[] {
  const lines = attempt.transcript.map(({ at, dir, text }) => `${String(Math.round(at)).padStart(6)} ${dir} ${text}`);
  const where = [attempt.host, attempt.ip].filter((part) => part !== null).join(' ');
  const notes: CardBlock[] = attempt.notes.map((note) => ({ type: 'text', text: note }));
  return [
    { type: 'code', caption: `${where} port ${attempt.port}, milliseconds since the start`, text: lines.join('\n') },
    ...notes,
  ];
}

/** When each reply came: a slow first byte is a server that thinks, a slow last byte one that stutters. */
function replyTimes(attempts: readonly ProbeAttempt[]): CardBlock[] {
  const several = attempts.length > 1;
  const rows = attempts.flatMap(({ host, ip, replies }) =>
    replies.map(({ stage, code, firstByteMs, lastByteMs }) => [
      ...(several ? [ip ?? host] : []),
      stage,
      code,
      milliseconds(firstByteMs),
      milliseconds(lastByteMs),
    ]),
  );
  if (rows.length === 0) return [];
  const caption =
    rows.length > MAX_REPLIES ? `Replies, the first ${MAX_REPLIES} of ${rows.length}` : 'Replies, ms after the command';
  const columns = [...(several ? ['Address'] : []), 'Stage', 'Code', 'First byte', 'Last byte'];
  return [{ type: 'table', caption, columns, rows: rows.slice(0, MAX_REPLIES) }];
}

function milliseconds(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
}

function uniqueCertificates(attempts: ProbeAttempt[]): { attempt: ProbeAttempt; certificate: ProbeCertificate }[] {
  const seen = new Set<string>();
  return attempts.flatMap((attempt) => {
    const { certificate, tls } = attempt;
    const leaf = certificate?.chain[0]?.sha256 ?? certificate?.subject;
    // One certificate can please at one host name and not at another.
    const key = `${leaf} ${tls.trust.map(({ state }) => state).join()}`;
    if (certificate === null || leaf === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ attempt, certificate }];
  });
}

function certificateBlocks(shown: { attempt: ProbeAttempt; certificate: ProbeCertificate }): CardBlock[] {
  const { attempt, certificate } = shown;
  const { tls } = attempt;
  return [
    ...trustFacts(attempt),
    {
      type: 'facts',
      facts: [
        { label: 'Shown by', value: pathLabel(attempt.host, attempt.ip, attempt.port) },
        { label: 'Subject', value: certificate.subject },
        { label: 'Names', value: certificate.altNames.join(', ') || 'none' },
        { label: 'Issuer', value: certificate.issuer },
        { label: 'Valid', value: `${sayDay(certificate.validFrom)} to ${sayDay(certificate.validTo)} UTC` },
        { label: 'TLS', value: [sayProtocol(tls.protocol ?? ''), tls.cipher ?? ''].join(' ').trim() || '–' },
      ],
    },
    {
      type: 'table',
      caption: 'Chain as sent, leaf first',
      columns: ['Subject', 'Issuer', 'Valid to', 'Bits', 'SHA-256'],
      rows: certificate.chain.map((link) => [
        link.subject,
        link.issuer,
        sayDay(link.validTo),
        link.bits === null ? '–' : String(link.bits),
        link.sha256.replaceAll(':', '').slice(0, 16),
      ]),
    },
  ];
}
