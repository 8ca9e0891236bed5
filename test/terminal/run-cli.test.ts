import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { probeReportSchema } from '../../src/probe/report.ts';
import { createServices } from '../../src/services.ts';
import { runCli } from '../../src/terminal/run-cli.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mailmedic-run-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
}

/** One command line in this process, with a terminal that remembers. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  let stdout = '';
  let stderr = '';
  const status = await runCli(args, {
    terminal: {
      out: (text) => {
        stdout += text;
      },
      err: (text) => {
        stderr += text;
      },
      width: 100,
      colour: false,
      interactive: false,
    },
    // Probes are remembered in the data folder; the tests have their own.
    env: { MAILMEDIC_DATA_DIR: folder, ...env },
    createServices,
    serve: () => Promise.reject(new Error('serve was not asked for')),
    signal: new AbortController().signal,
  });
  return { status, stdout, stderr };
}

describe('help', () => {
  test.each([[['--help']], [[]], [['help']]])('%j lists the commands', async (args) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const name of ['probe', 'diagnose', 'trace-parse', 'peer']) expect(stdout).toContain(name);
  });

  test.each(['-V', '--version'])('%s is the version', async (option) => {
    expect(await run([option])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

test('help of one command names every option', async () => {
  const { status, stdout } = await run(['probe', '--help']);
  expect(status).toBe(0);
  for (const option of ['depth', 'tls', 'host', 'helo', 'chunking', 'repeat', 'all', 'timeout', 'from', 'to'])
    expect(stdout).toContain(`--${option}`);
});

describe('a probe', () => {
  const env = { MAILMEDIC_EGRESS_ALLOW: '127.0.0.0/8' };

  test('says what to type next as it is typed here', async () => {
    const { status, stdout } = await run(['probe', '127.0.0.1:1'], env);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^✗ failed/);
    expect(stdout).toContain('mailmedic runbook UnableToConnect');
  });

  test('is compared with the last good one of an earlier command', async () => {
    let banner = '220 mx1.contoso.example ESMTP';
    const server = await startScriptedServer((peer) => mailServer({ banner })(peer));
    const words = ['probe', `127.0.0.1:${server.port}`, '--tls', 'off'];
    expect((await run(words, env)).stdout).not.toContain('last good probe');
    expect((await run(words, env)).stdout).toContain('Nothing changed since the last good probe');
    banner = '220 mx2.contoso.example ESMTP';
    const { stdout } = await run([...words, '--json'], env);
    expect(probeReportSchema.parse(JSON.parse(stdout)).lastGood?.changes).toEqual([
      'banner host differs: mx2.contoso.example, was mx1.contoso.example',
    ]);
    await server.close();
  });

  test('that is repeated joins its rounds', async () => {
    const server = await startScriptedServer(mailServer());
    const words = ['probe', `127.0.0.1:${server.port}`, '--tls', 'off', '--repeat', '3', '--json'];
    const { stdout } = await run(words, env);
    const report = probeReportSchema.parse(JSON.parse(stdout));
    expect(report.attempts).toHaveLength(3);
    expect(report.summary).toContain('(3 of 3 probes)');
    await server.close();
  });
});

test('words stand for a text to diagnose', async () => {
  const { status, stdout } = await run(['diagnose', '550', '5.1.1', 'User', 'unknown', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ errorType: 'RecipientRejected' });
});

describe('a mistake is status 2, words on stderr and nothing on stdout', () => {
  const binary = file('noise.bin', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) & 255)));
  const cases: [args: string[], words: RegExp, env?: Record<string, string>][] = [
    [['probe'], /^mailmedic probe needs a domain.*\nTry: mailmedic probe /],
    [['prob', 'x'], /Did you mean mailmedic probe\?\nTry: mailmedic probe /],
    [['probe', 'a.example', '--dept', 'tls'], /Did you mean --depth\?/],
    [['probe', 'a.example', '--depth'], /--depth needs a value/],
    [['probe', 'a.example', '--depth', 'deep'], /must be connect, tls, rcpt or submit/],
    [['probe', 'a.example', '--tls', 'maybe'], /must be opportunistic/],
    [['probe', 'a.example', '--port', '99999'], /whole number from 1 to 65535/],
    [['probe', 'a.example', '--repeat', '100'], /whole number from 1 to 20/],
    [['probe', 'a.example', '--timeout', 'soon'], /number of seconds/],
    [['probe', 'a.example', '--host', 'mx.a.example'], /--host must be an IP address/],
    [['probe', 'a.example', '--helo', 'a b'], /--helo/],
    [['probe', 'a.example', '--to', 'nobody'], /--to/],
    [['probe', 'a.example', 'b.example'], /does not know what to do with "b\.example"/],
    [['probe', '127.0.0.1:0'], /no valid port/],
    [['probe', 'fe80::1%eth0'], /without a zone/],
    [['probe', 'kim@contoso.example', '--depth', 'submit'], /MAILMEDIC_MAILBOXES/],
    [['peer', '1.2.3'], /Try: mailmedic peer /],
    [['diagnose', '--file', 'no-such.eml'], /There is no file no-such\.eml/],
    [['diagnose', '--file', tmpdir()], /is a folder/],
    [['diagnose', '--file', binary], /not text/],
    [['diagnose', '--batch', 'no-such.jsonl'], /There is no file no-such\.jsonl/],
    [['trace-parse'], /needs a trace or log file/],
    [['trace-parse', 'no-such.csv'], /There is no file no-such\.csv/],
    [['trace-parse', binary], /not a text file/],
    [['probe', 'a.example', '--config', 'no-such.yaml'], /There is no file no-such\.yaml/],
    [
      ['probe', 'a.example', '--config', file('secret.yaml', 'slack:\n  botToken: xoxb-1\n')],
      /MAILMEDIC_SLACK_BOT_TOKEN/,
    ],
    [['probe', 'a.example', '--config', file('typo.yaml', 'probbe: 1\n')], /no key "probbe"/],
    [['probe', 'a.example'], /egress\.allow.*MAILMEDIC_EGRESS_ALLOW/, { MAILMEDIC_EGRESS_ALLOW: 'everywhere' }],
    [['probe', 'a.example'], /"nowhere" is not a DNS server/, { MAILMEDIC_DNS: 'nowhere' }],
  ];
  test.each(cases)('mailmedic %j', async (args, words, env = {}) => {
    const { status, stdout, stderr } = await run([...args, '--json'], env);
    expect(stderr).toMatch(words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
