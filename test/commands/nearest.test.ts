import { expect, test } from 'vitest';
import { nearest } from '../../commands/nearest.ts';

const OPTIONS = ['depth', 'helo', 'repeat', 'tls-scan', 'timeout', 'to'];

test.each([
  ['depht', 'depth'],
  ['helpo', 'helo'],
  ['ot', 'to'],
  ['repaet', 'repeat'],
  ['tls-sacn', 'tls-scan'],
  ['time', 'timeout'],
  ['qq', undefined],
  ['xyzzy', undefined],
  ['', undefined],
])('%j is meant as %s', (typed, meant) => {
  expect(nearest(typed, OPTIONS)).toBe(meant);
});
