import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKnowledge } from '../../src/analysis/knowledge/knowledge.ts';
import { systemClock } from '../../src/clock.ts';
import { UserError } from '../../src/errors.ts';
import { parseControl } from '../../src/probe/control.ts';
import { mailServer, type ScriptedServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber, type Zone, zoneResolver } from './harness.ts';

const env = { MAILMEDIC_EGRESS_ALLOW: '203.0.113.0/24,2001:db8::/32' };
const TARGET = '203.0.113.10';
const CONTROL = '203.0.113.40';
const zone: Zone = {
  mx: { 'd.example': [{ host: 'mx.d.example', preference: 10 }] },
  a: { 'mx.d.example': [TARGET], 'control.example': [CONTROL], 'private.example': ['10.0.0.1'] },
};

let working: ScriptedServer;
let closedPort: number;
beforeAll(async () => {
  working = await startScriptedServer(mailServer());
  const gone = await startScriptedServer(() => undefined);
  closedPort = gone.port;
  await gone.close();
});
afterAll(() => working.close());

/** Everything refuses but the addresses that are named; an address without a route fails as it does on a cut-off machine. */
function world(control: string | undefined, up: string[] = [], options: { routeless?: boolean } = {}) {
  const dialled: string[] = [];
  const prober = testProber({
    resolver: zoneResolver(zone),
    config: testConfig(control === undefined ? {} : { control }, env),
    knowledge: createKnowledge({ runbookUrl: (type) => `https://runbooks.example/${type}` }),
    dial: (ip, port) => {
      dialled.push(`${ip}:${port}`);
      if (up.includes(ip)) return { host: '127.0.0.1', port: working.port };
      return options.routeless === true
        ? { host: '255.255.255.255', port: 25 }
        : { host: '127.0.0.1', port: closedPort };
    },
  });
  return { prober, dialled };
}

const asked = {
  ...requestFor(25, { text: 'd.example', target: { kind: 'domain', domain: 'd.example' } }),
  tls: 'off' as const,
};

describe('a probe that cannot connect anywhere', () => {
  test('blames the peer when the control target answers', async () => {
    const { prober, dialled } = world('control.example', [CONTROL]);
    const before = working.received.length;
    const report = await probe(prober, asked);
    expect(dialled).toEqual([`${TARGET}:25`, `${CONTROL}:25`]);
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'UnableToConnect', cause: 'refused' });
    expect(report.control).toEqual({
      target: 'control.example',
      reachable: true,
      words: 'The control target control.example answers from here, so the trouble is on their side or between.',
    });
    // It is greeted and left politely, and never asked for more.
    expect(working.received.slice(before)).toEqual(['QUIT']);
    expect(report.attempts).toHaveLength(1);
  });

  test('blames this host when the control target fails too', async () => {
    const report = await probe(world('control.example').prober, asked);
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'UnableToConnect',
      cause: 'blocked-egress',
      stage: 'connect',
      owner: 'network',
      control: { target: 'control.example', reachable: false },
    });
    expect(report.summary).toBe(
      'This host cannot reach port 25 anywhere: the control target control.example fails too, so this says nothing about d.example.',
    );
    const steps = report.mitigation.join('\n');
    expect(steps).toMatch(/open TCP 25 on the way out: control\.example fails from here too/);
    expect(steps).not.toContain('MAILMEDIC_EGRESS_ALLOW');
    // What was seen at the address itself stays what it was.
    expect(report.attempts[0]).toMatchObject({ errorType: 'UnableToConnect', cause: 'refused' });
  });

  test('names both ports when they differ', async () => {
    const { prober, dialled } = world(`[2001:db8::40]:587`);
    const report = await probe(prober, asked);
    expect(dialled).toContain('2001:db8::40:587');
    expect(report.summary).toMatch(/^This host cannot reach mail servers at port 587 or 25: the control target/);
  });

  test.each([
    ['whose name is unknown', 'nowhere.example', /could not be tried: address of nowhere\.example: the name does not/],
    ['that may not be dialled', 'private.example', /could not be tried: none of its addresses may be dialled/],
  ])('learns nothing from a control target %s', async (_, control, words) => {
    const { prober, dialled } = world(control);
    const report = await probe(prober, asked);
    expect(report).toMatchObject({
      cause: 'refused',
      control: { reachable: false, words: expect.stringMatching(words) },
    });
    expect(dialled).toEqual([`${TARGET}:25`]);
  });

  test('asks the control target even when the time of the probe is up', async () => {
    let skippedMs = 0;
    const late = testProber({
      resolver: zoneResolver(zone),
      config: testConfig({ control: 'control.example' }, env),
      clock: { ...systemClock, elapsed: () => systemClock.elapsed() + skippedMs },
      dial: (ip) => {
        if (ip === CONTROL) return { host: '127.0.0.1', port: working.port };
        skippedMs = 3_600_000;
        return { host: '127.0.0.1', port: closedPort };
      },
    });
    const report = await probe(late, asked);
    expect(report).toMatchObject({ errorType: 'UnableToConnect', control: { reachable: true } });
  });

  test('remembers the control target for a while', async () => {
    const { prober, dialled } = world('control.example', [CONTROL]);
    await probe(prober, asked);
    await probe(prober, asked);
    expect(dialled).toEqual([`${TARGET}:25`, `${CONTROL}:25`, `${TARGET}:25`]);
  });

  test('says what to set when silence could be anybody’s', async () => {
    const report = await probe(world(undefined, [], { routeless: true }).prober, asked);
    expect(report).toMatchObject({ errorType: 'UnableToConnect', control: null });
    expect(report.attempts[0]?.notes.join()).toMatch(/set MAILMEDIC_PROBE_CONTROL \(probe\.control\)/);
  });

  test('says nothing of it when a refusal came back', async () => {
    const report = await probe(world(undefined).prober, asked);
    expect(report).toMatchObject({ cause: 'refused', control: null });
    expect(report.attempts[0]?.notes).toEqual([]);
  });
});

