import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../commands/command.ts';
import { parseLine, parseWords } from '../../commands/parse-args.ts';
import { probeCommand } from '../../commands/probe.ts';
import { UserError } from '../../src/errors.ts';
import { probe, requestFor, testConfig, testProber } from '../probe/harness.ts';
import { mailServer, type ScriptedServer, startScriptedServer } from '../support/hostile-smtp-server.ts';

/** Bytes that would end a command line, a header or a C string. */
const BREAKS: [string, string][] = [
  ['CR LF', '\r\n'],
  ['a bare LF', '\n'],
  ['a bare CR', '\r'],
  ['NUL', '\0'],
];

const command = probeCommand as unknown as Command;

describe('a line end in an argument', () => {
  const words: [string, (inner: string) => string[]][] = [
    ['the target', (inner) => [`contoso.example${inner}RSET`]],
    ['the mailbox', (inner) => [`kim${inner}RSET@contoso.example`]],
    ['the domain of the mailbox', (inner) => [`kim@contoso${inner}RSET.example`]],
    ['--helo', (inner) => ['contoso.example', '--helo', `probe.example${inner}RSET`]],
    ['--from', (inner) => ['contoso.example', '--from', `kim@fabrikam.example${inner}RSET`]],
    ['--to', (inner) => ['contoso.example', '--to', `kim${inner}RSET@contoso.example`]],
    ['--host', (inner) => ['contoso.example', '--host', `192.0.2.1${inner}RSET`]],
    ['--port', (inner) => ['contoso.example', '--port', `25${inner}RSET`]],
    ['--depth', (inner) => ['contoso.example', '--depth', `rcpt${inner}RSET`]],
    ['--tls', (inner) => ['contoso.example', '--tls', `off${inner}RSET`]],
    ['--chunking', (inner) => ['contoso.example', '--chunking', `data${inner}RSET`]],
    ['--timeout', (inner) => ['contoso.example', '--timeout', `5${inner}RSET`]],
    ['--repeat', (inner) => ['contoso.example', '--repeat', `2${inner}RSET`]],
  ];
  const cases = words.flatMap(([where, make]) =>
    BREAKS.map(([what, inner]) => [what, where, make(inner)] as [string, string, string[]]),
  );
  test.each(cases)('%s in %s is refused in the terminal and in chat', (_, __, argv) => {
    expect(() => parseWords(command, argv, { surface: 'terminal', hasFiles: false })).toThrow(UserError);
    const line = argv
      .map((word) => `"${word}"`)
      .join(' ')
      .replaceAll('"--', '--')
      .replace(/(--\w+)"/g, '$1');
    expect(() => parseLine(command, line, { surface: 'chat', hasFiles: false })).toThrow(UserError);
  });
});

describe('behind the command line', () => {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScriptedServer(mailServer());
  });
  afterAll(() => server.close());

  const evil = 'x\r\nMAIL FROM:<evil@fabrikam.example>';
  test.each([
    ['helo', { helo: evil }],
    ['from', { from: `kim@fabrikam.example\r\nRCPT TO:<evil>` }],
    ['to', { to: `kim@contoso.example>\r\nDATA` }],
    ['the target', { target: { kind: 'host', host: evil } as const }],
  ])('%s that holds a command never reaches the wire', async (_, overrides) => {
    const request = requestFor(server.port, { tls: 'off', ...overrides });
    await expect(probe(testProber(), request)).rejects.toThrow(UserError);
    expect(server.accepted).toBe(0);
  });
});

describe('rebinding', () => {
  /** Another answer to each question: first a public address, then loopback. */
  function fickleResolver(first: string, then: string) {
    const asked: string[] = [];
    const resolver = {
      ...testResolver,
      a: async () => {
        asked.push('a');
        return { status: 'ok' as const, records: [asked.length === 1 ? first : then] };
      },
    };
    return { asked, resolver };
  }
  const nothing = async () => ({ status: 'nodata' as const, records: [] as [] });
  const testResolver = {
    server: 'fickle',
    mx: nothing,
    a: nothing,
    aaaa: nothing,
    cname: nothing,
    txt: nothing,
    ptr: nothing,
    tlsa: nothing,
  };

  test('dials the very address that was judged, and asks for it once', async () => {
    const { asked, resolver } = fickleResolver('203.0.113.7', '127.0.0.1');
    const dialled: string[] = [];
    const prober = testProber({
      resolver,
      config: testConfig({}, { MAILMEDIC_EGRESS_ALLOW: '203.0.113.0/24' }),
      dial: (ip, port) => {
        dialled.push(ip);
        return { host: '127.0.0.1', port: port + 1 };
      },
    });
    await probe(prober, requestFor(9, { target: { kind: 'host', host: 'fickle.example', port: 9 }, tls: 'off' }));
    expect(dialled).toEqual(['203.0.113.7']);
    expect(asked).toEqual(['a']);
  });

  test('a private address beside a public one is not dialled', async () => {
    const dialled: string[] = [];
    const prober = testProber({
      resolver: {
        ...testResolver,
        a: async () => ({ status: 'ok', records: ['10.0.0.1', '203.0.113.7', '127.0.0.1'] }),
      },
      config: testConfig({}, { MAILMEDIC_EGRESS_ALLOW: '203.0.113.0/24' }),
      dial: (ip, port) => {
        dialled.push(ip);
        return { host: '127.0.0.1', port: port + 1 };
      },
    });
    const request = requestFor(9, { target: { kind: 'host', host: 'mixed.example', port: 9 }, tls: 'off', all: true });
    const report = await probe(prober, request);
    expect(dialled).toEqual(['203.0.113.7']);
    const blocked = report.attempts.filter(({ cause }) => cause === 'blocked-egress').map(({ ip }) => ip);
    expect(blocked).toEqual(['10.0.0.1', '127.0.0.1']);
  });
});
