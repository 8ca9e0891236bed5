import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Say, startDnsServer } from '../dns/dns-server.ts';
import { createAuthority } from '../support/certificates.ts';
import { mailServer, type Script, type ScriptedServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { CLI, type CliRun, runCli } from './cli-process.ts';

const HOST = 'mx1.contoso.example';
const MAILBOX = 'monitor@contoso.example';
const folder = mkdtempSync(path.join(tmpdir(), 'mailmedic-cli-'));
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};

const servers: { close(): Promise<void> }[] = [];
async function serve(script: Script): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  servers.push(server);
  return server;
}

let dns: Awaited<ReturnType<typeof startDnsServer>>;
const trust = { NODE_EXTRA_CA_CERTS: path.join(folder, 'root.pem') };
const messages: string[] = [];
const ports: Record<string, number> = {};

function say(type: string, name: string): Say {
  if (name === 'silent.example') return { silence: true };
  if (name === 'contoso.example' && type === 'MX')
    return { answers: [{ type, name, data: { preference: 10, exchange: HOST } }] };
  if (name === HOST || name === 'contoso.example')
    return { answers: type === 'A' && name === HOST ? [{ type, name, data: '127.0.0.1' }] : [] };
  return { rcode: 'NXDOMAIN' };
}

beforeAll(async () => {
  dns = await startDnsServer(say);
  servers.push(dns);
  const root = await createAuthority('Test root');
  file('root.pem', root.cert);
  const good = await root.issue({ names: [HOST] });
  const scripts: Record<string, Script> = {
    good: mailServer({ identity: good }),
    expired: mailServer({ identity: await root.issue({ names: [HOST], fromDays: -90, toDays: -3.5 }) }),
    plain: mailServer(),
    taking: mailServer({ onMessage: (message) => messages.push(message) }),
    unknownUser: mailServer({ replies: { RCPT: '550 5.1.1 User unknown' } }),
    hostile: mailServer({
      banner: '220 <!channel> \x1b[31m\x07 @everyone \u202e',
      replies: { RCPT: '550 \x1b]0;owned\x07' },
    }),
  };
  for (const [name, script] of Object.entries(scripts)) ports[name] = (await serve(script)).port;
  const gone = await startScriptedServer(() => undefined);
  ports.closed = gone.port;
  await gone.close();
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

const ajv = new Ajv2020({ strict: false });

/** The JSON document of a run, which must be all of stdout, fit its published schema and leave stderr empty. */
function document(run: CliRun, schema: 'probe' | 'peer' | 'diagnose'): Record<string, unknown> {
  expect(run.stderr).toBe('');
  const value = JSON.parse(run.stdout) as Record<string, unknown>;
  const published = readFileSync(path.resolve(import.meta.dirname, `../../docs/schemas/${schema}.schema.json`), 'utf8');
  const valid = ajv.validate(JSON.parse(published) as object, value);
  expect(valid ? [] : ajv.errors).toEqual([]);
  return value;
}

const at = (name: string): string => `127.0.0.1:${ports[name]}`;

describe('probe --json', () => {
  interface Case {
    name: string;
    args: () => string[];
    trusting?: boolean;
    status: 0 | 1;
    expected: object;
  }
  const cases: Case[] = [
    {
      name: 'a healthy host',
      args: () => [`${HOST}:${ports.good}`, '--depth', 'rcpt', '--tls', 'require'],
      trusting: true,
      status: 0,
      expected: { verdict: 'ok', errorType: null, owner: 'none', attempts: [{ tls: { authorized: true } }] },
    },
    {
      name: 'a domain through its MX',
      args: () => ['contoso.example', '--port', String(ports.good)],
      trusting: true,
      status: 0,
      expected: { verdict: 'ok', mx: [{ host: HOST, preference: 10 }] },
    },
    {
      name: 'the same without its authority',
      args: () => [`${HOST}:${ports.good}`],
      status: 0,
      expected: { verdict: 'degraded', errorType: 'CertificateFailure', cause: 'untrusted', stage: 'certificate' },
    },
    {
      name: 'an expired certificate where TLS is demanded',
      args: () => [`${HOST}:${ports.expired}`, '--tls=require'],
      trusting: true,
      status: 1,
      expected: { verdict: 'failed', cause: 'expired', owner: 'recipient' },
    },
    {
      name: 'an unknown recipient',
      args: () => ['kim@contoso.example', '--host', '127.0.0.1', '--port', String(ports.unknownUser), '--tls', 'off'],
      status: 1,
      expected: {
        verdict: 'failed',
        errorType: 'RecipientRejected',
        cause: 'unknown',
        stage: 'rcpt',
        attempts: [{ lastReply: { code: '550', enhanced: '5.1.1', text: 'User unknown' } }],
      },
    },
    {
      name: 'a closed port',
      args: () => [at('closed')],
      status: 1,
      expected: { errorType: 'UnableToConnect', cause: 'refused', stage: 'connect', owner: 'network' },
    },
    {
      name: 'no such domain',
      args: () => ['nobody.example'],
      status: 1,
      expected: { errorType: 'DnsFailure', cause: 'nxdomain', stage: 'dns', owner: 'dns', attempts: [] },
    },
  ];
  test.concurrent.each(cases)('$name: status $status', async ({ args, trusting, status, expected }) => {
    const env = { MAILMEDIC_DNS: dns.address, ...(trusting === true ? trust : {}) };
    const run = await runCli(['probe', ...args(), '--json'], { env });
    expect(document(run, 'probe')).toMatchObject(expected);
    expect(run.status).toBe(status);
  });

  test.concurrent('a message goes to a monitoring mailbox', async () => {
    const args = ['probe', MAILBOX, '--host', '127.0.0.1', '--port', String(ports.taking)];
    const env = { MAILMEDIC_MAILBOXES: MAILBOX };
    const run = await runCli([...args, '--depth', 'submit', '--json'], { env });
    expect(document(run, 'probe')).toMatchObject({ verdict: 'degraded', cause: 'starttls-missing' });
    expect(run.status).toBe(0);
    expect(messages).toEqual([expect.stringMatching(/^To: <monitor@contoso\.example>\r$/m)]);
  });

  test.concurrent('look-ups without an answer do not hold the process', async () => {
    const env = { MAILMEDIC_DNS: dns.address, MAILMEDIC_PROBE_STAGE_TIMEOUT_S: '5' };
    const run = await runCli(['probe', 'silent.example', '--timeout', '1', '--json'], { env });
    const report = document(run, 'probe');
    expect(report).toMatchObject({ errorType: 'DnsFailure', cause: 'timeout' });
    // The look-ups themselves would go on for fifteen seconds.
    expect(run.took).toBeLessThan(8000);
  });
});

describe('text', () => {
  test.concurrent('has no colour without a terminal, and none of what a peer sends controls it', async () => {
    const run = await runCli(['probe', at('hostile'), '--depth', 'rcpt', '--tls', 'off', '--verbose'], {
      env: { MAILMEDIC_LOG_LEVEL: 'silent' },
    });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('<!channel>');
    expect(run.stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/);
  });

  test.concurrent('can be coloured', async () => {
    const run = await runCli(['probe', at('plain')], { env: { FORCE_COLOR: '1' } });
    expect(run.stdout).toContain('\u001b[');
  });

  test.concurrent('--version is one line', async () => {
    const run = await runCli(['--version']);
    expect(run).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe('a mistake is status 2, words on stderr and nothing on stdout', () => {
  const binary = file('noise.bin', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) & 255)));
  // All kinds of mistakes are in run-cli.test.ts; these come from different depths of the process.
  const cases: [args: string[], words: RegExp, env?: Record<string, string>][] = [
    [['prob', 'x'], /Did you mean mailmedic probe\?\nTry: mailmedic probe /],
    [['probe', 'a.example', '--host', 'mx.a.example'], /--host must be an IP address/],
    [['diagnose', '-'], /nothing to diagnose/],
    [['diagnose', '--file', 'no-such.eml'], /There is no file no-such\.eml/],
    [['trace-parse', binary], /not a text file/],
    [['probe', 'a.example'], /egress\.allow.*MAILMEDIC_EGRESS_ALLOW/, { MAILMEDIC_EGRESS_ALLOW: 'everywhere' }],
  ];
  test.concurrent.each(cases)('mailmedic %j', async (args, words, env = {}) => {
    const run = await runCli([...args, '--json'], { env });
    expect(run.stderr).toMatch(words);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(run).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('diagnose', () => {
  const bounce = '550 5.1.1 User unknown\r\n';

  test.concurrent.each<[string, string[], string?]>([
    ['standard input', ['-'], bounce],
    ['a file', ['--file', file('bounce.txt', bounce)]],
  ])('reads %s', async (_, args, stdin) => {
    const run = await runCli(['diagnose', ...args, '--json'], stdin === undefined ? {} : { stdin });
    expect(document(run, 'diagnose')).toMatchObject({ errorType: 'RecipientRejected', cause: 'unknown' });
    expect(run.status).toBe(0);
  });

  test.concurrent('a batch keeps ids and order, and a bad line does not end it', async () => {
    file('full.txt', '452 4.2.2 mailbox full');
    const lines = ['{"id":7,"text":"550 5.1.1 User unknown"}', 'no json', '{"id":"f","file":"full.txt"}'];
    const batch = file('batch.jsonl', [...lines, '{"id":"gone","file":"gone.txt"}', ''].join('\n'));
    const run = await runCli(['diagnose', '--batch', batch]);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const answers = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers.map(({ id, errorType, error }) => [id, errorType, typeof error])).toEqual([
      [7, 'RecipientRejected', 'undefined'],
      [null, undefined, 'string'],
      ['f', 'MailboxFull', 'undefined'],
      ['gone', undefined, 'string'],
    ]);
  });

  test.concurrent('a reader that leaves early is no error', async () => {
    const long = Array.from({ length: 400 }, (_, id) => JSON.stringify({ id, text: bounce })).join('\n');
    const script = `"${process.execPath}" "${CLI}" diagnose --batch "${file('long.jsonl', long)}" | head -n 1`;
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', script]);
    expect(JSON.parse(stdout)).toMatchObject({ id: 0 });
    expect(stderr).toBe('');
  });
});

describe('peer --json', () => {
  test.concurrent.each([
    ['contoso.example', 0, { kind: 'domain', mx: [{ host: HOST, addresses: ['127.0.0.1'] }] }],
    ['nobody.example', 1, { findings: [{ severity: 'error' }] }],
  ])('%s: status %d', async (target, status, expected) => {
    const run = await runCli(['peer', target, '--json'], { env: { MAILMEDIC_DNS: dns.address } });
    expect(document(run, 'peer')).toMatchObject(expected);
    expect(run.status).toBe(status);
  });
});

describe('Ctrl-C', () => {
  const asked = async (count: () => number): Promise<void> => {
    while (count() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test('ends a probe that waits for a server', async () => {
    const server = await serve(() => undefined);
    const env = { MAILMEDIC_PROBE_STAGE_TIMEOUT_S: '30' };
    const run = await runCli(['probe', `127.0.0.1:${server.port}`, '--json'], {
      env,
      interrupt: asked(() => server.accepted),
    });
    expect(run).toMatchObject({ status: 2, stdout: '', stderr: 'Cancelled.\n' });
    expect(run.took).toBeLessThan(1500);
  });

  test.each(['probe', 'peer'])('ends a %s that waits for DNS', async (command) => {
    const silent = await startDnsServer(() => ({ silence: true }));
    servers.push(silent);
    const env = { MAILMEDIC_PROBE_STAGE_TIMEOUT_S: '30', MAILMEDIC_DNS: silent.address };
    const run = await runCli([command, 'a.example'], { env, interrupt: asked(() => silent.asked) });
    expect(run).toMatchObject({ status: 2, stdout: '', stderr: 'Cancelled.\n' });
    expect(run.took).toBeLessThan(1500);
  });
});
