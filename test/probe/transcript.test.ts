import { expect, test } from 'vitest';
import { LIMITS } from '../../src/probe/limits.ts';
import { Transcript } from '../../src/probe/session/transcript.ts';

const length = ({ entries }: Transcript): number => entries.reduce((sum, { text }) => sum + text.length, 0);

test('keeps a bounded number of lines and counts the rest', () => {
  const transcript = new Transcript(() => 0);
  for (let at = 0; at < LIMITS.transcriptLines + 50; at += 1) transcript.server('250 OK');
  expect(transcript.entries).toHaveLength(LIMITS.transcriptLines + 1);
  expect(transcript.entries.at(-1)).toMatchObject({ dir: '*', text: '50 more lines were not kept' });
});

test('keeps a bounded number of characters, however long the lines', () => {
  const transcript = new Transcript(() => 0);
  for (let at = 0; at < 100; at += 1) transcript.server(`250-${'x'.repeat(LIMITS.lineBytes)}`);
  transcript.event('short');
  expect(length(transcript)).toBeLessThan(LIMITS.transcriptChars + 100);
  expect(transcript.entries.at(-1)?.text).toMatch(/^\d\d more lines were not kept$/);
});
