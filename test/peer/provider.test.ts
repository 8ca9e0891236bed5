import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXCHANGE_ONLINE_RANGES, exchangeRangesSchema } from '../../src/peer/data/exchange-online-ranges.ts';
import { PROVIDERS } from '../../src/peer/data/providers.ts';
import { exchangeMembership } from '../../src/peer/exchange-online.ts';
import { providerOf } from '../../src/peer/provider.ts';

describe('providerOf', () => {
  test.each([
    ['contoso-com.mail.protection.outlook.com', 'Microsoft 365'],
    ['contoso-com.o-v1.mx.microsoft', 'Microsoft 365'],
    ['contoso.mail.protection.office365.us', 'Microsoft 365'],
    ['contoso.mail.protection.partner.outlook.cn', 'Microsoft 365'],
    ['mail-db5eur01lp2050.outbound.protection.outlook.com', 'Microsoft 365'],
    ['outlook-com.olc.protection.outlook.com', 'Outlook.com'],
    ['ASPMX.L.GOOGLE.COM.', 'Google Workspace'],
    ['alt1.aspmx.l.google.com', 'Google Workspace'],
    ['smtp.google.com', 'Google Workspace'],
    ['alt1.gmail-smtp-in.l.google.com', 'Gmail'],
    ['mx0a-00123456.pphosted.com', 'Proofpoint'],
    ['mx1-us1.ppe-hosted.com', 'Proofpoint Essentials'],
    ['eu-smtp-inbound-1.mimecast.com', 'Mimecast'],
    ['d12345.a.ess.uk.barracudanetworks.com', 'Barracuda'],
    ['mx1.hc123-4.eu.iphmx.com', 'Cisco Secure Email'],
    ['cluster5.eu.messagelabs.com', 'Broadcom (MessageLabs)'],
    ['mx-van.mail.am0.yahoodns.net', 'Yahoo and AOL'],
    ['mx01.mail.icloud.com', 'iCloud'],
    ['in1-smtp.messagingengine.com', 'Fastmail'],
    ['mail.protonmail.ch', 'Proton'],
    ['mx00.emig.gmx.net', 'GMX and WEB.DE'],
    ['route1.mx.cloudflare.net', 'Cloudflare'],
    ['mx01.hornetsecurity.com', 'Hornetsecurity'],
    ['mx.spamexperts.com', 'SpamExperts'],
  ])('%s is %s', (host, name) => {
    expect(providerOf([host])).toMatchObject({ name, evidence: host });
  });

  test.each([
    'evil-outlook.com.attacker.example',
    'mail.protection.outlook.com.attacker.example',
    'notpphosted.com',
    'xmx.microsoft',
    'google.com.example',
    'mx1.contoso.example',
    '',
  ])('%j is nobody known', (host) => {
    expect(providerOf([host])).toBeNull();
  });

  test('the first name that tells counts', () => {
    expect(providerOf(['mx.contoso.example', 'mx1.ppe-hosted.com', 'aspmx.l.google.com'])?.name).toBe(
      'Proofpoint Essentials',
    );
  });

  test('every row is usable data', () => {
    const suffixes = PROVIDERS.flatMap((row) => row.suffixes);
    expect(new Set(suffixes).size).toBe(suffixes.length);
    for (const suffix of suffixes) expect(suffix).toMatch(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/);
    for (const { statusPage, delisting } of PROVIDERS) {
      for (const url of [statusPage, delisting]) if (url !== undefined) expect(new URL(url).protocol).toBe('https:');
    }
  });
});

describe('exchangeMembership', () => {
  test.each([
    ['40.92.1.2', 'published'],
    ['40.107.255.255', 'published'],
    ['52.103.0.1', 'published'],
    ['104.47.127.255', 'published'],
    ['104.47.128.0', 'unpublished'],
    ['2a01:111:f400:7c00::1', 'published'],
    ['::ffff:52.100.0.1', 'published'],
    ['2a01:111:f402::1', 'unpublished'],
    ['40.95.12.1', 'relay'],
    ['192.0.2.1', 'unpublished'],
    ['not an address', 'unpublished'],
  ])('%s is %s', (ip, pool) => {
    const section = exchangeMembership([ip], [], EXCHANGE_ONLINE_RANGES);
    expect(section.addresses).toEqual([{ ip, pool }]);
    expect(section.state).toBe(pool === 'unpublished' ? 'absent' : 'ok');
    expect(section.words).toMatch(pool === 'relay' ? /relay pool/ : new RegExp(EXCHANGE_ONLINE_RANGES.date));
  });

  test('the name of an MX tells where the ranges do not', () => {
    const gov = exchangeMembership(['20.35.242.130'], ['contoso.mail.protection.office365.us'], EXCHANGE_ONLINE_RANGES);
    expect(gov).toMatchObject({ state: 'ok', mxHosts: ['contoso.mail.protection.office365.us'] });
    const other = exchangeMembership(
      ['192.0.2.1'],
      ['mail.protection.outlook.com.evil.example'],
      EXCHANGE_ONLINE_RANGES,
    );
    expect(other).toMatchObject({ state: 'absent', mxHosts: [], words: expect.stringContaining('sovereign clouds') });
  });

  test('any address is in one pool', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (ip) => {
        expect(['published', 'relay', 'unpublished']).toContain(
          exchangeMembership([ip], [], EXCHANGE_ONLINE_RANGES).addresses[0]?.pool,
        );
      }),
    );
  });

  test('the shipped ranges pass their own schema', () => {
    expect(exchangeRangesSchema.parse(EXCHANGE_ONLINE_RANGES)).toEqual(EXCHANGE_ONLINE_RANGES);
  });
});