describe('the control target is left alone', () => {
  test.each<[string, Parameters<typeof probe>[1], string[]]>([
    ['when something connects', asked, [TARGET]],
    ['when DNS has no address', { ...asked, target: { kind: 'domain', domain: 'none.example' } }, []],
    ['when the egress policy forbade the address', { ...asked, hostIp: '10.0.0.1' }, []],
    ['when it is the target itself', { ...asked, target: { kind: 'host', host: 'Control.example', port: 25 } }, []],
  ])('%s', async (_, request, up) => {
    const { prober, dialled } = world('control.example', up);
    const report = await probe(prober, request);
    expect(report.control).toBeNull();
    expect(dialled.length).toBeLessThan(2);
  });
});

describe('parseControl', () => {
  test.each([
    ['mx1.contoso.example', 'mx1.contoso.example', 25],
    ['mx1.contoso.example:587', 'mx1.contoso.example', 587],
    ['192.0.2.10', '192.0.2.10', 25],
    ['192.0.2.10:2525', '192.0.2.10', 2525],
    ['2001:db8::25', '2001:db8::25', 25],
    ['[2001:db8::25]:26', '2001:db8::25', 26],
    [' bücher.example ', 'xn--bcher-kva.example', 25],
  ])('reads %s', (text, host, port) => {
    expect(parseControl(text)).toMatchObject({ host, port });
  });

  test.each([
    '',
    ':25',
    'a b',
    'mx1.contoso.example:0',
    'mx1.contoso.example:99999',
    'x:y',
    '[mx1]:25',
    'a\r\nb',
    '1.2.3',
  ])('refuses %j and names the key', (text) => {
    expect(() => parseControl(text)).toThrow(UserError);
    expect(() => parseControl(text)).toThrow(/^probe\.control: .*MAILMEDIC_PROBE_CONTROL/);
  });
});

test('probes that fail at the same time ask the control target once, and one that is cancelled does not spoil it', async () => {
  const { prober, dialled } = world('control.example', [CONTROL]);
  const cancel = new AbortController();
  const cancelled = probe(prober, asked, cancel.signal);
  cancelled.catch(() => undefined);
  const others = Array.from({ length: 5 }, () => probe(prober, asked));
  const until = Date.now() + 5000;
  while (!dialled.includes(`${CONTROL}:25`) && Date.now() < until) await new Promise(setImmediate);
  cancel.abort(new Error('had enough'));
  const reports = await Promise.all(others);
  await expect(cancelled).rejects.toThrow('had enough');
  expect(reports.map(({ control }) => control?.reachable)).toEqual(Array(5).fill(true));
  expect(dialled.filter((one) => one === `${CONTROL}:25`)).toHaveLength(1);
});

/** A stopped process with a full backlog: its kernel drops the SYN, as a firewall does. */
async function startFullServer(): Promise<{ port: number; close: () => void }> {
  const script = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port); })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(printed.toString());
  child.kill('SIGSTOP');
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    port,
    close: () => {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
    },
  };
}

test('there is time left for it when an address swallows the connection', async () => {
  const server = await startScriptedServer(mailServer());
  const full = await startFullServer();
  const dialled: string[] = [];
  const prober = testProber({
    resolver: zoneResolver(zone),
    config: testConfig({ control: 'control.example', stageTimeoutS: 15 }, env),
    dial: (ip) => {
      dialled.push(ip);
      // A backlog that is full swallows connections, as a firewall does.
      return ip === TARGET ? { host: '127.0.0.1', port: full.port } : { host: '127.0.0.1', port: server.port };
    },
  });
  try {
    const began = performance.now();
    const report = await probe(prober, { ...asked, timeoutS: 2 });
    expect(performance.now() - began).toBeLessThan(2000);
    expect(report).toMatchObject({ errorType: 'UnableToConnect', cause: 'timeout', control: { reachable: true } });
    expect(dialled).toEqual([TARGET, CONTROL]);
  } finally {
    full.close();
    await server.close();
  }
});
