import type { PeerReport } from '../src/peer/report.ts';
import type { Card, CardBlock, CardState } from './card.ts';
import { sayHeadline } from './say.ts';

const SIGN = { ok: '✓', info: '•', warning: '⚠', error: '✗' };

/** The answer of a peer look-up: what was found first, then the records. */
export function peerCard(report: PeerReport): Card {
  const [title, rest] = sayHeadline(report.target, report.summary);
  return {
    kind: 'peer',
    state: stateOf(report),
    title,
    meta: report.kind === 'ip' ? 'address' : report.kind,
    blocks: [...findingBlocks(report, rest), ...recordBlocks(report)],
    actions: [
      { type: 'run', label: 'Probe it', line: `/probe ${report.target}`, where: 'thread', primary: true },
      { type: 'run', label: 'Look up again', line: `/peer ${report.target}`, where: 'edit' },
    ],
  };
}

function stateOf({ findings }: PeerReport): CardState {
  if (findings.some((finding) => finding.severity === 'error')) return 'failed';
  return findings.some((finding) => finding.severity === 'warning') ? 'degraded' : 'ok';
}

/** Every finding but the one that is the title already. */
function findingBlocks({ findings, summary }: PeerReport, rest: string): CardBlock[] {
  const others = findings
    .filter(({ text }) => text !== summary)
    .map(({ severity, text }) => `${SIGN[severity]} ${text}`);
  const lines = [...(rest === '' ? [] : [rest]), ...others];
  return lines.length === 0 ? [] : [{ type: 'text', text: lines.join('\n') }];
}

function recordBlocks(report: PeerReport): CardBlock[] {
  const blocks: CardBlock[] = [];
  if (report.mx.length > 0) {
    blocks.push({
      type: 'table',
      columns: ['Preference', 'MX host', 'Addresses'],
      rows: report.mx.map((mx) => [String(mx.preference), mx.host || '. (null MX)', mx.addresses.join(', ') || 'none']),
    });
  }
  if (report.ptr.length > 0) {
    blocks.push({
      type: 'table',
      caption: 'Reverse names',
      columns: ['Address', 'PTR', 'Resolves back'],
      rows: report.ptr.map(({ ip, names, confirmed }) => [
        ip,
        names.join(', ') || 'none',
        confirmed ? '✓ yes' : '✗ no',
      ]),
    });
  } else if (report.mx.length === 0 && report.addresses.length > 0) {
    blocks.push({ type: 'facts', facts: [{ label: 'Addresses', value: report.addresses.join(', ') }] });
  }
  return blocks;
}
