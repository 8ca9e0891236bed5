import { afterEach, describe, expect, test } from 'vitest';
import { isDnssecFailure } from '../../src/dns/dnssec-check.ts';
import { type Say, startDnsServer } from './dns-server.ts';

const question = { name: 'contoso.example', type: 'MX' } as const;
const servfail: Say = { rcode: 'SERVFAIL' };

let server: Awaited<ReturnType<typeof startDnsServer>> | undefined;
afterEach(() => server?.close());

describe('isDnssecFailure', () => {
  test.each<[name: string, checked: Say, unchecked: Say, expected: boolean]>([
    ['an answer as soon as nothing is checked', servfail, { answers: [] }, true],
    ['NXDOMAIN as soon as nothing is checked', servfail, { rcode: 'NXDOMAIN' }, true],
    ['SERVFAIL either way', servfail, servfail, false],
    ['a server that has recovered', { answers: [] }, { answers: [] }, false],
    ['a server that does not answer unchecked questions', servfail, { silence: true }, false],
    ['noise', servfail, { bytes: Buffer.from('no DNS') }, false],
  ])('%s', async (_, checked, unchecked, expected) => {
    server = await startDnsServer((_type, _name, checking) => (checking ? checked : unchecked));
    expect(await isDnssecFailure(server.address, question, 200)).toBe(expected);
  });

  test('nobody there is a no', async () => {
    server = await startDnsServer(() => servfail);
    const { address } = server;
    await server.close();
    server = undefined;
    expect(await isDnssecFailure(address, question, 200)).toBe(false);
    expect(await isDnssecFailure('[::1]:1', question, 200)).toBe(false);
  });
});
