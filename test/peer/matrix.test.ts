import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PeerReport } from '../../src/peer/report.ts';
import type { Lookup, LookupState } from '../../src/peer/section-schemas.ts';
import type { ZoneEntry } from '../dns/dns-zone.ts';
import { changed, LIST, lookupIn, startPolicyServer } from './peer-world.ts';

/** One record type: where it stands, how it is spoiled, and the part of the report that must tell. */
interface Row {
  type: string;
  name: string;
  part: (report: PeerReport) => Lookup;
  /** A record that is there and cannot be used or does harm. */
  wrong: Record<string, ZoneEntry | undefined>;
  /** The type that fails in the DNS. */
  rrtype: string;
  target?: string;
  domain?: string;
  /** What is taken away when the record is absent; the name itself by default. */
  gone?: Record<string, ZoneEntry | undefined>;
}

const tlsa = { selector: 1, matchingType: 1, data: 'ab'.repeat(32) };

const rows: Row[] = [
  {
    type: 'MX',
    name: 'contoso.example',
    part: ({ lookups }) => lookups.mx,
    wrong: { 'contoso.example': { mx: [[10, '192.0.2.10']] } },
    rrtype: 'MX',
  },
  {
    type: 'A',
    name: 'mx1.contoso.example',
    part: ({ lookups }) => lookups.addresses,
    wrong: { 'mx1.contoso.example': { a: ['10.0.0.1'], secure: true } },
    rrtype: 'A',
  },
  {
    type: 'SPF',
    name: 'contoso.example',
    part: ({ spf }) => spf,
    wrong: { 'contoso.example': { mx: [[10, 'mx1.contoso.example']], txt: ['v=spf1 +all'] } },
    rrtype: 'TXT',
    gone: { 'contoso.example': { mx: [[10, 'mx1.contoso.example']], txt: ['other=1'] } },
  },
  {
    type: 'DMARC',
    name: '_dmarc.contoso.example',
    part: ({ dmarc }) => dmarc,
    wrong: { '_dmarc.contoso.example': { txt: ['v=DMARC1; p=reject', 'v=DMARC1; p=none'] } },
    rrtype: 'TXT',
  },
  {
    type: 'DKIM',
    name: 'selector1._domainkey.contoso.example',
    part: ({ dkim }) => dkim,
    wrong: { 'selector1._domainkey.contoso.example': { txt: ['v=DKIM1; p=AAAA'] } },
    rrtype: 'TXT',
  },
  {
    type: 'MTA-STS',
    name: '_mta-sts.contoso.example',
    part: ({ mtaSts }) => mtaSts,
    wrong: { '_mta-sts.contoso.example': { txt: ['v=STSv1;'] } },
    rrtype: 'TXT',
  },
  {
    type: 'TLS-RPT',
    name: '_smtp._tls.contoso.example',
    part: ({ tlsRpt }) => tlsRpt,
    wrong: { '_smtp._tls.contoso.example': { txt: ['v=TLSRPTv1; rua=nobody'] } },
    rrtype: 'TXT',
  },
  {
    type: 'TLSA',
    name: '_25._tcp.mx1.contoso.example',
    part: ({ dane }) => dane,
    wrong: { '_25._tcp.mx1.contoso.example': { tlsa: [{ usage: 0, ...tlsa }], secure: true } },
    rrtype: 'TLSA',
  },
  {
    type: 'BIMI',
    name: 'default._bimi.contoso.example',
    part: ({ bimi }) => bimi,
    wrong: { 'default._bimi.contoso.example': { txt: ['v=BIMI1; l=http://contoso.example/logo.svg'] } },
    rrtype: 'TXT',
  },
  {
    type: 'PTR',
    name: '192.0.2.10',
    part: ({ lookups }) => lookups.ptr,
    wrong: { '192.0.2.10': { ptr: ['elsewhere.example'] } },
    rrtype: 'PTR',
  },
  {
    type: 'block list',
    name: `10.2.0.192.${LIST}`,
    part: ({ blocklists }) => blocklists,
    wrong: { [`10.2.0.192.${LIST}`]: { a: ['127.0.0.2'] } },
    rrtype: 'A',
    gone: { [`2.0.0.127.${LIST}`]: undefined },
  },
];

