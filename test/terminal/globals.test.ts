import { describe, expect, it } from 'vitest';
import { readGlobals } from '../../src/terminal/globals.ts';

describe('readGlobals', () => {
  it.each<[argv: string[], expected: object]>([
    [['probe', 'x', '--json'], { json: true, words: ['probe', 'x'] }],
    [['--config', 'a.yaml', 'doctor'], { config: 'a.yaml', words: ['doctor'] }],
    [['--config=a.yaml', 'doctor', '-v'], { config: 'a.yaml', verbose: true, words: ['doctor'] }],
    [['probe', '--help'], { help: true, words: ['probe'] }],
    [['diagnose', '--', '--json', 'is a word here'], { json: false, words: ['diagnose', '--json', 'is a word here'] }],
    [['--version'], { version: true }],
    [[], { words: [] }],
  ])('%j', (argv, expected) => {
    expect(readGlobals(argv)).toMatchObject(expected);
  });

  it('needs a value for --config', () => {
    expect(() => readGlobals(['probe', '--config'])).toThrow(/needs the path/);
  });
});
