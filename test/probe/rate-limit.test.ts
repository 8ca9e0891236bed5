import { expect, test } from 'vitest';
import { createRateLimit, RateLimited } from '../../src/probe/rate-limit.ts';
import { requestFor, testConfig, testProber } from './harness.ts';

test('each person and each target has its own minute, and the refusal says when to try again', async () => {
  const check = createRateLimit({ perUserPerMinute: 2, perTargetPerMinute: 3, perMinute: 100 });
  await check('ann', 'a.example');
  await check('ann', 'b.example');
  await expect(check('ann', 'c.example')).rejects.toThrow(/2 probes within a minute.*Try again in \d+ s\./);
  await check('bob', 'A.example');
  await check(undefined, 'a.example');
  await expect(check('eve', 'a.example')).rejects.toThrow(/a\.example has been probed 3 times/);
  await check(undefined, 'd.example');
});

test('everybody together has a minute too', async () => {
  const check = createRateLimit({ perUserPerMinute: 10, perTargetPerMinute: 10, perMinute: 3 });
  await check('ann', 'a.example');
  await check('bob', 'b.example');
  await check(undefined, 'c.example');
  const refused = check('eve', 'd.example');
  await expect(refused).rejects.toThrow(/3 probes have been started here within a minute.*Try again in \d+ s\./);
  await expect(refused).rejects.toSatisfy(
    (error) => error instanceof RateLimited && error.retryAfterMs > 0 && error.retryAfterMs <= 60_000,
  );
});

test.each([
  ['192.0.2.10', '::ffff:192.0.2.10'],
  ['2001:db8::1', '2001:DB8:0:0::0001'],
  ['MX1.contoso.example', 'mx1.contoso.example'],
])('%s and %s are one target', async (one, same) => {
  const check = createRateLimit({ perUserPerMinute: 10, perTargetPerMinute: 1, perMinute: 100 });
  await check(undefined, one);
  await expect(check(undefined, same)).rejects.toThrow(/has been probed 1 times/);
});

test('an address given with --host is the target, whatever name stands before it', async () => {
  const prober = testProber({ config: testConfig({ perTargetPerMinute: 1 }) });
  const asked = (name: string) =>
    prober.probe(
      { ...requestFor(1), target: { kind: 'host', host: name, port: 1 }, hostIp: '127.0.0.1', depth: 'connect' },
      { signal: new AbortController().signal },
    );
  await asked('a.example');
  await expect(asked('b.example')).rejects.toThrow(/127\.0\.0\.1 has been probed 1 times/);
});
