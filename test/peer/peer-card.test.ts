import { describe, expect, test } from 'vitest';
import { type Card, plainText } from '../../cards/card.ts';
import { peerCard } from '../../cards/peer-card.ts';
import { renderAdaptiveCard } from '../../cards/render/adaptive-card.ts';
import { renderBlockKit } from '../../cards/render/block-kit.ts';
import { renderText } from '../../cards/render/text.ts';
import { emptyPeerReport } from '../../src/peer/empty-report.ts';
import type { PeerReport } from '../../src/peer/report.ts';
import { forbiddenIn, HOSTILE, shownStrings } from '../cards/hostile.ts';
import { peerReport } from '../cards/sample-reports.ts';
import { adaptiveCardProblems } from '../support/adaptive-card-validator.ts';
import { blockKitProblems } from '../support/block-kit-validator.ts';
import { changed, healthyZone, LIST, lookupIn } from './peer-world.ts';

const factsOf = (card: Card): Record<string, string> => {
  const block = card.blocks?.find(({ type }) => type === 'facts');
  const facts = block?.type === 'facts' ? block.facts : [];
  return Object.fromEntries(facts.map(({ label, value }) => [label, plainText(value)]));
};

const lines = (card: Card): string[] => (card.actions ?? []).flatMap((one) => (one.type === 'run' ? [one.line] : []));

describe('peerCard', () => {
  test('a healthy domain at a glance', async () => {
    const card = peerCard(await lookupIn(healthyZone(), 'contoso.example'));
    expect(factsOf(card)).toMatchObject({
      'Mail goes to': 'mx1.contoso.example (10) · DNSSEC',
      'Sends as': 'SPF -all · DKIM selector1 · DMARC reject · BIMI',
      Listed: 'no, say 1 of 1 lists',
      'Reverse DNS': '192.0.2.10 mx1.contoso.example ✓',
    });
    expect(lines(card)).toEqual(['/probe contoso.example', '/peer contoso.example', '/peer 192.0.2.10']);
    expect(card.details?.map(({ id }) => id)).toEqual(['mx', 'records', 'addresses', 'lookups']);
  });

  test('an address of the inside is no fault of anybody', async () => {
    const card = peerCard(await lookupIn(healthyZone(), '10.1.2.3'));
    expect(card.state).toBe('ok');
    expect(card.title).toMatch(/^10\.1\.2\.3 is an inside address/);
    expect(card.owner).toBeUndefined();
  });

  test('what is wrong comes first: whose it is and what to do', async () => {
    const zone = changed({
      'contoso.example': { mx: [[10, 'mx1.contoso.example']], txt: ['v=spf1 include:gone.example -all'] },
      [`10.2.0.192.${LIST}`]: { a: ['127.0.0.2'] },
      '192.0.2.10': { fault: 'SERVFAIL' },
    });
    const card = peerCard(await lookupIn(zone, 'contoso.example'));
    expect(card.state).toBe('failed');
    expect(plainText(card.title)).toBe(
      'SPF of contoso.example is broken: include:gone.example does not exist in DNS (NXDOMAIN)',
    );
    expect(plainText(card.owner ?? '')).toBe('Owner: sender. Who sends from contoso.example mends it.');
    expect(card.steps?.map(plainText)).toEqual([
      'Mend or take out that part of the SPF record; then look up again',
      `Ask ${LIST} why, mend it, then ask for removal`,
    ]);
    expect(factsOf(card)).toMatchObject({
      'Sends as': '✗ SPF broken · DKIM selector1 · DMARC reject · BIMI',
      Listed: `✗ by 1 of 1: ${LIST}`,
      'Reverse DNS': '192.0.2.10 ?',
    });
  });

  test('absent, failed and timed out are told apart', async () => {
    const zone = changed({
      'selector1._domainkey.contoso.example': undefined,
      '_dmarc.contoso.example': undefined,
      '_smtp._tls.contoso.example': { fault: 'SERVFAIL' },
      '_mta-sts.contoso.example': { fault: 'silence' },
    });
    const card = peerCard(await lookupIn(zone, 'contoso.example'));
    expect(factsOf(card)).toMatchObject({
      'Sends as': 'SPF -all · DKIM not found · no DMARC · BIMI',
      'Secured by': '? MTA-STS: no answer · DANE 1 of 1 · ? TLS reports: name servers fail',
    });
  });

  test('an address: does it belong to the domain, whose is it, is it Exchange Online', async () => {
    const zone = { ...healthyZone(), '40.95.0.9': { ptr: ['mail-x.outbound.protection.outlook.com'] } };
    const card = peerCard(await lookupIn(zone, '40.95.0.9', { domain: 'contoso.example' }), {
      line: '/peer 40.95.0.9 --domain contoso.example',
    });
    expect(plainText(card.title)).toBe('40.95.0.9 may not send as contoso.example: SPF fail, by -all');
    expect(factsOf(card)).toMatchObject({
      'Run by': 'Microsoft 365',
      'Sends as': 'contoso.example: SPF fail · DKIM selector1 · DMARC reject · BIMI',
      'Exchange Online': expect.stringContaining('relay pool'),
    });
    expect(lines(card)).toContain('/peer 40.95.0.9 --domain contoso.example');
    expect(card.actions).toContainEqual(expect.objectContaining({ type: 'link', label: 'Status of Microsoft 365' }));
  });

  test('a null MX', async () => {
    const zone = changed({ 'contoso.example': { mx: [[0, '.']], txt: ['v=spf1 -all'] } });
    const card = peerCard(await lookupIn(zone, 'contoso.example'));
    expect(factsOf(card)['Mail goes to']).toBe('nowhere (null MX)');
  });

  test('shows what is known while it runs, and how to stop it', () => {
    const first = peerCard(emptyPeerReport('contoso.example', 'domain', '2026-11-20T12:00:00.000Z'));
    expect(first).toMatchObject({
      state: 'running',
      meta: 'domain · still looking up MX, addresses, reverse names, SPF and 9 more',
      actions: [{ type: 'cancel' }],
    });
    expect(plainText(first.title)).toBe('Looking up contoso.example');
    const later = peerCard(peerReport({ pending: ['dkim', 'blocklists'] }));
    expect(later.meta).toBe('domain · still looking up DKIM and block lists');
    expect(factsOf(later)).toMatchObject({ 'Sends as': 'DKIM …', Listed: '…' });
  });

  test('addresses of people are masked where others read', () => {
    const report = peerReport({
      dmarc: { ...peerReport().dmarc, record: 'v=DMARC1; rua=mailto:kim@contoso.example', at: 'x' },
    });
    expect(renderText(peerCard(report, { audience: 'shared' }), { verbose: true })).toContain('k…@contoso.example');
    expect(renderText(peerCard(report, { audience: 'private' }), { verbose: true })).toContain('kim@contoso.example');
  });
});

