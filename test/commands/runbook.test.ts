import { describe, expect, it } from 'vitest';
import { parseLine } from '../../commands/parse-args.ts';
import { runbookCommand } from '../../commands/runbook.ts';

const surface = { surface: 'chat', hasFiles: false } as const;
const subjectOf = (words: string): unknown => parseLine(runbookCommand, words, surface).errorType;

describe('the words of /mailmedic runbook', () => {
  it.each<[typed: string, errorType: string, cause: string | null]>([
    ['UnableToConnect', 'UnableToConnect', null],
    ['unable-to-connect', 'UnableToConnect', null],
    ['dane-mismatch', 'CertificateFailure', 'dane-mismatch'],
    ['dane', 'CertificateFailure', 'dane-mismatch'],
    ['mta-sts', 'CertificateFailure', 'mta-sts-mismatch'],
    ['greylisted', 'ServerBusy', 'greylisted'],
    ['Expired', 'CertificateFailure', 'expired'],
  ])('%s is %s %s', (typed, errorType, cause) => {
    expect(subjectOf(typed)).toEqual({ errorType, cause });
  });

  it.each([
    // A cause of several error types names none of them.
    ['timeout', /no error type "timeout"/],
    ['UnableToConect', /Did you mean UnableToConnect\?/],
    ['weather', /I know DnsFailure/],
  ])('refuses %s with the next step', (typed, words) => {
    expect(() => subjectOf(typed)).toThrow(words);
  });
});
