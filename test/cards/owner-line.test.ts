import { describe, expect, it } from 'vitest';
import { sendersSee } from '../../cards/owner-line.ts';
import { stageRow } from '../../cards/probe-stages.ts';
import type { ErrorType } from '../../src/vocabulary.ts';
import { attempt } from './sample-reports.ts';

describe('what senders see', () => {
  it.each<[errorType: ErrorType, cause: string | null, code: string | null, words: RegExp]>([
    ['RecipientRejected', 'unknown', '550', /get the mail back/],
    ['RecipientRejected', 'unknown', '450', /late, not lost/],
    ['AttributionFailure', 'attribution', '451', /late, not lost/],
    ['AttributionFailure', 'attribution', '550', /refused until tenant and connector match/],
    ['ReputationBlock', 'listed-ip', '554', /we probe from is refused/],
    ['ReputationBlock', 'low-reputation', '421', /we probe from is put off/],
    ['ServerBusy', 'busy', '421', /late, not lost/],
    ['ServerBusy', 'busy', '554', /get the mail back/],
    ['UnableToConnect', 'refused', '554', /get the mail back/],
    ['ProtocolError', 'capability-masked', '250', /require what is masked/],
    ['TlsHandshakeFailure', 'reset', null, /fall back to plain text/],
  ])('%s %s after %s', (errorType, cause, code, words) => {
    expect(sendersSee(errorType, cause, code)).toMatch(words);
  });
});

describe('the stage where it broke', () => {
  it.each([
    ['banner', 'banner', 'banner'],
    ['rcpt', 'unknown', 'rcpt (unknown)'],
  ] as const)('%s with cause %s reads %s', (stage, cause, name) => {
    const { stages } = stageRow(attempt({ verdict: 'failed', errorType: 'ProbeTimeout', stage, cause }), false);
    expect(stages.find(({ state }) => state === 'failed')?.name).toBe(name);
  });
});
