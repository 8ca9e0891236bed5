import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { DOMAIN, HOST, startTlsWorld } from './tls-world.ts';

let root: Authority;
beforeAll(async () => {
  root = await createAuthority('Test root');
});

const address = { hostIp: '127.0.0.1' };

describe('the address of a domain, given with --host', () => {
  test.each([[[HOST]], [[DOMAIN]]])('may show a certificate for %j', async (names) => {
    const world = await startTlsWorld({ identity: await root.issue({ names }), ca: [root.cert] });
    const report = await world.probe(address);
    expect(report).toMatchObject({ verdict: 'ok', mx: [], attempts: [{ host: DOMAIN, ip: '127.0.0.1' }] });
    await world.close();
  });

  test('may not show one for another host', async () => {
    const identity = await root.issue({ names: ['mx.fabrikam.example'] });
    const world = await startTlsWorld({ identity, ca: [root.cert] });
    const report = await world.probe(address);
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'CertificateFailure', cause: 'name-mismatch' });
    await world.close();
  });

  test('does not wait for a DNS that is silent', async () => {
    const identity = await root.issue({ names: [DOMAIN] });
    const world = await startTlsWorld({ identity, ca: [root.cert], zone: { [DOMAIN]: { fault: 'silence' } } });
    const report = await world.probe(address);
    expect(report.verdict).toBe('ok');
    expect(report.durationMs).toBeLessThan(2500);
    await world.close();
  });
});
