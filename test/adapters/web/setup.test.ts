import { expect, test } from 'vitest';
import { webSetup } from '../../../src/adapters/web/setup.ts';
import { COMMANDS, NAMES } from './support/web-server.ts';

const setup = webSetup(COMMANDS, NAMES);

test('five first examples: the best one of every command before the second best of any', () => {
  expect(setup.examples).toEqual([
    '/probe contoso.example',
    '/diagnose 451 4.7.0 Temporary server error. Please try again later. PRX2',
    '/trace-parse',
    '/peer 203.0.113.10',
    '/help',
  ]);
});

test('examples of several lines are left to the help; a missing slash is added', () => {
  const command = { name: 'x', summary: '', usage: '', examples: ['x one\ntwo', 'x three'] };
  expect(webSetup([command], []).examples).toEqual(['/x three']);
});

test('options are named as they are typed', () => {
  const probe = setup.commands[0];
  expect(probe?.options.map((option) => [option.flag, option.takesValue, option.hint])).toEqual([
    ['--depth', true, 'connect|tls|rcpt|submit'],
    ['--tls-mode', true, 'require|off'],
    ['--all', false, ''],
  ]);
});
