import { describe, expect, it } from 'vitest';
import { isAutoReply, looksLikeBounce } from '../../../src/analysis/ndr/bounce-marks.ts';
import type { NdrDocument } from '../../../src/analysis/ndr/ndr.ts';

function mail(headers: Record<string, string>, subject: string, deliveryStatus: string | null = null): NdrDocument {
  return { headers: new Map(Object.entries(headers)), subject, body: 'My mailbox is full of mail.', deliveryStatus };
}

describe('what kind of mail it is', () => {
  it.each([
    ['an absence notice', mail({ from: 'kim@fabrikam.example' }, 'Automatic reply: figures'), true],
    ['its German sister', mail({ from: 'kim@fabrikam.example' }, 'Abwesenheitsnotiz: Zahlen'), true],
    ['a ticket system', mail({ from: 'it@fabrikam.example', 'auto-submitted': 'auto-replied' }, 'Re: figures'), true],
    ['a read receipt', mail({ from: 'kim@fabrikam.example' }, 'Read: figures'), true],
    [
      'a bounce that Postfix marks as automatic too',
      mail({ from: 'MAILER-DAEMON@mx.example', 'auto-submitted': 'auto-replied' }, 'Undelivered Mail'),
      false,
    ],
    ['a report with its DSN part', mail({ from: 'x@mx.example' }, 'Automatic reply', 'Action: failed'), false],
    ['a person', mail({ from: 'kim@fabrikam.example' }, 'Lunch?'), false],
  ])('%s', (_name, document, automatic) => {
    expect(isAutoReply(document)).toBe(automatic);
  });

  it('knows a bounce by its sender or its subject, and a person by neither', () => {
    expect(looksLikeBounce(mail({ from: 'Mailer-Daemon@mx.example' }, 'Re: figures'))).toBe(true);
    expect(looksLikeBounce(mail({ from: 'mx@fabrikam.example' }, 'Undeliverable: figures'))).toBe(true);
    expect(looksLikeBounce(mail({ from: 'kim@fabrikam.example' }, 'Lunch?'))).toBe(false);
  });
});
