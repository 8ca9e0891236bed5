import { expect, test } from 'vitest';
import { createFileShelf } from '../../../src/adapters/web/file-shelf.ts';

test('the oldest files make room, the newest stays whatever its size', () => {
  let count = 0;
  const shelf = createFileShelf(() => `f${count++}`, 10);
  for (const content of ['aaaa', 'bbbb', 'cccc']) shelf.put({ name: 'x', title: 'x', content });
  expect(['f0', 'f1', 'f2'].map((id) => shelf.get(id) !== undefined)).toEqual([false, true, true]);
  const large = shelf.put({ name: 'x', title: 'x', content: 'é'.repeat(20) });
  expect(large.size).toBe(40);
  expect(['f1', 'f2', 'f3'].map((id) => shelf.get(id) !== undefined)).toEqual([false, false, true]);
});
