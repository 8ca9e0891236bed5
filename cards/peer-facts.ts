import type { PeerReport, PeerSection } from '../src/peer/report.ts';
import type { Lookup } from '../src/peer/section-schemas.ts';
import type { CardBlock } from './card.ts';

/** MX hosts and reverse names that are read at once. */
const SHOWN = 3;

/** What an SPF record says of strangers, as its last term does. */
const ALL = { pass: '+all', softfail: '~all', neutral: '?all', fail: '-all' };

type Fact = { label: string; value: string };

/** A peer at a glance: where its mail goes, how it sends, how it is secured, whether it is listed. */
export function peerFacts(report: PeerReport): CardBlock[] {
  if (isNothing(report)) return [];
  const facts = [
    ...goesTo(report),
    ...sendsAs(report),
    ...securedBy(report),
    ...listed(report),
    ...reverseNames(report),
    ...exchange(report),
    ...history(report),
  ];
  return facts.length === 0 ? [] : [{ type: 'facts', facts }];
}

/** A name that does not exist publishes nothing; saying so of each record is noise. */
function isNothing({ kind, mx, addresses, lookups, pending }: PeerReport): boolean {
  if (kind === 'ip' || pending.includes('mx')) return false;
  return mx.length === 0 && addresses.length === 0 && lookups.mx.state === 'absent';
}

/** `DKIM …` while it is looked up, else what was found, with a sign where that is trouble; nothing for what was not asked. */
function word(report: PeerReport, section: PeerSection, name: string, lookup: Lookup, ok: string): string[] {
  if (report.pending.includes(section)) return [`${name} …`];
  switch (lookup.state) {
    case 'ok':
      return [ok];
    case 'absent':
      return [`no ${name}`];
    case 'wrong':
      return [`✗ ${name} broken`];
    case 'failed':
      return [`? ${name}: name servers fail`];
    case 'timeout':
      return [`? ${name}: no answer`];
    case 'not-asked':
      return [];
  }
}

function fact(label: string, parts: readonly string[]): Fact[] {
  return parts.length === 0 ? [] : [{ label, value: parts.join(' · ') }];
}

function goesTo({ mx, provider, pending, kind, lookups, dnssec, addresses }: PeerReport): Fact[] {
  if (kind === 'ip') return provider === null ? [] : fact('Run by', [provider.name]);
  if (pending.includes('mx')) return fact('Mail goes to', ['…']);
  const real = mx.filter(({ host }) => host !== '');
  const shown = real.slice(0, SHOWN).map(({ host, preference }) => `${host} (${preference})`);
  const more = real.length > SHOWN ? [`${real.length - SHOWN} more`] : [];
  const names = shown.length === 0 ? [] : [[...shown, ...more].join(', ')];
  const none = mx.length > 0 ? 'nowhere (null MX)' : addresses.length > 0 ? 'its own address: no MX' : '';
  const silent = lookups.mx.state === 'failed' || lookups.mx.state === 'timeout' ? '? MX is not known' : none;
  return fact('Mail goes to', [
    ...(provider === null ? [] : [provider.name]),
    ...(names.length > 0 ? names : silent === '' ? [] : [silent]),
    ...(dnssec === 'secure' ? ['DNSSEC'] : dnssec === 'bogus' ? ['✗ DNSSEC broken'] : []),
  ]);
}

function sendsAs(report: PeerReport): Fact[] {
  const { spf, dkim, dmarc, domain } = report;
  const judged = spf.evaluations.map(({ result }) => result);
  // For an address its own verdict is the answer; for a domain, what is said of strangers.
  const spfOk =
    judged.length > 0 ? `SPF ${[...new Set(judged)].join(', ')}` : `SPF ${spf.others === null ? '' : ALL[spf.others]}`;
  const keys = dkim.selectors.filter(({ state }) => state === 'ok').map(({ selector }) => selector);
  const dkimWord = report.pending.includes('dkim') || dkim.state !== 'absent';
  const parts = [
    ...word(report, 'spf', 'SPF', spf, spfOk),
    ...(spf.state === 'wrong' && spf.others === 'pass' ? ['anybody'] : []),
    // Not finding a key under common names is no proof that there is none.
    ...(dkimWord ? word(report, 'dkim', 'DKIM', dkim, `DKIM ${keys.slice(0, 4).join(', ')}`) : ['DKIM not found']),
    ...word(report, 'dmarc', 'DMARC', dmarc, `DMARC ${dmarc.policy ?? ''}`),
    ...(report.bimi.state === 'ok' && !report.pending.includes('bimi') ? ['BIMI'] : []),
  ];
  const said = fact('Sends as', parts);
  // A long label leaves no room for the value on a phone.
  return report.kind === 'ip' && domain !== null
    ? said.map(({ label, value }) => ({ label, value: `${domain}: ${value}` }))
    : said;
}

function securedBy(report: PeerReport): Fact[] {
  const { mtaSts, dane, tlsRpt } = report;
  const hosts = dane.hosts.filter(({ state }) => state === 'ok').length;
  return fact('Secured by', [
    ...word(report, 'mtaSts', 'MTA-STS', mtaSts, `MTA-STS ${mtaSts.mode ?? ''}`),
    ...word(report, 'dane', 'DANE', dane, `DANE ${hosts} of ${dane.hosts.length}`),
    ...word(report, 'tlsRpt', 'TLS reports', tlsRpt, 'TLS reports'),
  ]);
}

function listed({ blocklists, pending }: PeerReport): Fact[] {
  if (pending.includes('blocklists')) return fact('Listed', ['…']);
  const by = new Set(blocklists.entries.filter(({ state }) => state === 'listed').map(({ list }) => list));
  const asked = new Set(blocklists.entries.map(({ list }) => list));
  switch (blocklists.state) {
    case 'wrong':
      return fact('Listed', [`✗ by ${by.size} of ${asked.size}: ${[...by].join(', ')}`]);
    case 'ok':
    case 'absent': {
      const clean = new Set(blocklists.entries.filter(({ state }) => state === 'not-listed').map(({ list }) => list))
        .size;
      return fact('Listed', [`no, say ${clean} of ${asked.size} lists`]);
    }
    case 'failed':
    case 'timeout':
      return fact('Listed', [`? none of ${asked.size} lists answers`]);
    case 'not-asked':
      return [];
  }
}

function reverseNames({ ptr, pending }: PeerReport): Fact[] {
  if (pending.includes('ptr')) return fact('Reverse DNS', ['…']);
  const said = ptr.slice(0, SHOWN).map(({ ip, names, confirmed, state }) => {
    if (state === 'failed' || state === 'timeout') return `${ip} ?`;
    const [name] = names;
    if (name === undefined) return `${ip} has none`;
    return `${ip} ${name} ${confirmed ? '✓' : '✗ does not lead back'}`;
  });
  return fact('Reverse DNS', [...said, ...(ptr.length > SHOWN ? [`${ptr.length - SHOWN} more`] : [])]);
}

function exchange({ exchangeOnline, kind }: PeerReport): Fact[] {
  if (exchangeOnline.state === 'ok') return fact('Exchange Online', [exchangeOnline.words.replace(/\.$/, '')]);
  // Of an address the no is worth a line too; of a domain its provider says enough.
  if (kind !== 'ip' || exchangeOnline.state !== 'absent') return [];
  return fact('Exchange Online', [exchangeOnline.words.replace(/\.$/, '')]);
}

function history({ history: { state, words } }: PeerReport): Fact[] {
  return state === 'ok' ? fact('Probes', [words.replace(/\.$/, '')]) : [];
}
