import { describe, expect, test } from 'vitest';
import { decideVerdict } from '../../src/probe/verdict/verdict.ts';
import { madePath } from './made-attempts.ts';

const A = '203.0.113.1';
const B = '203.0.113.2';
const C = '203.0.113.3';
const V6 = '2001:db8::1';

/** What came of each address, what the set is, whose fault is the answer and the words that come first. */
const cases: [name: string, paths: string[], verdict: string, telling: string | null, words: string][] = [
  ['nothing', [], 'ok', null, 'Nothing was tried.'],
  ['one that works', [`10 ${A} ok`], 'ok', null, `mx10.d.example (${A}): as made.`],
  ['two that work', [`10 ${A} ok`, `10 ${B} ok`], 'ok', null, `All 2 addresses work. mx10.d.example (${A})`],
  ['one fault alone', [`10 ${A} expired`], 'degraded', 'expired', `mx10.d.example (${A}): expired.`],
  ['one failure alone', [`10 ${A} refused`], 'failed', 'refused', `mx10.d.example (${A}): refused.`],
  [
    'a fault beside one that works',
    [`10 ${A} ok`, `10 ${B} expired`],
    'degraded',
    'expired',
    '1 of 2 addresses has a fault, mail still flows. ',
  ],
  [
    'a fault everywhere',
    [`10 ${A} expired`, `20 ${B} expired`],
    'degraded',
    'expired',
    'All 2 addresses have a fault, mail still flows. ',
  ],
  [
    'one of a pool (seed 004)',
    [`10 ${A} ok`, `10 ${B} refused`],
    'degraded',
    'refused',
    '1 of 2 addresses refuses: senders that choose it see intermittent delay. ',
  ],
  [
    'two of a pool, in two ways',
    [`10 ${A} timeout`, `10 ${B} refused`, `10 ${C} ok`],
    'degraded',
    'timeout',
    '2 of 3 addresses fail: senders that choose one of them see intermittent delay. ',
  ],
  [
    'a failure outweighs a fault',
    [`10 ${A} expired`, `10 ${B} timeout`],
    'degraded',
    'timeout',
    '1 of 2 addresses does not answer: senders that choose it see intermittent delay. ',
  ],
  [
    'the primary fails, the backup works',
    [`10 ${A} timeout`, `20 ${B} ok`],
    'degraded',
    'timeout',
    'The primary MX does not answer, the backup works: mail is delayed, then flows. ',
  ],
  [
    'all of the primary fails, the backup works',
    [`10 ${A} refused`, `10 ${B} refused`, `20 ${C} ok`],
    'degraded',
    'refused',
    'All 2 primary addresses refuse, the backup works: mail is delayed, then flows. ',
  ],
  [
    'the primary has no address, the backup has a fault',
    ['10 - nomx', `20 ${B} expired`],
    'degraded',
    'no-address',
    'The primary MX has no address, the backup works: mail is delayed, then flows. ',
  ],
  [
    'the primary works, the backup fails',
    [`10 ${A} ok`, `20 ${B} timeout`],
    'degraded',
    'timeout',
    'The primary MX works; the backup MX does not answer: mail flows as long as the primary is up. ',
  ],
  [
    'one of two backups fails',
    [`10 ${A} ok`, `20 ${B} ok`, `30 ${C} refused`],
    'degraded',
    'refused',
    'The primary MX works; 1 of 2 backup addresses refuses: mail flows as long as the primary is up. ',
  ],
  [
    'a fault of the primary outweighs a backup that fails',
    [`10 ${A} expired`, `20 ${B} refused`],
    'degraded',
    'expired',
    'The primary MX has a fault, but mail still flows; the backup MX refuses: ',
  ],
  [
    'a part of the primary and the backup fail',
    [`10 ${A} refused`, `10 ${B} ok`, `20 ${C} timeout`],
    'degraded',
    'refused',
    '1 of 2 primary addresses refuses: senders that choose it see intermittent delay; the backup MX does not answer. ',
  ],
  [
    'the primary and one of two backups fail',
    [`10 ${A} refused`, `20 ${B} refused`, `30 ${C} ok`],
    'degraded',
    'refused',
    'The primary MX refuses, 1 of 2 backup addresses refuses: mail is delayed, then flows. ',
  ],
  [
    'all fail alike',
    [`10 ${A} timeout`, `20 ${B} timeout`],
    'failed',
    'timeout',
    'None of 2 addresses works. mx10.d.example',
  ],
  [
    'all fail, in different ways: the most frequent is told',
    [`10 ${A} hung`, `20 ${B} refused`, `30 ${C} refused`],
    'failed',
    'refused',
    'None of 3 addresses works: 2 refuse, 1 hangs. mx20.d.example',
  ],
  [
    'all fail, each in its own way: the one that a sender meets first is told',
    ['10 - nomx', `20 ${B} timeout`],
    'failed',
    'no-address',
    'None of 2 paths works: 1 has no address, 1 does not answer. ',
  ],
  [
    'all fail, one for good',
    [`10 ${A} timeout`, `20 ${B} 550`, `30 ${C} timeout`],
    'failed',
    'unknown',
    'None of 3 addresses works: 2 do not answer, 1 refuses the recipient. mx20.d.example',
  ],
  [
    'one of a pool refuses for good',
    [`10 ${A} ok`, `10 ${B} 550`],
    'failed',
    'unknown',
    '1 of 2 addresses refuses the recipient: mail that reaches it is returned. ',
  ],
  [
    'a refusal for good is told before a more frequent failure',
    [`10 ${A} refused`, `10 ${B} 550`, `10 ${C} refused`, '10 203.0.113.4 ok'],
    'failed',
    'unknown',
    '3 of 4 addresses fail: mail that reaches one of them is returned. mx10.d.example (203.0.113.2)',
  ],
  [
    'the primary refuses for good, though a backup would not',
    [`10 ${A} 550`, `20 ${B} ok`],
    'failed',
    'unknown',
    'The primary MX refuses the recipient, the backup works: mail is returned all the same. ',
  ],
  [
    'a backup that refuses for good is not met while the primary works',
    [`10 ${A} ok`, `20 ${B} 550`],
    'degraded',
    'unknown',
    'The primary MX works; the backup MX refuses the recipient: mail flows as long as the primary is up. ',
  ],
  [
    'a backup that refuses for good is met when the primary fails',
    [`10 ${A} refused`, `20 ${B} 550`, `20 ${C} ok`],
    'failed',
    'unknown',
    'The primary MX refuses, 1 of 2 backup addresses refuses the recipient: part of the mail is returned. ',
  ],
  [
    'a deferral is no refusal for good',
    [`10 ${A} 451`, `10 ${B} ok`],
    'degraded',
    'throttled',
    '1 of 2 addresses is busy: senders that choose it see intermittent delay. ',
  ],
  [
    'IPv6 fails',
    [`10 ${A} ok`, `10 ${V6} timeout`],
    'degraded',
    'timeout',
    'IPv6 fails, IPv4 works: senders that prefer IPv6 are delayed. ',
  ],
  [
    'IPv4 fails',
    [`10 ${A} timeout`, `10 ${V6} ok`],
    'degraded',
    'timeout',
    'IPv4 fails, IPv6 works: senders without IPv6 cannot deliver. ',
  ],
  [
    'IPv6 and a part of IPv4 fail',
    [`10 ${A} ok`, `10 ${B} timeout`, `10 ${V6} timeout`],
    'degraded',
    'timeout',
    '2 of 3 addresses do not answer: senders that choose one of them see intermittent delay. ',
  ],
  [
    'IPv6 that refuses the recipient for good',
    [`10 ${A} ok`, `10 ${V6} 550`],
    'failed',
    'unknown',
    '1 of 2 addresses refuses the recipient: mail that reaches it is returned. ',
  ],
  ['no IPv6 route here', [`10 ${A} ok`, `10 ${V6} noroute`], 'ok', null, `mx10.d.example (${A})`],
  [
    'a router that has no route to IPv6',
    [`10 ${A} ok`, `10 ${V6} unreachable`],
    'degraded',
    'unreachable',
    'IPv6 fails, IPv4 works: ',
  ],
  ['no IPv6 route here, nothing else', [`10 ${V6} noroute`], 'failed', 'unreachable', `mx10.d.example (${V6})`],
  [
    'no IPv6 route here, IPv4 fails',
    [`10 ${A} timeout`, `10 ${V6} noroute`],
    'failed',
    'timeout',
    'mx10.d.example (203',
  ],
  ['an address that may not be probed', [`10 ${A} blocked`, `20 ${B} ok`], 'ok', null, `mx20.d.example (${B})`],
  ['only addresses that may not be probed', [`10 ${A} blocked`], 'failed', 'blocked-egress', 'mx10.d.example'],
];

