import type { PeerFinding, PeerReport, PeerSection } from '../src/peer/report.ts';
import type { Owner } from '../src/vocabulary.ts';
import type { Card, CardAction, CardBlock, CardState } from './card.ts';
import { maskCard } from './mask.ts';
import { ownerLine } from './owner-line.ts';
import { peerDetails } from './peer-details.ts';
import { peerFacts } from './peer-facts.ts';
import { sayDuration, sayHeadline, sayList, sayMany, sayTime } from './say.ts';

/** How a peer's answer is shown. */
export interface PeerCardOptions {
  /** The command line that looks it up again; made from the target by default. */
  line?: string;
  /** `shared`: addresses are masked. */
  audience?: 'shared' | 'private';
}

const SIGN = { ok: '✓', info: '•', warning: '⚠', error: '✗' };

/** Findings, MX hosts and names that are read at once; the rest folds away. */
const TROUBLES = 4;
const NOTES = 3;
const WAITING = 4;
const MX_ROWS = 20;
const STEPS = 3;

/** The answer of a peer look-up: what is wrong and whose it is, the peer at a glance, then the evidence. */
export function peerCard(report: PeerReport, options: PeerCardOptions = {}): Card {
  const [title, rest] = sayHeadline(report.target, report.summary);
  const running = report.pending.length > 0;
  const steps = stepsOf(report);
  const card: Card = {
    kind: 'peer',
    state: running ? 'running' : stateOf(report),
    title,
    meta: metaOf(report),
    ...ownerOf(report),
    ...(steps.length === 0 ? {} : { steps }),
    blocks: [...findingBlocks(report, rest), ...peerFacts(report)],
    ...(running ? {} : { details: [...moreFindings(report), ...mxDetail(report), ...peerDetails(report)] }),
    actions: running
      ? [{ type: 'cancel', label: 'Cancel', primary: true }]
      : actionsOf(report, options.line ?? `/peer ${report.target}`),
  };
  return options.audience === 'shared' ? maskCard(card) : card;
}

function metaOf({ kind, startedAt, durationMs, pending }: PeerReport): string {
  const what = kind === 'ip' ? 'address' : kind;
  if (pending.length > 0) return `${what} · still looking up ${waitingFor(pending)}`;
  return [what, sayTime(startedAt), sayDuration(durationMs)].join(' · ');
}

const SECTION_NAMES: Readonly<Record<PeerSection, string>> = {
  mx: 'MX',
  addresses: 'addresses',
  ptr: 'reverse names',
  spf: 'SPF',
  dmarc: 'DMARC',
  blocklists: 'block lists',
  dkim: 'DKIM',
  mtaSts: 'MTA-STS',
  tlsRpt: 'TLS-RPT',
  dane: 'DANE',
  bimi: 'BIMI',
  exchangeOnline: 'Exchange Online',
  history: 'past probes',
};

/** The parts that are missing; of many only the first, in the order of the report. */
function waitingFor(pending: readonly PeerSection[]): string {
  const names = pending.map((section) => SECTION_NAMES[section]);
  return names.length <= WAITING
    ? sayList(names)
    : `${names.slice(0, WAITING).join(', ')} and ${names.length - WAITING} more`;
}

function stateOf({ findings }: PeerReport): CardState {
  if (findings.some((finding) => finding.severity === 'error')) return 'failed';
  return findings.some((finding) => finding.severity === 'warning') ? 'degraded' : 'ok';
}

function isTrouble({ severity }: PeerFinding): boolean {
  return severity === 'error' || severity === 'warning';
}

/** Who that is, seen from the target: "sender" alone leaves open whose. */
const WHO: Readonly<Record<Owner, (name: string) => string>> = {
  sender: (name) => `Who sends from ${name} mends it.`,
  recipient: (name) => `Who runs mail for ${name} mends it.`,
  dns: (name) => `Who runs the name servers behind ${name} mends it; until then nobody knows what they would say.`,
  network: () => '',
  service: () => '',
  none: () => '',
  unknown: () => '',
};

