import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isHostName } from '../dns/host-name.ts';

/** Asked once: it is a system call, and a machine keeps its name while it runs. */
const MACHINE = hostname();

/** An id for one probe, short enough for a subject and fit to be a DNS label. */
export function newProbeId(): string {
  // Node draws the bytes of UUIDs in advance; the first ten digits are all random (RFC 9562 5.4).
  return `mm${randomUUID().replace('-', '').slice(0, 10)}`;
}

/**
 * The name for EHLO. A name that somebody chose is used as it is, because its PTR may be checked; otherwise the probe's id
 * becomes the first label of this machine's name, so that the peer's logs can be searched for this very probe.
 */
export function heloName(probeId: string, chosen: string | undefined, machine = MACHINE): string {
  if (chosen !== undefined) return chosen;
  // RFC 5321 4.1.4 wants a full name; a machine without one is put under a name that cannot exist (RFC 2606 2).
  const full = machine.includes('.') ? machine : `${machine || 'localhost'}.invalid`;
  const name = `${probeId}.${full}`.toLowerCase();
  return isHostName(name) ? name : `${probeId}.localhost.invalid`;
}
