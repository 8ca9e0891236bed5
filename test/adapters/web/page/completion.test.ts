import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyCompletion, complete } from '../../../../src/adapters/web/page/composer/completion.ts';
import { webSetup } from '../../../../src/adapters/web/setup.ts';
import { COMMANDS, NAMES } from '../support/web-server.ts';

const setup = webSetup(COMMANDS, NAMES);
const offered = (line: string, hasFiles = false) =>
  complete(line, line.length, setup, hasFiles).items.map((item) => item.value);

describe('completion', () => {
  test.each([
    ['/', ['/probe', '/diagnose', '/trace-parse', '/peer', '/help']],
    ['/p', ['/probe', '/peer']],
    ['PR', ['/probe']],
    ['/none', []],
    ['', []],
    ['/probe ', ['contoso.example', 'fabrikam.example', 'tailspintoys.example', '--depth', '--tls-mode', '--all']],
    ['/probe fab', ['fabrikam.example']],
    ['/probe toys', ['tailspintoys.example']],
    ['/probe --', ['--depth', '--tls-mode', '--all']],
    ['/probe x --t', ['--tls-mode']],
    ['/probe --all --', ['--depth', '--tls-mode']],
    ['/probe --depth ', ['connect', 'tls', 'rcpt', 'submit']],
    ['/probe --depth r', ['rcpt']],
    ['/probe contoso.example ', ['--depth', '--tls-mode', '--all']],
    ['/unknown con', []],
    ['/diagnose 550\ncon', []],
  ])('%j offers %j', (line, values) => {
    expect(offered(line)).toEqual(values);
  });

  test('a long pasted line is left alone, at once', () => {
    const line = `/diagnose ${'x'.repeat(90_000)} `;
    const started = performance.now();
    expect(offered(line)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(100);
  });

  test('an empty line with files offers the commands that read files', () => {
    expect(offered('', true)).toEqual(['/diagnose', '/trace-parse']);
  });

  test('an accepted word replaces the one at the caret and leaves the rest', () => {
    const found = complete('/probe con --all', 10, setup);
    const item = found.items[0];
    expect(item && applyCompletion('/probe con --all', found, item)).toEqual({
      line: '/probe contoso.example --all',
      caret: 23,
    });
  });

  test('whatever is typed, what is offered continues or contains it', () => {
    const words = fc.constantFrom('/probe', '--depth', 'con', '--', 'x', '/p', '', 'tls', 'EXAMPLE');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), (parts) => {
        const line = parts.join(' ');
        const found = complete(line, line.length, setup);
        const word = line.slice(found.from, found.to).toLowerCase();
        return found.to === line.length && found.items.every((item) => `/${item.value}`.toLowerCase().includes(word));
      }),
    );
  });
});
