import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { type Say, startDnsServer } from './dns-server.ts';

/** A server of zones only: an alias is all that it says of an alias. `rung3` is three aliases away from an address. */
function say(type: string, name: string): Say {
  const rung = Number(/^rung(\d+)\./.exec(name)?.[1] ?? 0);
  if (name === 'gone.a.example') return { rcode: 'NXDOMAIN' };
  if (name === 'dead.a.example') return { answers: [{ type: 'CNAME', name, data: 'gone.a.example' }] };
  if (name === 'ring.a.example') return { answers: [{ type: 'CNAME', name, data: 'gnir.a.example' }] };
  if (name === 'gnir.a.example') return { answers: [{ type: 'CNAME', name, data: 'ring.a.example' }] };
  if (rung > 0) {
    return { answers: [{ type: 'CNAME', name, data: `rung${rung - 1}.a.example` }], secure: rung !== 2 };
  }
  return type === 'A' ? { answers: [{ type: 'A', name, data: '192.0.2.1' }], secure: true } : { answers: [] };
}

let server: Awaited<ReturnType<typeof startDnsServer>>;
beforeAll(async () => {
  server = await startDnsServer(say);
});
afterAll(() => server.close());

describe('aliases that the server does not follow', () => {
  const cases = [
    ['one', 'rung1.a.example', { status: 'ok', records: ['192.0.2.1'], secure: true }],
    ['several, one of them not secure', 'rung3.a.example', { status: 'ok', records: ['192.0.2.1'], secure: false }],
    ['to a name that does not exist', 'dead.a.example', { status: 'nxdomain', records: [], secure: false }],
    ['that run in a circle', 'ring.a.example', { status: 'nodata', records: [] }],
    ['without end', 'rung40.a.example', { status: 'nodata', records: [] }],
  ] as const;
  test.each(cases)('%s', async (_, name, answer) => {
    const resolver = createResolver({ server: server.address, timeoutMs: 500, tries: 1 });
    expect(await resolver.a(name)).toMatchObject(answer);
  });

  test('are what a question for an alias is about', async () => {
    const resolver = createResolver({ server: server.address, timeoutMs: 500, tries: 1 });
    expect(await resolver.cname('rung2.a.example')).toMatchObject({ status: 'ok', records: ['rung1.a.example'] });
  });
});
