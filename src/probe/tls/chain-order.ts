import type { X509Certificate } from 'node:crypto';
import { LIMITS } from '../limits.ts';
import { printable } from '../session/smtp-reply.ts';

/**
 * What is odd about the certificates as they were sent: RFC 5246 7.4.2 wants the leaf first and each one signed by the
 * next. Whole sentences; a chain in good order has none. `rootCounts`: the root is not superfluous, because TLSA records
 * may name it (RFC 7671 5.2.1).
 */
export function chainOrderNotes(sent: readonly X509Certificate[], rootCounts: boolean): string[] {
  const chain = sent.slice(0, LIMITS.chain);
  if (chain.length < 2) return [];
  const path = pathFrom(chain);
  const extra = chain.filter((_, at) => !path.includes(at));
  const root = chain[path.at(-1) ?? 0];
  return [
    path.every((at, step) => step === 0 || at > (path[step - 1] ?? 0))
      ? undefined
      : 'The server sends its certificates out of order; some senders then do not find the chain (RFC 5246 7.4.2).',
    extra.length === 0
      ? undefined
      : `The server sends certificates that do not belong to the chain: ${namesOf(extra)}.`,
    !rootCounts && path.length > 1 && root?.checkIssued(root) === true
      ? 'The server also sends the root certificate, which nobody needs from it.'
      : undefined,
  ].filter((note) => note !== undefined);
}

/** Positions on the way from the leaf upwards. */
function pathFrom(chain: readonly X509Certificate[]): number[] {
  const path = [0];
  for (;;) {
    const last = chain[path.at(-1) ?? 0];
    const next = chain.findIndex((one, at) => !path.includes(at) && last?.checkIssued(one) === true);
    if (next < 0) return path;
    path.push(next);
  }
}

function namesOf(certificates: readonly X509Certificate[]): string {
  const names = certificates
    .slice(0, 3)
    // Node gives undefined for an empty subject (RFC 5280 4.1.2.6), whatever its types say.
    .map(({ subject }) => printable(String(subject ?? '').replaceAll('\n', ', ')).slice(0, 100) || 'no name');
  const more = certificates.length - names.length;
  return more > 0 ? `${names.join('; ')} and ${more} more` : names.join('; ');
}
