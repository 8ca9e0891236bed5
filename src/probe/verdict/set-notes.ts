import { isIPv6 } from 'node:net';
import { isLoginRefused, type Path } from '../route/path.ts';
import type { Route } from '../route/resolve-route.ts';
import { whyUntried } from './verdict.ts';

interface Noticed {
  route: Route;
  paths: readonly Path[];
  /** Addresses that the deadline or a refused log-in left untried. */
  untried: number;
  /** Nothing could be connected to, and no control target is there to tell whose trouble that is. */
  uncontrolled: boolean;
}

/** What is worth a word about the addresses together. */
export function setNotes({ route, paths, untried, uncontrolled }: Noticed): string[] {
  const ips = route.hops.flatMap(({ ip }) => ip ?? []);
  return [
    ...route.notes,
    ...(ips.length > 0 && ips.every(isIPv6)
      ? ['There is no IPv4 address: senders that have no IPv6 cannot deliver.']
      : []),
    ...untriedNote(untried, paths),
    ...setAsideNotes(paths),
    ...(uncontrolled ? [controlNote(paths)] : []),
  ];
}

function untriedNote(untried: number, paths: readonly Path[]): string[] {
  if (untried === 0) return [];
  const why = paths.some(({ report }) => isLoginRefused(report))
    ? 'a secret that was refused is not offered again'
    : 'the time of the probe was up';
  return [`${untried} more ${untried === 1 ? 'address was' : 'addresses were'} not tried: ${why}.`];
}

/** Addresses that were set aside are mentioned, so that nobody takes them for tested. */
function setAsideNotes(paths: readonly Path[]): string[] {
  const reasons = paths.map(whyUntried);
  const notes: string[] = [];
  if (reasons.includes('no-ipv6')) {
    notes.push('IPv6 could not be tried: this machine has no route. That says nothing about the server.');
  }
  if (reasons.includes('egress') && reasons.includes(undefined)) {
    notes.push('Addresses that the egress policy does not allow were not tried.');
  }
  return notes;
}

function controlNote(paths: readonly Path[]): string {
  const port = paths[0]?.report.port ?? 25;
  return `Whether port ${port} is blocked on our own way out, a control target would tell: set MAILMEDIC_PROBE_CONTROL (probe.control) to a mail server that is known to answer.`;
}
