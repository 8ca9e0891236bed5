import { isIPv4, isIPv6 } from 'node:net';
import { isDegraded, isFailed, type Path, pathNoun } from '../route/path.ts';
import { sharedVerb } from './fault-words.ts';

/**
 * What senders see when some paths work and some do not, without a full stop. `primary` are those of the lowest
 * preference, `backup` the others; `returned` when a sender meets a refusal for good on its way.
 */
export function mixedWords(primary: readonly Path[], backup: readonly Path[], returned: boolean): string {
  const broken = primary.filter(isFailed);
  const backupTrouble = backup.some(isFailed) ? backupWords(backup) : undefined;
  if (broken.length === 0) {
    const state = primary.some(isDegraded) ? 'has a fault, but mail still flows' : 'works';
    return `The primary MX ${state}; ${backupTrouble}: mail flows as long as the primary is up`;
  }
  const verb = verbOf(broken);
  if (broken.length === primary.length) {
    const who = broken.length === 1 ? 'The primary MX' : `All ${broken.length} primary ${pathNoun(primary)}`;
    const effect = returned ? returnedWords(primary) : 'mail is delayed, then flows';
    return `${who} ${verb}, ${backupTrouble ?? 'the backup works'}: ${effect}`;
  }
  const count = `${broken.length} of ${primary.length} ${backup.length > 0 ? 'primary ' : ''}${pathNoun(primary)}`;
  const it = broken.length === 1 ? 'it' : 'one of them';
  const choice = returned ? `mail that reaches ${it} is returned` : `senders that choose ${it} see intermittent delay`;
  const what = (returned ? undefined : familyWords(primary)) ?? `${count} ${verb}: ${choice}`;
  return backupTrouble === undefined ? what : `${what}; ${backupTrouble}`;
}

/** After a refusal for good a sender does not go on to the backup. */
function returnedWords(primary: readonly Path[]): string {
  const all = primary.every(({ endsDelivery }) => endsDelivery);
  return all ? 'mail is returned all the same' : 'part of the mail is returned';
}

/** `the backup MX refuses`, `1 of 2 backup addresses refuses`. */
function backupWords(backup: readonly Path[]): string {
  const broken = backup.filter(isFailed);
  const who = backup.length === 1 ? 'the backup MX' : `${broken.length} of ${backup.length} backup ${pathNoun(backup)}`;
  return `${who} ${verbOf(broken)}`;
}

/** The split between failing and working, where it is the one between IPv4 and IPv6. */
function familyWords(paths: readonly Path[]): string | undefined {
  const ipsOf = (some: readonly Path[]): string[] => some.map(({ report }) => report.ip ?? '');
  const broken = ipsOf(paths.filter(isFailed));
  const working = ipsOf(paths.filter((path) => !isFailed(path)));
  if (working.every(isIPv4) && broken.every(isIPv6)) {
    return 'IPv6 fails, IPv4 works: senders that prefer IPv6 are delayed';
  }
  if (working.every(isIPv6) && broken.every(isIPv4)) {
    return 'IPv4 fails, IPv6 works: senders without IPv6 cannot deliver';
  }
  return undefined;
}

function verbOf(paths: readonly Path[]): string {
  return sharedVerb(paths.map(({ report }) => report));
}
