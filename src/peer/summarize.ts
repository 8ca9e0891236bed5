import type { PeerReport } from './report.ts';

/** The answer in one sentence: the worst finding, or what the peer is. */
export function summarize({ target, kind, mx, addresses, findings, pending }: PeerReport): string {
  const worst = findings[0];
  if (worst?.severity === 'error' || worst?.severity === 'warning') return worst.text;
  if (pending.includes('mx')) return `Looking up ${target}.`;
  if (kind === 'ip') return worst?.text ?? `Nothing is known about ${target}.`;
  const count = `${addresses.length} ${addresses.length === 1 ? 'address' : 'addresses'}`;
  if (kind === 'host') return `${target} has ${count} and no MX record.`;
  return `${target} has ${mx.length} MX ${mx.length === 1 ? 'host' : 'hosts'} with ${count}.`;
}
