import { describe, expect, it } from 'vitest';
import { lineWithFiles } from '../../src/chat/line-with-files.ts';

describe('lineWithFiles', () => {
  it.each<[words: string, names: string[], line: string]>([
    ['', ['trace.csv'], '/trace-parse'],
    ['', ['a.eml', 'b.EML'], '/diagnose'],
    ['look at this', ['bounce.eml', 'trace.csv'], '/trace-parse'],
    ['/Probe contoso.com', ['x'], '/Probe contoso.com'],
    ['probe contoso.com', [], 'probe contoso.com'],
    ['hello', [], 'hello'],
    ['', [], ''],
    ['450 4.4.316 Connection refused', [], '/diagnose 450 4.4.316 Connection refused'],
    ['"550-5.7.26 blocked', [], '/diagnose "550-5.7.26 blocked'],
    ['[{LED=421 4.4.2 dropped}]', [], '/diagnose [{LED=421 4.4.2 dropped}]'],
    ['Reason: [{LED=450 x}]', [], '/diagnose Reason: [{LED=450 x}]'],
    ['250 ok', [], '250 ok'],
    ['4500 messages queued', [], '4500 messages queued'],
  ])('%j with %j is %j', (words, names, line) => {
    expect(lineWithFiles(words, names, ['probe', 'diagnose'])).toBe(line);
  });
});
