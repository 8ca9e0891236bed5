import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyReply } from '../../../src/analysis/reply/classify-reply.ts';
import { isCauseOf, OWNERS } from '../../../src/vocabulary.ts';
import { createScore, readLabels, rightAnswers } from './labels.ts';
import { WORDINGS as COMMON } from './wordings.ts';
import { HOST_WORDINGS } from './wordings-hosts.ts';

const WORDINGS = [...COMMON, ...HOST_WORDINGS];

const FIELDS = [
  'errorType',
  'cause',
  'owner',
  'code',
  'enhanced',
  'innerCode',
  'innerEnhanced',
  'remoteHost',
  'remoteIp',
  'permanent',
  'truncated',
] as const;

describe('labelled replies and LED strings', () => {
  it('are all classified right', () => {
    const score = createScore();
    for (const label of readLabels('reply', 'led')) {
      const verdict = classifyReply(label.text ?? '');
      for (const field of FIELDS) score.add(label.id, field, verdict[field], rightAnswers(label, field));
      score.add(label.id, 'lrt', verdict.lastRetry, rightAnswers(label, 'lrt'));
    }
    console.info(`replies and LED strings: ${score.report()}`);
    expect(score.wrong).toEqual([]);
  });
});

describe('wordings of standards and vendors', () => {
  it.each(WORDINGS)('%s', (text, errorType, cause) => {
    const verdict = classifyReply(text);
    if (errorType !== '*') expect(verdict.errorType).toBe(errorType);
    if (cause !== '*') expect(verdict.cause).toBe(cause);
  });

  it('line ends, time stamps and white space do not change the verdict', () => {
    for (const [text] of WORDINGS) {
      const plain = classifyReply(text);
      const variants = [
        text.replaceAll('\n', '\r\n'),
        text.replaceAll('\n', '\\n'),
        `  ${text}\n`,
        text.replaceAll(' ', '  '),
      ];
      if (/^\d/.test(text)) variants.push(text.replace(/^/gm, 'S: '), text.replace(/^/gm, '<<< '), `"${text}"`);
      for (const variant of variants) {
        const { errorType, cause, code, enhanced } = classifyReply(variant);
        expect({ variant, errorType, cause, code, enhanced }).toEqual({
          variant,
          errorType: plain.errorType,
          cause: plain.cause,
          code: plain.code,
          enhanced: plain.enhanced,
        });
      }
    }
  });
});

describe('wrappers', () => {
  it('keeps the wrapper as evidence and judges the innermost cause', () => {
    const verdict = classifyReply(
      '451 4.4.395 Target host responded with error. -> 421 4.4.2 Connection dropped due to ConnectionReset',
    );
    expect(verdict).toMatchObject({
      errorType: 'ConnectionLost',
      code: '451',
      innerCode: '421',
      innerEnhanced: '4.4.2',
    });
    expect(verdict.evidence.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['wrapper', 'inner-reply']));
  });

  it('judges an expired message by the error that made it wait', () => {
    const verdict = classifyReply('550 5.4.316 Message expired, connection refused(Socket error code 10061)');
    expect(verdict).toMatchObject({ errorType: 'UnableToConnect', cause: 'refused', permanent: true, expired: true });
    expect(verdict.evidence).toContainEqual({ kind: 'expired', text: expect.stringContaining('too old') });
  });

  it.each([
    [
      'host mx1.fabrikam.example[192.0.2.62] said: 550 5.1.1 no such user (in reply to RCPT TO command)',
      'mx1.fabrikam.example',
      '192.0.2.62',
    ],
    [
      'SMTP error from remote mail server after RCPT TO:<kim@fabrikam.example>: host mx1.fabrikam.example [192.0.2.62]: 550 unknown user',
      'mx1.fabrikam.example',
      '192.0.2.62',
    ],
    [
      '(host mx1.fabrikam.example[2001:db8::25] refused to talk to me: 554 5.7.1 blocked using bl.example.net)',
      'mx1.fabrikam.example',
      '2001:db8::25',
    ],
    [
      "3/17/2026 4:50:31 PM - Server at mx1.fabrikam.example (192.0.2.62) returned '450 4.4.316 Connection refused'",
      'mx1.fabrikam.example',
      '192.0.2.62',
    ],
  ])('reads the remote host of %s', (text, remoteHost, remoteIp) => {
    expect(classifyReply(text)).toMatchObject({ remoteHost, remoteIp });
  });
});

describe('the stage as a hint', () => {
  it.each([
    ['554 ', 'banner', 'Unknown', 'permanent'],
    ['421', 'banner', 'ServerBusy', 'busy'],
    ['550', 'rcpt', 'RecipientRejected', 'unknown'],
    ['454', 'starttls', 'TlsNotOffered', 'starttls-refused'],
    ['552', 'end-of-data', 'MessageTooLarge', 'size-limit'],
    ['550 5.7.1 Unable to relay', 'rcpt', 'PolicyRejected', 'relay-denied'],
  ] as const)('%s at %s', (text, stage, errorType, cause) => {
    expect(classifyReply(text, { stage })).toMatchObject({ errorType, cause });
  });
});

describe('any text', () => {
  it('gives a valid verdict and never throws', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(...WORDINGS.map(([text]) => text)),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('[{LED=', '};{MSG=', ' -> ', '[Message=', '550-', 'said: ', '(in reply to', '"'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const verdict = classifyReply(pieces.join(' '));
        if (verdict.errorType === null) expect(verdict.cause).toBe('ok');
        else expect(isCauseOf(verdict.errorType, verdict.cause)).toBe(true);
        expect(OWNERS).toContain(verdict.owner);
        expect(verdict.confidence).toBeGreaterThanOrEqual(0);
        expect(verdict.confidence).toBeLessThanOrEqual(1);
        expect(verdict.code ?? '250').toMatch(/^[2-5]\d\d$/);
        expect(verdict.enhanced ?? '2.0.0').toMatch(/^[245]\.\d{1,3}\.\d{1,3}$/);
      }),
      { numRuns: 500 },
    );
  });
});