describe('decideVerdict', () => {
  test.each(cases)('%s', (_, specs, verdict, cause, words) => {
    const set = decideVerdict(specs.map(madePath));
    expect({ verdict: set.verdict, cause: set.telling?.cause ?? null }).toEqual({ verdict, cause });
    expect(set.summary.startsWith(words), set.summary).toBe(true);
    expect(set.summary).toMatch(/[^.]\.$/);
  });

  test('never says that mail flows when nothing works, nor that nothing works when mail flows', () => {
    const states = ['ok', 'expired', 'refused', '550', '451'];
    const sets = states.flatMap((a) => states.flatMap((b) => states.map((c) => [a, b, c])));
    for (const [a, b, c] of sets) {
      for (const [p, q, r] of [
        [10, 10, 10],
        [10, 10, 20],
        [10, 20, 20],
        [10, 20, 30],
      ]) {
        const paths = [`${p} ${A} ${a}`, `${q} ${B} ${b}`, `${r} ${C} ${c}`].map(madePath);
        const { verdict, summary, telling } = decideVerdict(paths);
        const working = paths.filter(({ report }) => report.verdict !== 'failed').length;
        if (working === 0)
          expect({ verdict, summary }).toEqual({ verdict: 'failed', summary: expect.stringMatching(/^None/) });
        else expect(summary).not.toMatch(/^None|undefined|null/);
        if (verdict === 'ok') expect(paths.every(({ report }) => report.verdict === 'ok')).toBe(true);
        // Mail is lost only where somebody refuses it for good.
        if (verdict === 'failed' && working > 0) expect(telling?.errorType).toBe('RecipientRejected');
      }
    }
  });
});
