import { beforeAll, describe, expect, test } from 'vitest';
import type { Prober } from '../../src/probe/probe.ts';
import { type Authority, createAuthority, type Identity } from '../support/certificates.ts';
import {
  type MailServerOptions,
  mailServer,
  type Script,
  startScriptedServer,
} from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber, zoneResolver } from './harness.ts';
import { HOST } from './tls-world.ts';

const names = [HOST];
const resolver = zoneResolver({ a: { [HOST]: ['127.0.0.1'] } });
const LENIENT = 'DEFAULT@SECLEVEL=0';

let root: Authority;
let identity: Identity;
/** One for all: it keeps the context of each version. */
let prober: Prober;
beforeAll(async () => {
  root = await createAuthority('Test root');
  identity = await root.issue({ names });
  prober = testProber({ resolver, ca: [root.cert] });
});

async function scan(script: Script, overrides: Parameters<typeof requestFor>[1] = {}) {
  const server = await startScriptedServer(script);
  const target = { kind: 'host', host: HOST, port: server.port } as const;
  const report = await probe(prober, requestFor(server.port, { target, depth: 'tls', tlsScan: true, ...overrides }));
  await server.close();
  return { report, attempt: report.attempts[0], accepted: server.accepted };
}

const serve = (options: MailServerOptions): Script => mailServer({ identity, ...options });

describe.concurrent('a scan', () => {
  const cases = [
    { minVersion: 'TLSv1', maxVersion: 'TLSv1.3', accepted: [true, true, true, true] },
    { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', accepted: [false, false, true, true] },
    { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', accepted: [false, false, false, true] },
    { minVersion: 'TLSv1', maxVersion: 'TLSv1', accepted: [true, false, false, false] },
    { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.2', accepted: [false, true, true, false] },
  ] as const;
  describe.each([false, true])('with implicit TLS %s', (implicitTls) => {
    test.each(cases)('$minVersion to $maxVersion', async ({ minVersion, maxVersion, accepted }) => {
      const script = serve({ implicitTls, tls: { minVersion, maxVersion, ciphers: LENIENT } });
      const { attempt } = await scan(script, implicitTls ? { tls: 'implicit' } : {});
      expect(attempt?.tls.scan?.map(({ protocol }) => protocol)).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
      expect(attempt?.tls.scan?.map((one) => one.accepted)).toEqual(accepted);
      for (const one of attempt?.tls.scan ?? []) {
        if (one.accepted) expect(one).toMatchObject({ cipher: expect.any(String), error: null });
        else expect(one).toMatchObject({ cipher: null, error: expect.stringMatching(/^not accepted/) });
      }
    });
  });

  test('old versions beside new ones are a note, no fault', async () => {
    const { report, attempt } = await scan(serve({ tls: { minVersion: 'TLSv1', ciphers: LENIENT } }));
    expect(report.verdict).toBe('ok');
    expect(attempt?.notes.join(' ')).toContain('TLS 1.0 and TLS 1.1 are accepted beside newer versions');
  });

  test('is not made unless asked for, nor where there is no TLS', async () => {
    const plain = await scan(mailServer());
    expect(plain.attempt?.tls.scan).toBeNull();
    const unasked = await scan(serve({}), { tlsScan: false });
    expect(unasked.attempt?.tls.scan).toBeNull();
    expect(unasked.accepted).toBe(1);
  });

  test('says of a server that has had enough that it could not be asked, and leaves it alone', async () => {
    const healthy = serve({});
    let connections = 0;
    const { report, attempt, accepted } = await scan((peer) => {
      connections += 1;
      if (connections < 3) return healthy(peer);
      peer.send('421 4.7.0 Too many connections from your host\r\n');
      peer.end();
      return undefined;
    });
    expect(report.verdict).toBe('ok');
    expect(attempt?.tls.scan).toMatchObject([
      { error: 'not accepted' },
      { error: expect.stringMatching(/^could not be asked: .*too many connections/i) },
      { error: expect.stringMatching(/^could not be asked/) },
      { error: expect.stringMatching(/^could not be asked/) },
    ]);
    expect(accepted).toBe(3);
  });

  test('tells a server that hangs from one that declines', async () => {
    let connections = 0;
    const healthy = serve({});
    const { attempt } = await scan(async (peer) => {
      connections += 1;
      if (connections === 1) return healthy(peer);
      peer.send('220 mx1\r\n');
      await peer.line();
      peer.send('250-mx1\r\n250 STARTTLS\r\n');
      await peer.line();
      peer.send('220 go ahead\r\n');
      return undefined;
    });
    expect(attempt?.tls.scan?.[0]?.error).toBe('could not be asked: no answer to the TLS handshake');
  });

  test('does not take a cut connection for an answer when the version is known to work', async () => {
    let connections = 0;
    const healthy = serve({});
    const { attempt } = await scan(async (peer) => {
      connections += 1;
      if (connections === 1) return healthy(peer);
      peer.send('220 mx1\r\n');
      await peer.line();
      peer.send('250-mx1\r\n250 STARTTLS\r\n');
      await peer.line();
      peer.send('220 go ahead\r\n');
      peer.reset();
      return undefined;
    });
    const words = 'could not be asked: the server cuts connections, also for a version that it takes';
    expect(attempt?.tls.scan?.map(({ error }) => error)).toEqual([words, words, words, words]);
  });

  test('ends with the time of the probe', async () => {
    const { attempt } = await scan(serve({}), { timeoutS: 0.3 });
    expect(attempt?.tls.scan?.at(-1)?.error).toBe('could not be asked: the time of the probe was up');
  });
});