const forAddress: Row[] = [
  ...rows
    .filter(({ type }) => type === 'PTR' || type === 'block list')
    .map((row) => ({ ...row, type: `${row.type} of an address`, target: '192.0.2.10' })),
  ...rows
    .filter(({ type }) => type === 'SPF' || type === 'DMARC' || type === 'DKIM')
    .map((row) => ({ ...row, type: `${row.type} of --domain`, target: '192.0.2.10', domain: 'contoso.example' })),
];

let policyServer: Awaited<ReturnType<typeof startPolicyServer>>;
beforeAll(async () => {
  policyServer = await startPolicyServer();
});
afterAll(() => policyServer.close());

function reportOf(row: Row, entries: Record<string, ZoneEntry | undefined>): Promise<PeerReport> {
  const { dial, ca } = policyServer;
  const domain = row.domain === undefined ? {} : { domain: row.domain };
  return lookupIn(changed(entries), row.target ?? 'contoso.example', { dial, ca, ...domain });
}

/** The record's entry with its type failing this way. */
function failing(row: Row, fault: 'SERVFAIL' | 'silence'): Record<string, ZoneEntry> {
  return { [row.name]: { ...changed({})[row.name], faults: { [row.rrtype]: fault } } };
}

/** States that differ from the rule, with the reason. */
const EXCEPTIONS: Record<string, LookupState> = {
  // A list that does not know its own test entry says nothing by its silence.
  'block list absent': 'failed',
  'block list of an address absent': 'failed',
};

describe.each([...rows, ...forAddress])('$type', (row) => {
  const cases: [state: LookupState, entries: Record<string, ZoneEntry | undefined>][] = [
    ['ok', {}],
    ['absent', row.gone ?? { [row.name]: undefined }],
    ['wrong', row.wrong],
    ['failed', failing(row, 'SERVFAIL')],
    ['timeout', failing(row, 'silence')],
  ];
  test.concurrent.each(cases)('%s', async (state, entries) => {
    const report = await reportOf(row, entries);
    const { state: found, words } = row.part(report);
    expect([found, words]).toEqual([EXCEPTIONS[`${row.type} ${state}`] ?? state, expect.stringMatching(/\w/)]);
    if (state === 'failed') expect(words).toMatch(/SERVFAIL/);
    if (state === 'timeout') expect(words).toMatch(/not answer|no answer/);
    expect(report.pending).toEqual([]);
  });
});

test('a domain that does everything right has nothing to mend', async () => {
  const { dial, ca } = policyServer;
  const report = await lookupIn(changed({}), 'contoso.example', { dial, ca });
  expect(report.findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
  expect(report).toMatchObject({
    summary: 'contoso.example has 1 MX host with 1 address.',
    dnssec: 'secure',
    domain: 'contoso.example',
    spf: { others: 'fail', lookups: 0 },
    dkim: { selectors: [{ selector: 'selector1', bits: 2048 }], asked: 3 },
    dmarc: { policy: 'reject', reportsTo: ['dmarc@contoso.example'] },
    mtaSts: { mode: 'enforce', mx: ['mx1.contoso.example'], maxAgeS: 604_800 },
    tlsRpt: { reportsTo: ['mailto:tls@contoso.example'] },
    dane: { hosts: [{ host: 'mx1.contoso.example', records: [`3 1 1 ${'ab'.repeat(32)}`] }] },
    bimi: { location: 'https://contoso.example/logo.svg' },
    blocklists: { entries: [{ ip: '192.0.2.10', list: LIST, state: 'not-listed' }] },
    exchangeOnline: { state: 'absent' },
  });
});
