import { BLOCKLISTS } from './data/blocklists.ts';
import type { PeerFinding, PeerReport } from './report.ts';
import type { Lookup } from './section-schemas.ts';

type Severity = PeerFinding['severity'];

/** What the parts of a report that are known by now give to say, beyond hosts and reverse names. Pure. */
export function sectionFindings(report: PeerReport): PeerFinding[] {
  return [
    ...spfFindings(report),
    ...blocklistFindings(report),
    ...mtaStsFindings(report),
    ...dmarcFindings(report),
    ...daneFindings(report),
    ...troubled(report.dkim, 'warning', 'sender'),
    ...troubled(report.tlsRpt, 'info', 'recipient'),
    ...troubled(report.bimi, 'info', 'sender'),
    ...report.exchangeOnline.addresses
      .filter(({ pool }) => pool === 'relay')
      .slice(0, 1)
      .map((): PeerFinding => ({ severity: 'info', text: report.exchangeOnline.words, owner: 'sender' })),
  ];
}

/** A wrong record is its owner's; one that cannot be looked up is a matter of the name servers, whatever it would say. */
function troubled({ state, words }: Lookup, severity: Severity, owner: PeerFinding['owner']): PeerFinding[] {
  if (state === 'failed' || state === 'timeout') return [{ severity: 'warning', text: words, owner: 'dns' }];
  return state === 'wrong' ? [{ severity, text: words, ...(owner === undefined ? {} : { owner }) }] : [];
}

function spfFindings({ spf, kind, domain, mx }: PeerReport): PeerFinding[] {
  const warnings = spf.warnings.map(
    (text): PeerFinding => ({ severity: 'info', text: `SPF: ${text}.`, owner: 'sender' }),
  );
  // Receivers treat a record that they cannot evaluate as an error of the sender, and many refuse the mail.
  if (spf.state === 'wrong') {
    const severity: Severity = spf.others === 'pass' ? 'warning' : 'error';
    return [{ severity, text: spf.words, owner: 'sender', fix: spfFix(spf) }, ...warnings];
  }
  if (spf.state === 'absent') {
    // A host has none by itself, and a domain that takes no mail may send none.
    const matters = domain !== null && (kind === 'ip' || mx.some(({ host }) => host !== ''));
    const fix = `Publish an SPF record for ${domain} that names its senders`;
    return matters ? [{ severity: 'warning', text: spf.words, owner: 'sender', fix }] : [];
  }
  return [...troubled(spf, 'error', 'sender'), ...warnings];
}

function spfFix({ others, lookups }: PeerReport['spf']): string {
  if (others === 'pass') return 'End the SPF record with ~all or -all';
  if (lookups !== null && lookups > 10)
    return `Take includes out of the SPF record until 10 look-ups remain (now ${lookups})`;
  return 'Mend or take out that part of the SPF record; then look up again';
}

const EVALUATED: Readonly<Record<PeerReport['spf']['evaluations'][number]['result'], [Severity, string]>> = {
  pass: ['ok', 'may send as'],
  fail: ['error', 'may not send as'],
  softfail: ['warning', 'is not named as a sender of'],
  neutral: ['info', 'is neither named nor excluded as a sender of'],
  none: ['info', 'cannot be judged as a sender of'],
  temperror: ['warning', 'cannot be judged now as a sender of'],
  permerror: ['error', 'cannot be judged as a sender of'],
};

const CANNOT = new Set<string>(['temperror', 'permerror', 'none']);

/** May these addresses send as the domain: the very question when `--domain` was given. */
export function evaluationFindings({ spf, domain }: PeerReport): PeerFinding[] {
  // A record that cannot be evaluated is its own finding, which says why.
  const judged = spf.evaluations.filter(({ result }) => spf.state === 'ok' || !CANNOT.has(result));
  return judged.map(({ ip, result, decidedBy }) => {
    const [severity, words] = EVALUATED[result];
    const by = decidedBy === null ? '' : `, by ${decidedBy}`;
    const text = `${ip} ${words} ${domain}: SPF ${result}${by}.`;
    const fix = `Add ${ip} to the SPF record of ${domain}, or send through a server that it names`;
    return severity === 'error' || severity === 'warning'
      ? { severity, text, owner: 'sender', ...(result === 'fail' || result === 'softfail' ? { fix } : {}) }
      : { severity, text };
  });
}

/** An address that sends is hurt by a listing; the MX of a domain need not send at all. */
function blocklistFindings({ blocklists, kind }: PeerReport): PeerFinding[] {
  if (blocklists.state === 'failed' || blocklists.state === 'timeout') {
    return [{ severity: 'info', text: blocklists.words, owner: 'unknown' }];
  }
  const severity: Severity = kind === 'domain' ? 'warning' : 'error';
  return blocklists.entries
    .filter(({ state }) => state === 'listed')
    .map(({ ip, list, words }) => {
      const removal = BLOCKLISTS[list]?.removal;
      const fix =
        removal === undefined
          ? `Ask ${list} why, mend it, then ask for removal`
          : `Mend the cause, then ask for removal at ${removal}`;
      return { severity, text: `${ip}: ${words}`, owner: 'sender', fix };
    });
}

function mtaStsFindings({ mtaSts }: PeerReport): PeerFinding[] {
  const warnings = mtaSts.warnings.map(
    (text): PeerFinding => ({ severity: 'info', text: `MTA-STS: ${text}.`, owner: 'recipient' }),
  );
  // An enforced policy that leaves the MX out stops mail (RFC 8461 5); one that cannot be read is as good as none.
  const severity: Severity = mtaSts.state === 'wrong' && mtaSts.mode === 'enforce' ? 'error' : 'warning';
  const fix =
    mtaSts.mode === null ? {} : { fix: 'Name every MX host in the policy, then change the id in its TXT record' };
  return [...troubled(mtaSts, severity, 'recipient').map((finding) => ({ ...finding, ...fix })), ...warnings];
}

function dmarcFindings({ dmarc, domain, mx, kind }: PeerReport): PeerFinding[] {
  const warnings = dmarc.warnings.map(
    (text): PeerFinding => ({ severity: 'info', text: `DMARC: ${text}.`, owner: 'sender' }),
  );
  const matters = domain !== null && kind === 'domain' && mx.some(({ host }) => host !== '');
  if (dmarc.state === 'absent' && matters) return [{ severity: 'info', text: dmarc.words, owner: 'sender' }];
  return [...troubled(dmarc, 'warning', 'sender'), ...warnings];
}

function daneFindings({ dane, dnssec, domain }: PeerReport): PeerFinding[] {
  const hosts = dane.hosts.flatMap((host) => troubled(host, 'warning', 'recipient'));
  if (dane.state !== 'ok' || dnssec !== 'insecure') return hosts;
  // RFC 7672 2.2.1: who can forge the MX record names another host, and its TLSA records with it.
  const text = `The MX record of ${domain} is not signed with DNSSEC, so its hosts' TLSA records protect nobody.`;
  return [...hosts, { severity: 'info', text, owner: 'recipient' }];
}