function ownerOf(report: PeerReport): Pick<Card, 'owner'> {
  const worst = report.findings.find(isTrouble);
  if (worst?.owner === undefined || worst.owner === 'unknown') return {};
  const name = worst.owner === 'sender' ? (report.domain ?? report.target) : report.target;
  return { owner: ownerLine(worst.owner, WHO[worst.owner](name)) };
}

function stepsOf({ findings, pending }: PeerReport): string[] {
  if (pending.length > 0) return [];
  const fixes = findings.filter(isTrouble).flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  return [...new Set(fixes)].slice(0, STEPS);
}

/** What is read at once, and what folds away: trouble comes first, and notes only where there is none. */
function sortOut({ findings, summary }: PeerReport): { shown: string[]; hidden: string[] } {
  // The title says the first already; what is well needs no line.
  const others = findings.filter(({ text, severity }) => text !== summary && severity !== 'ok');
  const troubles = others.filter(isTrouble);
  const notes = others.filter((finding) => !isTrouble(finding));
  const calm = !findings.some(isTrouble);
  const shown = [...troubles.slice(0, TROUBLES), ...(calm ? notes.slice(0, NOTES) : [])];
  const say = ({ severity, text }: PeerFinding): string => `${SIGN[severity]} ${text}`;
  return { shown: shown.map(say), hidden: others.filter((finding) => !shown.includes(finding)).map(say) };
}

function findingBlocks(report: PeerReport, rest: string): CardBlock[] {
  const lines = [...(rest === '' ? [] : [rest]), ...sortOut(report).shown];
  return lines.length === 0 ? [] : [{ type: 'text', text: lines.join('\n') }];
}

function moreFindings(report: PeerReport): NonNullable<Card['details']> {
  const { hidden } = sortOut(report);
  if (hidden.length === 0) return [];
  return [
    {
      id: 'findings',
      title: sayMany(hidden.length, 'more finding'),
      blocks: [{ type: 'text', text: hidden.join('\n') }],
    },
  ];
}

/** Every MX host with its addresses; the first few stand in the card already. */
function mxDetail({ mx }: PeerReport): NonNullable<Card['details']> {
  if (mx.length === 0) return [];
  const rows = mx
    .slice(0, MX_ROWS)
    .map(({ host, preference, addresses }) => [
      host || '. (null MX)',
      String(preference),
      addresses.join(', ') || 'none',
    ]);
  const caption = mx.length > MX_ROWS ? { caption: `The first ${MX_ROWS} of ${mx.length} MX hosts` } : {};
  const table: CardBlock = { type: 'table', ...caption, columns: ['MX host', 'Preference', 'Addresses'], rows };
  return [{ id: 'mx', title: 'MX hosts', blocks: [table] }];
}

function actionsOf(report: PeerReport, line: string): CardAction[] {
  const { provider } = report;
  const link = (label: string, url: string | null | undefined): CardAction[] =>
    url == null ? [] : [{ type: 'link', label: label.slice(0, 75), url }];
  return [
    { type: 'run', label: 'Probe it', line: `/probe ${report.target}`, where: 'thread', primary: true },
    { type: 'run', label: 'Look up again', line, where: 'edit' },
    ...nextPeer(report),
    ...link(`Status of ${provider?.name}`, provider?.statusPage),
    // Who is refused there asks for it there.
    ...(report.kind === 'ip' ? [] : link(`Blocked by ${provider?.name}?`, provider?.delisting)),
  ];
}

/** From a domain to its first address, from an address to its name. */
function nextPeer({ kind, addresses, ptr, target }: PeerReport): CardAction[] {
  const next = kind === 'ip' ? ptr.find(({ confirmed }) => confirmed)?.names[0] : addresses[0];
  if (next === undefined || next === target || !/^[\p{L}\p{N}.:_-]{1,255}$/u.test(next)) return [];
  return [{ type: 'run', label: `Peer ${next}`.slice(0, 75), line: `/peer ${next}`, where: 'thread' }];
}
