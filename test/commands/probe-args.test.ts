import { describe, expect, it } from 'vitest';
import { checkArgs, parseLine, parseWords } from '../../commands/parse-args.ts';
import { peerCommand } from '../../commands/peer.ts';
import { probeCommand } from '../../commands/probe.ts';
import { UserError } from '../../src/errors.ts';

const surface = { surface: 'chat', hasFiles: false } as const;

describe('the words of /probe', () => {
  it.each<[line: string, expected: object]>([
    ['contoso.com', { chunking: 'auto', repeat: 1, all: false }],
    ['contoso.com --host [2001:db8::1] --all', { host: '2001:db8::1', all: true }],
    ['contoso.com --host=192.0.2.10 --port 587 --timeout 2.5', { host: '192.0.2.10', port: 587, timeout: 2.5 }],
    ['contoso.com --from <> --to kim@contoso.com', { from: '<>', to: 'kim@contoso.com' }],
    ['contoso.com --helo [192.0.2.1] --tls require', { helo: '[192.0.2.1]', tls: 'require' }],
    ['contoso.com --repeat 10 --interval 30', { repeat: 10, interval: 30 }],
    ['contoso.com --pipelining off --tls-scan', { pipelining: 'off', tlsScan: true }],
    ['smtp.contoso.com:587 --auth xoauth2', { auth: 'xoauth2', pipelining: 'auto', tlsScan: false }],
  ])('%s', (line, expected) => {
    expect(parseLine(probeCommand, line, surface)).toMatchObject(expected);
  });

  it.each<[options: string, words: RegExp]>([
    ['--host mx1.contoso.com', /--host must be an IP address such as 192\.0\.2\.10; to probe a host by its name/],
    ['--host fe80::1%eth0', /must be an IP address/],
    ['--host 127.1', /must be an IP address/],
    ['--port 0', /whole number from 1 to 65535/],
    ['--port 25.5', /whole number from 1 to 65535/],
    ['--port smtp', /whole number from 1 to 65535/],
    ['--repeat 21', /whole number from 1 to 20/],
    ['--timeout 0', /must be more than 0/],
    ['--timeout 601', /at most 600 seconds/],
    ['--depth all', /^--depth must be connect, tls, rcpt or submit\.$/],
    ['--depth rcptt', /^--depth must be connect, tls, rcpt or submit\. Did you mean --depth rcpt\?$/],
    ['--tls implict', /Did you mean --tls implicit\?$/],
    ['--chunking maybe', /must be auto, bdat or data/],
    ['--to kim', /must be an address such as/],
    ['--repeat 2 --interval 301', /whole number from 0 to 300/],
    ['--interval 10', /--interval needs --repeat 2 or more/],
    ['--repeat 1 --interval 10', /needs --repeat 2 or more/],
    ['--pipelining on', /must be auto or off/],
    ['--auth cram-md5', /must be plain, login or xoauth2/],
    ['--tls-scan --tls off', /--tls-scan needs TLS/],
    ['--tls-scan --depth connect', /--tls-scan needs --depth tls or deeper/],
  ])('refuses %s in words', (options, words) => {
    expect(() => parseLine(probeCommand, `contoso.com ${options}`, surface)).toThrow(UserError);
    expect(() => parseLine(probeCommand, `contoso.com ${options}`, surface)).toThrow(words);
  });
});

describe('control characters', () => {
  /** A value that each argument would take without the character. */
  const good: Record<string, string> = {
    target: 'contoso.com',
    depth: 'tls',
    port: '25',
    tls: 'off',
    host: '192.0.2.10',
    helo: 'probe.contoso.com',
    from: 'kim@contoso.com',
    to: 'kim@contoso.com',
    chunking: 'bdat',
    pipelining: 'off',
    auth: 'plain',
    repeat: '2',
    interval: '5',
    timeout: '5',
  };
  const controls: [name: string, text: string][] = [
    ['CR', '\r'],
    ['LF', '\n'],
    ['NUL', '\0'],
    ['TAB', '\t'],
    ['U+001B', '\u001b'],
    ['U+007F', '\u007f'],
    ['U+0085', '\u0085'],
  ];
  const valued = Object.entries(probeCommand.options).filter(([, { kind }]) => kind === 'value');

  it('are tried in every argument that takes a value', () => {
    expect(Object.keys(good).sort()).toEqual(['target', ...valued.map(([key]) => key)].sort());
  });

  const rows = Object.entries(good).flatMap(([key, value]) =>
    controls.flatMap(([name, text]) =>
      [`${value}${text}`, `${text}${value}`, `${value}${text}RSET`].map((bad) => ({ key, name, bad })),
    ),
  );
  it.each(rows)('$name in $key ($bad) is refused with the reason', ({ key, name, bad }) => {
    const words = key === 'target' ? [bad] : ['contoso.com', `--${key}`, bad];
    const reason = new RegExp(`: must not hold control characters \\(${name.replace('+', '\\+')}\\)\\.$`);
    const typed = () => parseWords(probeCommand, words, { surface: 'terminal', hasFiles: false });
    expect(typed).toThrow(UserError);
    expect(typed).toThrow(reason);
    const form = () => checkArgs(probeCommand, { target: 'contoso.com', [key]: bad });
    expect(form).toThrow(reason);
  });

  it('cannot be smuggled in by quotes in a conversation', () => {
    expect(() => parseLine(probeCommand, 'contoso.com --helo "a.example\r\nRSET"', surface)).toThrow(
      /control characters/,
    );
  });
});

describe('a target that cannot be read', () => {
  it.each([
    [probeCommand, '/probe '],
    [peerCommand, '/peer '],
  ])('is answered with an example of the command that was typed', (command, example) => {
    for (const target of ['1.2.3', 'kim@', 'fe80::1%eth0', '[x]:25']) {
      expect(() => parseLine(command, target, surface)).toThrow(
        expect.objectContaining({ example: expect.stringMatching(`^${example}`) }),
      );
    }
  });
});