/** A report whose every foreign text is this one. */
function hostileReport(text: string): PeerReport {
  const base = peerReport();
  const wrong = { state: 'wrong' as const, words: text };
  return {
    ...base,
    target: text,
    summary: text,
    domain: text,
    mx: [{ host: text, preference: 1, addresses: [text] }],
    addresses: [text],
    ptr: [{ ip: text, names: [text], confirmed: true, state: 'ok', bannerMatch: false }],
    findings: [
      { severity: 'error', text, owner: 'sender', fix: text },
      ...Array.from({ length: 9 }, () => ({ severity: 'info' as const, text: `${text}.` })),
    ],
    provider: { name: text, evidence: text, statusPage: 'https://status.example/', delisting: null },
    lookups: { mx: wrong, addresses: wrong, ptr: wrong },
    spf: {
      ...base.spf,
      ...wrong,
      record: text,
      lookups: 1,
      voids: 0,
      warnings: [text],
      terms: [{ depth: 1, text }],
      evaluations: [{ ip: text, result: 'fail', decidedBy: text }],
    },
    dmarc: { ...base.dmarc, ...wrong, record: text, at: text, reportsTo: [text], warnings: [text] },
    dkim: {
      ...wrong,
      asked: 1,
      selectors: [{ ...wrong, selector: text, keyType: 'rsa', bits: 1, revoked: false, testing: false, alias: text }],
    },
    mtaSts: { ...wrong, mode: 'enforce', mx: [text], maxAgeS: 1, warnings: [text] },
    tlsRpt: { ...wrong, reportsTo: [text] },
    dane: { ...wrong, hosts: [{ ...wrong, host: text, records: [text] }] },
    bimi: { ...wrong, record: text, location: text, authority: text },
    blocklists: {
      ...wrong,
      entries: [{ ip: text, list: text, state: 'listed', codes: [text], words: text, reason: text }],
    },
    exchangeOnline: { ...base.exchangeOnline, state: 'ok', words: text, mxHosts: [text] },
    history: { state: 'ok', words: text, probes: 1, failed: 0 },
  };
}

describe('hostile records', () => {
  test.each(HOSTILE)('$name', ({ text }) => {
    for (const pending of [[], ['dkim' as const]]) {
      const card = peerCard({ ...hostileReport(text), pending });
      const slack = renderBlockKit(card, { runId: 'r' });
      const teams = renderAdaptiveCard(card, { runId: 'r' });
      expect(blockKitProblems(slack)).toEqual([]);
      expect(adaptiveCardProblems(teams.card)).toEqual([]);
      expect(forbiddenIn([...shownStrings(slack.blocks), teams.summary, ...shownStrings(teams.card)])).toEqual([]);
      expect(renderText(card, { verbose: true })).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u,
      );
    }
  });
});
