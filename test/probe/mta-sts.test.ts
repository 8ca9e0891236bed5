import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority, type Identity } from '../support/certificates.ts';
import { DOMAIN, HOST, type PolicyHost, policyText, startTlsWorld, tlsaOf, type WorldOptions } from './tls-world.ts';

const names = [HOST];
let root: Authority;
let good: Identity;
let web: Identity;
beforeAll(async () => {
  root = await createAuthority('Test root');
  good = await root.issue({ names });
  web = await root.issue({ names: [`mta-sts.${DOMAIN}`] });
});

function policy(mode: string, mx: readonly string[] = [HOST]): PolicyHost {
  return { identity: web, text: policyText(mode, mx) };
}

interface StsCase {
  name: string;
  world: () => Promise<WorldOptions> | WorldOptions;
  state: string;
  verdicts: [string, string];
  fault: [string | null, string | null];
  words?: RegExp;
}

const expired = (): Promise<Identity> => root.issue({ names, fromDays: -90, toDays: -3.5 });

const cases: StsCase[] = [
  {
    name: 'enforce that is met',
    world: () => ({ identity: good, policy: policy('enforce') }),
    state: 'match',
    verdicts: ['ok', 'ok'],
    fault: [null, null],
  },
  {
    name: 'enforce that is met by a wildcard',
    world: () => ({ identity: good, policy: policy('enforce', ['*.contoso.example']) }),
    state: 'match',
    verdicts: ['ok', 'ok'],
    fault: [null, null],
  },
  {
    name: 'enforce that names another host',
    world: () => ({ identity: good, policy: policy('enforce', ['mx.fabrikam.example']) }),
    state: 'mismatch',
    verdicts: ['degraded', 'failed'],
    fault: ['CertificateFailure', 'mta-sts-mismatch'],
    words: /does not meet the domain's MTA-STS policy.*does not name mx1\.contoso\.example \(it names mx\.fabrikam/,
  },
  {
    name: 'enforce with a certificate for the domain instead of the host',
    world: async () => ({ identity: await root.issue({ names: [DOMAIN] }), policy: policy('enforce') }),
    state: 'mismatch',
    verdicts: ['degraded', 'failed'],
    fault: ['CertificateFailure', 'mta-sts-mismatch'],
    words: /issued for contoso\.example, not for mx1/,
  },
  {
    name: 'enforce with a certificate for nobody here',
    world: async () => ({ identity: await root.issue({ names: ['other.example'] }), policy: policy('enforce') }),
    state: 'mismatch',
    verdicts: ['degraded', 'failed'],
    fault: ['CertificateFailure', 'mta-sts-mismatch'],
    words: /issued for other\.example/,
  },
  {
    name: 'enforce with a certificate that has expired',
    world: async () => ({ identity: await expired(), policy: policy('enforce') }),
    state: 'mismatch',
    verdicts: ['degraded', 'failed'],
    fault: ['CertificateFailure', 'expired'],
    words: /expired 3 days ago, and the domain's MTA-STS policy \(enforce\) makes senders refuse/,
  },
  {
    name: 'enforce without STARTTLS',
    world: () => ({ policy: policy('enforce') }),
    state: 'mismatch',
    verdicts: ['degraded', 'failed'],
    fault: ['TlsNotOffered', 'starttls-missing'],
    words: /and the domain's MTA-STS policy \(enforce\) makes senders refuse/,
  },
  {
    name: 'testing that names another host',
    world: () => ({ identity: good, policy: policy('testing', ['mx.fabrikam.example']) }),
    state: 'testing',
    verdicts: ['ok', 'ok'],
    fault: [null, null],
  },
  {
    name: 'testing that is met',
    world: () => ({ identity: good, policy: policy('testing') }),
    state: 'match',
    verdicts: ['ok', 'ok'],
    fault: [null, null],
  },
  {
    name: 'mode none',
    world: () => ({ identity: good, policy: policy('none', []) }),
    state: 'none',
    verdicts: ['ok', 'ok'],
    fault: [null, null],
  },
  {
    name: 'a policy that is not there',
    world: () => ({ identity: good, policy: { ...policy('enforce'), status: 404 } }),
    state: 'broken',
    verdicts: ['ok', 'ok'],
    fault: [null, null],
  },
  {
    name: 'no policy',
    world: () => ({ identity: good }),
    state: 'none',
    verdicts: ['ok', 'ok'],
    fault: [null, null],
  },
  {
    name: 'a name server that fails',
    world: () => ({ identity: good, zone: { [`_mta-sts.${DOMAIN}`]: { fault: 'SERVFAIL' } } }),
    state: 'unknown',
    verdicts: ['ok', 'ok'],
    fault: [null, null],
  },
];

