import { afterAll, beforeAll, expect, test } from 'vitest';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import type { Prober } from '../../src/probe/probe.ts';
import { type MailWorld, startMailWorld } from '../../src/sandbox/mail-world.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';

let world: MailWorld;
let prober: Prober;
beforeAll(async () => {
  world = await startMailWorld();
  const env = { MAILMEDIC_EGRESS_ALLOW: '203.0.113.0/24', MAILMEDIC_MAILBOXES: world.mailbox };
  prober = testProber({
    resolver: createResolver({ server: world.dnsServer, timeoutMs: 500, tries: 1 }),
    dial: world.dial,
    ca: [world.ca],
    config: testConfig({ stageTimeoutS: 1, greylistWaitS: 1 }, env),
  });
});
afterAll(() => world.stop());

/** The built-in mail world, probed through real DNS: each domain must be told for what it is. */
const domains = [
  { name: 'healthy', verdict: 'ok', errorType: null, cause: null },
  { name: 'refused', verdict: 'failed', errorType: 'UnableToConnect', cause: 'refused' },
  { name: 'silent', verdict: 'failed', errorType: 'ProbeTimeout', cause: 'banner' },
  { name: 'expired', verdict: 'degraded', errorType: 'CertificateFailure', cause: 'expired' },
  { name: 'wrongname', verdict: 'degraded', errorType: 'CertificateFailure', cause: 'name-mismatch' },
  { name: 'tls10', verdict: 'degraded', errorType: 'TlsHandshakeFailure', cause: 'protocol-version' },
  { name: 'notls', verdict: 'degraded', errorType: 'TlsNotOffered', cause: 'starttls-missing' },
  { name: 'blocked', verdict: 'failed', errorType: 'ReputationBlock', cause: 'listed-ip' },
  { name: 'throttled', verdict: 'failed', errorType: 'ServerBusy', cause: 'throttled' },
  { name: 'pool', verdict: 'degraded', errorType: 'UnableToConnect', cause: 'refused' },
  { name: 'greylist', verdict: 'degraded', errorType: 'ServerBusy', cause: 'greylisted' },
  { name: 'dane', verdict: 'degraded', errorType: 'CertificateFailure', cause: 'dane-mismatch' },
  { name: 'nxdomain', verdict: 'failed', errorType: 'DnsFailure', cause: 'nxdomain' },
  { name: 'servfail', verdict: 'failed', errorType: 'DnsFailure', cause: 'servfail' },
  { name: 'nullmx', verdict: 'failed', errorType: 'DnsFailure', cause: 'null-mx' },
];
test.concurrent.each(domains)('$name.sandbox.test is $verdict $errorType $cause', async ({ name, ...expected }) => {
  const domain = `${name}.sandbox.test`;
  const target = { kind: 'domain', domain, mailbox: `monitor@${domain}` } as const;
  expect(await probe(prober, requestFor(25, { text: domain, target, port: 25 }))).toMatchObject(expected);
});

test('a message reaches the monitoring mailbox', async () => {
  const target = { kind: 'domain', domain: 'healthy.sandbox.test', mailbox: world.mailbox } as const;
  const report = await probe(prober, requestFor(25, { target, port: 25, depth: 'submit' }));
  expect(report.verdict).toBe('ok');
  expect(world.received()).toHaveLength(1);
});
