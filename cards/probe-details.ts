import type { ProbeAttempt, ProbeCertificate, ProbeReport } from '../src/probe/report.ts';
import type { CardBlock, CardDetail } from './card.ts';
import { stageRow } from './probe-stages.ts';
import { sayDay } from './say.ts';

/** What folds away under a probe: the conversation, the certificate, every address. */
export function probeDetails(report: ProbeReport, shownRows: number): CardDetail[] {
  const details: CardDetail[] = [];
  const spoken = report.attempts.filter((attempt) => attempt.transcript.length > 0);
  if (spoken.length > 0) {
    details.push({ id: 'transcript', title: 'Transcript', blocks: spoken.flatMap(transcriptBlocks) });
  }
  const certificates = uniqueCertificates(report.attempts);
  if (certificates.length > 0) {
    details.push({ id: 'certificate', title: 'Certificate', blocks: certificates.flatMap(certificateBlocks) });
  }
  if (report.attempts.length > shownRows) {
    const rows = report.attempts.map((attempt) => stageRow(attempt, false));
    details.push({ id: 'addresses', title: 'Every address tried', blocks: [{ type: 'stages', rows }] });
  }
  return details;
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

function uniqueCertificates(attempts: ProbeAttempt[]): { host: string; certificate: ProbeCertificate }[] {
  const seen = new Set<string>();
  return attempts.flatMap(({ host, certificate }) => {
    const key = certificate?.chain[0]?.sha256 ?? certificate?.subject;
    if (certificate === null || key === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ host, certificate }];
  });
}

function certificateBlocks({ host, certificate }: { host: string; certificate: ProbeCertificate }): CardBlock[] {
  return [
    {
      type: 'facts',
      facts: [
        { label: 'Shown by', value: host },
        { label: 'Subject', value: certificate.subject },
        { label: 'Names', value: certificate.altNames.join(', ') || 'none' },
        { label: 'Issuer', value: certificate.issuer },
        { label: 'Valid', value: `${sayDay(certificate.validFrom)} to ${sayDay(certificate.validTo)} UTC` },
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
