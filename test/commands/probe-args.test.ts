import { describe, expect, it } from 'vitest';
import { parseLine } from '../../commands/parse-args.ts';
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
  ])('%s', (line, expected) => {
    expect(parseLine(probeCommand, line, surface)).toMatchObject(expected);
  });

  it.each<[options: string, words: RegExp]>([
    [
      '--host mx1.contoso.com',
      /--host \(IP\): must be an IP address such as 192\.0\.2\.10; to probe a host by its name/,
    ],
    ['--host fe80::1%eth0', /must be an IP address/],
    ['--host 127.1', /must be an IP address/],
    ['--port 0', /whole number from 1 to 65535/],
    ['--port 25.5', /whole number from 1 to 65535/],
    ['--port smtp', /whole number from 1 to 65535/],
    ['--repeat 21', /whole number from 1 to 20/],
    ['--timeout 0', /must be more than 0/],
    ['--timeout 601', /at most 600 seconds/],
    ['--depth all', /must be connect, tls, rcpt or submit/],
    ['--chunking maybe', /must be auto, bdat or data/],
    ['--to kim', /must be an address such as/],
  ])('refuses %s in words', (options, words) => {
    expect(() => parseLine(probeCommand, `contoso.com ${options}`, surface)).toThrow(UserError);
    expect(() => parseLine(probeCommand, `contoso.com ${options}`, surface)).toThrow(words);
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
