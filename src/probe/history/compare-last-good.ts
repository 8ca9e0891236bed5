import type { ProbedPath, ProbeSummary } from '../../probe-history.ts';
import { SCANNED_PROTOCOLS } from '../tls-vocabulary.ts';

/** Names in one sentence; more are counted. */
const MAX_NAMED = 4;

/**
 * What differs from the last good probe of the same target, in words, the most telling first. Empty when only time has
 * passed. Only what both probes saw is compared, so that a fault does not show up as a list of everything behind it.
 */
export function compareWithLastGood(now: ProbeSummary, before: ProbeSummary): string[] {
  const pairs = now.paths.flatMap((path) => {
    const partner = partnerOf(path, before.paths);
    return partner === undefined ? [] : [{ path, partner }];
  });
  const named = now.paths.length > 1;
  const byPath = (compare: (now: ProbedPath, before: ProbedPath) => string[]): string[] =>
    pairs.flatMap(({ path, partner }) =>
      compare(path, partner).map((words) => (named ? `${words} at ${path.host}` : words)),
    );
  return [
    ...new Set([
      ...changedMx(now, before),
      ...changedAddresses(now, before),
      ...byPath((path, partner) => changedCertificate(path, partner, now.at)),
      ...byPath((path, partner) => changedState('DANE', path.dane, partner.dane)),
      ...changedState('MTA-STS', now.paths[0]?.mtaSts, before.paths[0]?.mtaSts),
      ...changedState('DNSSEC', now.dnssec, before.dnssec),
      ...byPath(changedTls),
      ...byPath(changedCapabilities),
      ...byPath(changedBanner),
    ]),
  ];
}

/** The same address then; else another one of the same host, as a sender meets whichever DNS gives first. */
function partnerOf({ host, ip }: ProbedPath, paths: readonly ProbedPath[]): ProbedPath | undefined {
  const sameHost = paths.filter((one) => one.host === host);
  return sameHost.find((one) => one.ip === ip) ?? sameHost[0];
}

function changedMx(now: ProbeSummary, before: ProbeSummary): string[] {
  // A look-up that failed says nothing about the records.
  if (now.errorType === 'DnsFailure' && now.mx.length === 0) return [];
  return addedAndGone('MX', now.mx, before.mx);
}

function changedAddresses(now: ProbeSummary, before: ProbeSummary): string[] {
  if (now.everyAddress && before.everyAddress) {
    const label = ({ host, ip }: ProbedPath): string => (host === ip ? ip : `${ip} (${host})`);
    return addedAndGone('address', now.paths.map(label), before.paths.map(label));
  }
  // Only some were tried, then or now. Another one than then may be a rotation of DNS, but it is another server.
  return now.paths.flatMap(({ host, ip }) => {
    const then = before.paths.filter((one) => one.host === host).map((one) => one.ip);
    return then.length === 0 || then.includes(ip) ? [] : [`${host} is ${ip}, was ${listed(then)}`];
  });
}

function addedAndGone(what: string, now: readonly string[], before: readonly string[]): string[] {
  const added = now.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !now.includes(one));
  return [
    ...(added.length === 0 ? [] : [`${what} added: ${listed(added)}`]),
    ...(gone.length === 0 ? [] : [`${what} gone: ${listed(gone)}`]),
  ];
}

function changedCertificate({ certificate: now }: ProbedPath, { certificate: before }: ProbedPath, at: string) {
  if (now === null || before === null || now.sha256 === before.sha256) return [];
  const swapped = [
    ...(now.subject === before.subject ? [] : [`subject now ${now.subject}, was ${before.subject}`]),
    ...(now.issuer === before.issuer ? [] : [`issuer now ${now.issuer}, was ${before.issuer}`]),
  ];
  const later = Date.parse(now.validTo) > Date.parse(before.validTo);
  const what = swapped.length === 0 && later ? 'certificate renewed' : 'certificate changed';
  const issued = `${what} (issued ${sayDate(now.validFrom, at)}, valid to ${sayDate(now.validTo, at)})`;
  return [[issued, ...swapped].join(', ')];
}

function changedTls(now: ProbedPath, before: ProbedPath): string[] {
  if (now.protocol === null || before.protocol === null) return [];
  if (now.protocol !== before.protocol) {
    const weaker = rankOf(now.protocol) < rankOf(before.protocol) ? ', an older version' : '';
    return [`${now.protocol} instead of ${before.protocol}${weaker}`];
  }
  if (now.cipher === null || before.cipher === null || now.cipher === before.cipher) return [];
  return [`cipher ${now.cipher} instead of ${before.cipher}`];
}

function rankOf(protocol: string): number {
  return (SCANNED_PROTOCOLS as readonly string[]).indexOf(protocol);
}

function changedCapabilities(now: ProbedPath, before: ProbedPath): string[] {
  if (now.capabilities.length === 0 || before.capabilities.length === 0) return [];
  const lost = before.capabilities.filter((one) => !now.capabilities.includes(one));
  const gained = now.capabilities.filter((one) => !before.capabilities.includes(one));
  return [
    ...(lost.length === 0 ? [] : [`no longer offers ${listed(lost)}`]),
    ...(gained.length === 0 ? [] : [`now offers ${listed(gained)}`]),
  ];
}

function changedBanner({ serverName: now }: ProbedPath, { serverName: before }: ProbedPath): string[] {
  if (now === null || before === null || now.toLowerCase() === before.toLowerCase()) return [];
  return [`banner host differs: ${now}, was ${before}`];
}

/** A state that is not known on one side tells nothing. */
function changedState(what: string, now: string | null | undefined, before: string | null | undefined): string[] {
  if (now === before || !isKnown(now) || !isKnown(before)) return [];
  return [`${what} now ${now}, was ${before}`];
}

function isKnown(state: string | null | undefined): state is string {
  return state !== null && state !== undefined && state !== 'unknown';
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).join(', ');
  return names.length > MAX_NAMED ? `${shown} and ${names.length - MAX_NAMED} more` : shown;
}

const DAY_MS = 86_400_000;
const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** `today`, `yesterday` or `17 Nov 2026` in UTC, seen from `at`; the text itself when it is no time. */
function sayDate(iso: string, at: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const days = Math.floor(Date.parse(at) / DAY_MS) - Math.floor(time / DAY_MS);
  return days === 0 ? 'today' : days === 1 ? 'yesterday' : dates.format(time);
}
