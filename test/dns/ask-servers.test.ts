import { afterEach, describe, expect, test } from 'vitest';
import { askServers } from '../../src/dns/ask-servers.ts';
import { parseServer, type ServerAddress } from '../../src/dns/server-address.ts';
import { type Say, startDnsServer } from './dns-server.ts';

const servers: Awaited<ReturnType<typeof startDnsServer>>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Servers that each say one thing, asked in this order. */
async function ask(says: Say[], tries = 2): Promise<string> {
  const addresses: ServerAddress[] = [];
  for (const say of says) {
    const server = await startDnsServer(() => say);
    servers.push(server);
    const address = parseServer(server.address);
    if (address !== undefined) addresses.push(address);
  }
  const options = { timeoutMs: 250, signal: new AbortController().signal, run: <T>(work: () => T): T => work() };
  const { status } = await askServers(addresses, { name: 'a.example', type: 'A' }, tries, options);
  return `${status} ${servers.map(({ asked }) => asked).join(' ')}`;
}

const answer: Say = { answers: [] };
const silence: Say = { silence: true };
const garbage: Say = { bytes: Buffer.from('no DNS') };

describe('askServers', () => {
  test.each<[says: Say[], expected: string]>([
    [[answer, answer], 'answered 1 0'],
    [[{ rcode: 'NXDOMAIN' }, answer], 'answered 1 0'],
    [[silence, answer], 'answered 1 1'],
    // SERVFAIL is asked three times: once, and with and without checking signatures.
    [[{ rcode: 'SERVFAIL' }, answer], 'answered 3 1'],
    [[{ rcode: 'REFUSED' }, answer], 'answered 1 1'],
    [[garbage, answer], 'answered 1 1'],
    [[silence, silence], 'timeout 2 2'],
    [[silence, { rcode: 'REFUSED' }], 'refused 2 1'],
    [[{ rcode: 'REFUSED' }, { rcode: 'SERVFAIL' }], 'servfail 1 3'],
    [[garbage, silence], 'invalid 1 2'],
    // FORMERR is tried once more without EDNS.
    [[{ rcode: 'FORMERR' }], 'refused 2'],
    [[], 'refused '],
  ])('%j: %s', async (says, expected) => {
    expect(await ask(says)).toBe(expected);
  });
});

test.each<[text: string, expected: ServerAddress | undefined]>([
  ['192.0.2.53', { address: '192.0.2.53', port: 53 }],
  ['192.0.2.53:5353', { address: '192.0.2.53', port: 5353 }],
  ['2001:db8::53', { address: '2001:db8::53', port: 53 }],
  ['[2001:db8::53]', { address: '2001:db8::53', port: 53 }],
  ['[2001:db8::53]:5353', { address: '2001:db8::53', port: 5353 }],
  ['[192.0.2.53]:53', undefined],
  ['192.0.2.53:0', undefined],
  ['192.0.2.53:65536', undefined],
  ['dns.example', undefined],
  ['dns.example:53', undefined],
  ['', undefined],
])('parseServer %j', (text, expected) => {
  expect(parseServer(text)).toEqual(expected);
});