describe.each([
  ['opportunistic', 0],
  ['require', 1],
] as const)('MTA-STS with tls %s', (tls, at) => {
  test.each(cases)('$name is $state', async ({ world, state, verdicts, fault, words }) => {
    const running = await startTlsWorld({ ca: [root.cert], ...(await world()) });
    const report = await running.probe({ tls });
    await running.close();
    expect(report).toMatchObject({ verdict: verdicts[at], errorType: fault[0], cause: fault[1] });
    expect(report.attempts[0]?.tls.mtaSts).toBe(state);
    if (words !== undefined) expect(report.summary).toMatch(words);
  });
});

test('what senders make of each state stands beside the others', async () => {
  const world = await startTlsWorld({
    identity: good,
    ca: [root.cert],
    policy: policy('testing', ['mx.fabrikam.example']),
  });
  const report = await world.probe();
  await world.close();
  const [attempt] = report.attempts;
  expect(attempt?.tls.trust.at(-1)).toMatchObject({ model: 'mta-sts', state: 'testing', delivers: true });
  expect(attempt?.notes.join(' ')).toContain('because the policy is in testing mode: the policy does not name');
});

test('a broken policy is a note with its fault', async () => {
  const world = await startTlsWorld({
    identity: good,
    ca: [root.cert],
    policy: { ...policy('enforce'), text: 'version: STSv2' },
  });
  const report = await world.probe();
  await world.close();
  expect(report.attempts[0]?.notes.join(' ')).toMatch(
    /cannot be used, so senders go on as if there were none: .*STSv2/,
  );
});

test('an enforced policy counts although DANE vouches for the certificate', async () => {
  const identity = await expired();
  const world = await startTlsWorld({
    identity,
    ca: [root.cert],
    tlsa: [tlsaOf(identity, 3)],
    policy: policy('enforce'),
  });
  const report = await world.probe();
  await world.close();
  expect(report).toMatchObject({
    verdict: 'degraded',
    cause: 'expired',
    attempts: [{ tls: { dane: 'match', mtaSts: 'mismatch' } }],
  });
});

test('a policy host that hangs takes its own share of the time and none of a stage', async () => {
  const world = await startTlsWorld({ identity: good, ca: [root.cert], policy: { identity: web, text: undefined } });
  const report = await world.probe({ timeoutS: 2 });
  await world.close();
  expect(report.verdict).toBe('ok');
  expect(report.attempts[0]?.tls.mtaSts).toMatch(/broken|unknown/);
  const { tls, starttls, ehlo } = report.attempts[0]?.timingsMs ?? {};
  // A quarter of the two seconds, counted from the start of the probe.
  expect(report.durationMs).toBeGreaterThan(450);
  expect(report.durationMs).toBeLessThan(2000);
  expect((tls ?? 0) + (starttls ?? 0) + (ehlo ?? 0)).toBeLessThan(report.durationMs / 2);
});

test('a single host has no policy to ask for', async () => {
  const world = await startTlsWorld({ identity: good, ca: [root.cert], policy: policy('enforce', ['x.example']) });
  const target = { kind: 'host', host: HOST, port: world.mail.port } as const;
  const report = await world.probe({ target });
  await world.close();
  expect(report).toMatchObject({ verdict: 'ok', attempts: [{ tls: { dane: 'none', mtaSts: null } }] });
});
