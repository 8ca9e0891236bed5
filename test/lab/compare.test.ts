import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import type { ProbeRun } from './run-probe.ts';
import { degraded, type Expectation, failed, ok } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';

const GOOD = { verdict: 'ok', errorType: null, cause: null, stage: null, owner: 'none', summary: 'It works.' };
const REFUSED = {
  verdict: 'failed',
  errorType: 'UnableToConnect',
  cause: 'refused',
  stage: 'connect',
  owner: 'network',
  summary: 'Refused.',
  mitigation: ['Look at the firewall.'],
  attempts: [{ tls: { dane: 'none' }, notes: ['IPv6 first'] }],
};
const refused = failed('UnableToConnect', 'refused', 'connect', ['network', 'recipient']);

function printed(report: unknown, exitStatus: number): ProbeRun {
  return { stdout: JSON.stringify(report), stderr: '', exitStatus, tookMs: 1 };
}

describe('compare', () => {
  const right: [name: string, run: ProbeRun, expected: Expectation][] = [
    ['a healthy answer', printed(GOOD, 0), ok()],
    ['one of several owners', printed(REFUSED, 1), refused],
    ['a field inside', printed(REFUSED, 1), { ...refused, fields: { 'attempts.0.tls.dane': 'none' } }],
    ['a pattern in a list', printed(REFUSED, 1), { ...refused, fields: { 'attempts.0.notes': /IPv6/ } }],
    ['the length of a list', printed(REFUSED, 1), { ...refused, fields: { 'attempts.length': 1 } }],
  ];
  it.each(right)('passes %s', (_name, run, expected) => {
    expect(compare(run, expected)).toEqual([]);
  });

  const wrong: [name: string, run: ProbeRun, expected: Expectation, fields: string[]][] = [
    ['another verdict', printed(REFUSED, 1), { ...refused, verdict: 'degraded' }, ['verdict']],
    ['another cause', printed({ ...REFUSED, cause: 'timeout' }, 1), refused, ['cause']],
    ['an owner that is none of them', printed({ ...REFUSED, owner: 'dns' }, 1), refused, ['owner']],
    ['a field that is not there', printed(GOOD, 0), ok({ 'attempts.0.tls': 'x' }), ['attempts.0.tls']],
    ['an exit status that does not fit', printed(REFUSED, 0), refused, ['exit']],
    ['a fault without a step', printed({ ...REFUSED, mitigation: [] }, 1), refused, ['mitigation']],
    ['an answer without words', printed({ ...GOOD, summary: '' }, 0), ok(), ['summary']],
    [
      'a cause of another error type',
      printed({ ...REFUSED, cause: 'expired' }, 1),
      failed('UnableToConnect', 'expired', 'connect', 'network'),
      ['vocabulary'],
    ],
    [
      'a fault without an error type',
      printed({ ...GOOD, verdict: 'degraded' }, 0),
      { ...ok(), verdict: 'degraded' },
      ['errorType'],
    ],
    ['no JSON', { stdout: 'oops', stderr: 'crash', exitStatus: 2, tookMs: 1 }, ok(), ['output']],
  ];
  it.each(wrong)('names %s', (_name, run, expected, fields) => {
    expect(compare(run, expected).map(({ field }) => field)).toEqual(fields);
  });
});

describe('the scenarios', () => {
  it('are many, each of one name that is a DNS label', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(70);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name))).toEqual([]);
  });

  it('can fail: none accepts both a healthy answer and a refused connection', () => {
    const both = SCENARIOS.filter(({ expect: expected }) => {
      return compare(printed(GOOD, 0), expected).length === 0 && compare(printed(REFUSED, 1), expected).length === 0;
    });
    expect(both).toEqual([]);
    expect(compare(printed(GOOD, 0), degraded('ServerBusy', 'busy', 'rcpt', 'recipient'))).not.toEqual([]);
  });
});
