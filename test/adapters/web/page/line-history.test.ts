import { expect, test } from 'vitest';
import { createLineHistory } from '../../../../src/adapters/web/page/composer/line-history.ts';

test('goes back line by line and forward to the draft', () => {
  const history = createLineHistory();
  for (const line of ['one', 'two', 'two', '']) history.add(line);
  expect([history.older('draft'), history.older('x'), history.older('x')]).toEqual(['two', 'one', undefined]);
  expect([history.newer(), history.newer(), history.newer()]).toEqual(['two', 'draft', undefined]);
});

test('typing leaves the history, and only the last lines are kept', () => {
  const history = createLineHistory(2);
  for (const line of ['one', 'two', 'three']) history.add(line);
  expect(history.older('')).toBe('three');
  history.leave();
  expect([history.older(''), history.older(''), history.older('')]).toEqual(['three', 'two', undefined]);
});
