import type { AttemptRecord } from '../attempt/attempt-record.ts';
import { capability, isMasked } from '../attempt/greet.ts';

/** Compares what was offered before TLS with what is offered inside (RFC 3207 4.2: the server may well offer other things). */
export function noteCapabilityChange(record: AttemptRecord): void {
  const before = record.capabilitiesBeforeTls;
  const inside = record.capabilities;
  // After HELO there is nothing to compare.
  if (before === null || inside.length === 0) return;
  if (capability(inside, 'STARTTLS') !== undefined) {
    record.notes.add('The server offers STARTTLS again inside TLS, which RFC 3207 4.2 forbids.');
  }
  if (isMasked(before) && !isMasked(inside)) {
    record.notes.add('Before TLS a firewall masks capabilities (XXXXXXXA); inside TLS it cannot.');
  }
  const lost = before.map(keyword).filter((word) => !inside.some((line) => keyword(line) === word));
  const real = lost.filter((word) => word !== 'STARTTLS' && !/^X{4,}[A-Z]?$/.test(word));
  if (real.length > 0) record.notes.add(`Offered before TLS but not inside it: ${real.slice(0, 8).join(', ')}.`);
}

function keyword(line: string): string {
  return line.split(/[ =]/, 1)[0]?.toUpperCase() ?? '';
}
