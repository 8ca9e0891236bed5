import type { PeerReport } from '../src/peer/report.ts';
import type { CardBlock, CardDetail } from './card.ts';

/** The evidence of a peer look-up, folded away. */
export function peerDetails(report: PeerReport): CardDetail[] {
  return [
    detail('records', 'Records', [...recordBlocks(report), ...spfBlocks(report), ...dkimBlocks(report)]),
    detail('addresses', 'Block lists and reverse names', [...listBlocks(report), ...reverseBlocks(report)]),
    detail('lookups', 'Every look-up', lookupBlocks(report)),
  ].filter(({ blocks }) => blocks.length > 0);
}

function detail(id: string, title: string, blocks: CardBlock[]): CardDetail {
  return { id, title, blocks };
}

function recordBlocks({ spf, dmarc, bimi, mtaSts, tlsRpt, dane, domain }: PeerReport): CardBlock[] {
  const tlsa = dane.hosts.flatMap(({ host, records }) => records.map((record) => `_25._tcp.${host} TLSA ${record}`));
  const policy =
    mtaSts.mode === null ? null : [`mode: ${mtaSts.mode}`, ...mtaSts.mx.map((mx) => `mx: ${mx}`)].join('\n');
  return [
    code(`SPF of ${domain}`, spf.record),
    code(`DMARC of ${dmarc.at}`, dmarc.record),
    code('BIMI', bimi.record),
    code(`MTA-STS policy, kept for ${Math.round((mtaSts.maxAgeS ?? 0) / 86_400)} days`, policy),
    code('TLS reports go to', tlsRpt.reportsTo.length === 0 ? null : tlsRpt.reportsTo.join('\n')),
    code('TLSA', tlsa.length === 0 ? null : tlsa.join('\n')),
  ].flat();
}

function code(caption: string, text: string | null): CardBlock[] {
  return text === null || text === '' ? [] : [{ type: 'code', caption, text }];
}

function spfBlocks({ spf }: PeerReport): CardBlock[] {
  if (spf.terms.length === 0) return [];
  const tree = spf.terms.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`).join('\n');
  const cost = `SPF, term by term: ${spf.lookups} DNS look-ups (a receiver stops after 10), ${spf.voids} of them void`;
  const verdicts = spf.evaluations.map(({ ip, result, decidedBy }) => [ip, result, decidedBy ?? '–']);
  return [
    { type: 'code', caption: cost, text: tree },
    ...(verdicts.length === 0
      ? []
      : [
          {
            type: 'table',
            caption: 'SPF verdicts',
            columns: ['Address', 'Result', 'Decided by'],
            rows: verdicts,
          } satisfies CardBlock,
        ]),
  ];
}

function dkimBlocks({ dkim }: PeerReport): CardBlock[] {
  if (dkim.selectors.length === 0) return [];
  const rows = dkim.selectors.map(({ selector, words, alias }) => [
    selector,
    words.replace(`${selector}: `, '').replace(/\.$/, ''),
    alias ?? '–',
  ]);
  return [
    {
      type: 'table',
      caption: `DKIM: ${dkim.selectors.length} of ${dkim.asked} common selectors`,
      columns: ['Selector', 'Key', 'Alias of'],
      rows,
    },
  ];
}

function listBlocks({ blocklists }: PeerReport): CardBlock[] {
  if (blocklists.entries.length === 0) return [];
  const rows = blocklists.entries.map(({ ip, list, words, reason, codes }) => [
    ip,
    list,
    words,
    [codes.join(' '), reason ?? ''].filter(Boolean).join(' · ') || '–',
  ]);
  return [{ type: 'table', columns: ['Address', 'List', 'Says', 'Answer'], rows }];
}

function reverseBlocks({ ptr }: PeerReport): CardBlock[] {
  if (ptr.length === 0) return [];
  const banner = (match: boolean | null | undefined): string =>
    match === true ? '✓' : match === false ? 'another' : '–';
  return [
    {
      type: 'table',
      columns: ['Address', 'PTR', 'Resolves back', 'Banner is it'],
      rows: ptr.map(({ ip, names, confirmed, state, bannerMatch }) => [
        ip,
        names.join(', ') || (state === 'failed' || state === 'timeout' ? 'not known' : 'none'),
        names.length === 0 ? '–' : confirmed ? '✓ yes' : '✗ no',
        banner(bannerMatch),
      ]),
    },
  ];
}

const STATE_WORDS = {
  ok: '✓ ',
  absent: 'none: ',
  wrong: '✗ wrong: ',
  failed: '? failed: ',
  timeout: '? timed out: ',
  'not-asked': 'not asked: ',
};

/** How each look-up ended: what is absent, what failed and what nobody answered are three things. */
function lookupBlocks(report: PeerReport): CardBlock[] {
  const { lookups, spf, dmarc, dkim, mtaSts, tlsRpt, dane, bimi, blocklists, exchangeOnline, history } = report;
  const all = Object.entries({
    MX: lookups.mx,
    'A and AAAA': lookups.addresses,
    PTR: lookups.ptr,
    SPF: spf,
    DMARC: dmarc,
    DKIM: dkim,
    'MTA-STS': mtaSts,
    'TLS-RPT': tlsRpt,
    DANE: dane,
    BIMI: bimi,
    'Block lists': blocklists,
    'Exchange Online': exchangeOnline,
    'Past probes': history,
  });
  const facts = all.map(([label, { state, words }]) => ({ label, value: `${STATE_WORDS[state]}${words}` }));
  return [{ type: 'facts', facts }];
}
