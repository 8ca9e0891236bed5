import { describe, expect, it } from 'vitest';
import { terminalWords } from '../../src/terminal/terminal-words.ts';

describe('terminalWords', () => {
  it.each([
    ['/probe needs a domain.', 'mailmedic probe needs a domain.'],
    ['Did you mean /probe?', 'Did you mean mailmedic probe?'],
    ['/mailmedic help probe', 'mailmedic help probe'],
    ['I know /probe, /trace-parse.', 'I know mailmedic probe, mailmedic trace-parse.'],
    ['There is no file /probe/a.csv.', 'There is no file /probe/a.csv.'],
    ['/tmp is a folder. Give the files in it.', '/tmp is a folder. Give the files in it.'],
    ['Try http://a.example/probe', 'Try http://a.example/probe'],
  ])('%s', (text, expected) => {
    expect(terminalWords(text)).toBe(expected);
  });
});
