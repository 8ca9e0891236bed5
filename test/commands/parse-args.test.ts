import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineCommand } from '../../commands/command.ts';
import { MissingArgument, parseLine, parseWords } from '../../commands/parse-args.ts';
import { UserError } from '../../src/errors.ts';

const probe = defineCommand({
  name: 'probe',
  slash: true,
  summary: 'Probe',
  usage: '<domain>',
  examples: ['/probe contoso.com'],
  args: z.object({
    target: z.string().describe('a target'),
    depth: z.enum(['connect', 'tls']).optional(),
    all: z.boolean().default(false),
    port: z.coerce.number().int().min(1).max(65535).optional(),
    messageId: z.string().optional(),
  }),
  positional: ['target'],
  options: {
    depth: { kind: 'value', hint: 'connect|tls', help: 'how far' },
    all: { kind: 'flag', help: 'every address' },
    port: { kind: 'value', hint: 'N', help: 'port' },
    messageId: { kind: 'value', hint: 'X', help: 'id', terminalOnly: true },
  },
  run: () => Promise.reject(new Error('not run here')),
});

const diagnose = defineCommand({
  ...probe,
  name: 'diagnose',
  args: z.object({ text: z.string().describe('a reply'), brief: z.boolean().default(false) }),
  positional: [],
  rest: { key: 'text', as: 'text' },
  options: { brief: { kind: 'flag', help: 'short' } },
  run: () => Promise.reject(new Error('not run here')),
});

const chat = { surface: 'chat', hasFiles: false } as const;
const terminal = { surface: 'terminal', hasFiles: false } as const;

describe('parseLine', () => {
  it.each<[line: string, expected: unknown]>([
    ['contoso.com', { target: 'contoso.com', all: false }],
    ['contoso.com --all --depth tls', { target: 'contoso.com', all: true, depth: 'tls' }],
    ['--depth=connect contoso.com --port 587', { target: 'contoso.com', all: false, depth: 'connect', port: 587 }],
    ['contoso.com —all', { target: 'contoso.com', all: true }],
    ['“contoso.com” –depth tls', { target: 'contoso.com', all: false, depth: 'tls' }],
    ['<http://contoso.com|contoso.com>', { target: 'contoso.com', all: false }],
  ])('reads %s', (line, expected) => {
    expect(parseLine(probe, line, chat)).toEqual(expected);
  });

  it('keeps a pasted text as it was typed, lines and spaces included', () => {
    const text = '452-4.2.2 The  mailbox\n452 4.2.2 is full';
    expect(parseLine(diagnose, text, chat)).toEqual({ text, brief: false });
    expect(parseLine(diagnose, `--brief ${text}`, chat)).toEqual({ text, brief: true });
  });

  it('lets a pasted text hold words that look like options', () => {
    expect(parseLine(diagnose, '550 --zzz-unknown-- spam', chat)).toEqual({
      text: '550 --zzz-unknown-- spam',
      brief: false,
    });
  });

  it.each<[name: string, line: string, message: RegExp]>([
    ['an unknown option', 'x --dept tls', /no option --dept\. Did you mean --depth\?/],
    ['a value that is missing', 'x --depth', /--depth needs a value: connect\|tls/],
    ['an option in place of a value', 'x --depth --all', /--depth needs a value/],
    ['a value that is not one of the choices', 'x --depth deep', /--depth \(connect\|tls\)/],
    ['a number that is none', 'x --port smtp', /--port \(N\)/],
    ['a word too many', 'x y', /does not know what to do with "y"/],
    ['an option of the terminal', 'x --message-id y', /works in the terminal only/],
  ])('refuses %s', (_name, line, message) => {
    expect(() => parseLine(probe, line, chat)).toThrow(message);
    expect(() => parseLine(probe, line, chat)).toThrow(UserError);
  });

  it('tells a missing argument from a wrong one', () => {
    expect(() => parseLine(probe, '', chat)).toThrow(MissingArgument);
    expect(() => parseLine(probe, '', chat)).toThrow('/probe needs a target.');
    expect(() => parseLine(diagnose, '   ', chat)).toThrow(MissingArgument);
  });

  it('refuses a line that is too long', () => {
    expect(() => parseLine(diagnose, 'x'.repeat(100_001), chat)).toThrow(/Drop it as a file/);
  });
});

describe('parseWords', () => {
  it('takes words as the shell split them', () => {
    expect(parseWords(diagnose, ['550', '5.1.1 unknown'], terminal)).toEqual({
      text: '550 5.1.1 unknown',
      brief: false,
    });
    expect(parseWords(probe, ['contoso.com', '--message-id', '<a b>'], terminal)).toEqual({
      target: 'contoso.com',
      all: false,
      messageId: '<a b>',
    });
  });
});

describe('a command that reads files', () => {
  const trace = defineCommand({
    ...probe,
    name: 'trace-parse',
    args: z.object({ files: z.array(z.string()).optional().describe('a trace file'), ip: z.string().optional() }),
    positional: [],
    rest: { key: 'files', as: 'list' },
    options: { ip: { kind: 'value', help: 'address' } },
    takesFiles: true,
    run: () => Promise.reject(new Error('not run here')),
  });

  it('takes paths in the terminal, dropped files in chat', () => {
    expect(parseWords(trace, ['a.csv', 'b.csv', '--ip', '192.0.2.1'], terminal)).toEqual({
      files: ['a.csv', 'b.csv'],
      ip: '192.0.2.1',
    });
    expect(parseLine(trace, '--ip 192.0.2.1', { surface: 'chat', hasFiles: true })).toEqual({ ip: '192.0.2.1' });
  });

  it.each(['', '--ip 192.0.2.1', '/etc/passwd'])('needs a file in chat: %j', (line) => {
    expect(() => parseLine(trace, line, chat)).toThrow(MissingArgument);
  });

  it('needs a path in the terminal', () => {
    expect(() => parseWords(trace, [], terminal)).toThrow('/trace-parse needs a trace file.');
  });
});
