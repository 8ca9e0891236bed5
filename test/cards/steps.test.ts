import { describe, expect, it } from 'vitest';
import { plainText } from '../../cards/card.ts';
import { foldSteps, stepText } from '../../cards/steps.ts';

describe('stepText', () => {
  it.each<[step: string, expected: unknown]>([
    ['Renew the certificate', 'Renew the certificate'],
    ['Run `Get-Queue`', [{ text: 'Run ' }, { text: 'Get-Queue', style: 'code' }]],
    ['`a` then `b`', [{ text: 'a', style: 'code' }, { text: ' then ' }, { text: 'b', style: 'code' }]],
    ['an odd ` stays', 'an odd ` stays'],
  ])('%s', (step, expected) => {
    expect(stepText(step)).toEqual(expected);
  });
});

describe('foldSteps', () => {
  const steps = (count: number): string[] => Array.from({ length: count }, (_, at) => `step ${at + 1}`);

  it.each([0, 1, 3, 4])('shows all of %d steps', (count) => {
    expect(foldSteps(steps(count))).toEqual({ steps: steps(count), more: [] });
  });

  it('shows three of six and folds the rest with their numbers', () => {
    const folded = foldSteps(steps(6));
    expect(folded.steps).toEqual(['step 1', 'step 2', 'step 3']);
    expect(folded.more).toMatchObject([{ id: 'steps', title: 'Steps 4 to 6' }]);
    const texts = folded.more[0]?.blocks.map((block) => (block.type === 'text' ? plainText(block.text) : ''));
    expect(texts).toEqual(['4  step 4', '5  step 5', '6  step 6']);
  });
});
