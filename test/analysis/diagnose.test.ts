import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDiagnoser } from '../../src/analysis/diagnose.ts';
import { diagnosisSchema } from '../../src/analysis/diagnosis.ts';
import { createKnowledge } from '../../src/analysis/knowledge/knowledge.ts';
import { UserError } from '../../src/errors.ts';
import { createScore, fixturePath, readLabels, rightAnswers } from './reply/labels.ts';

const { diagnose } = createDiagnoser({
  knowledge: createKnowledge({ runbookUrl: (errorType) => `https://docs.example/${errorType}` }),
});
const FIELDS = ['errorType', 'cause', 'owner', 'remoteHost', 'remoteIp', 'permanent', 'recipient'] as const;

describe('diagnose', () => {
  it("answers every labelled artefact right, and in the contract's shape", async () => {
    const score = createScore();
    for (const label of readLabels('led', 'reply', 'ndr')) {
      const diagnosis = await diagnose(
        label.file === undefined ? (label.text ?? '') : readFileSync(fixturePath(label.file)),
      );
      expect(diagnosisSchema.strict().parse(diagnosis)).toEqual(diagnosis);
      for (const field of FIELDS) score.add(label.id, field, diagnosis[field], rightAnswers(label, field));
      score.add(label.id, 'code', diagnosis.reply?.code ?? null, rightAnswers(label, 'code'));
      score.add(label.id, 'enhanced', diagnosis.reply?.enhanced ?? null, rightAnswers(label, 'enhanced'));
      if (diagnosis.errorType !== null) expect(diagnosis.mitigation.length).toBeGreaterThan(0);
      expect({ id: label.id, sure: diagnosis.confidence >= 0.6 }).toEqual({ id: label.id, sure: true });
    }
    console.info(`diagnose: ${score.report()}`);
    expect(score.wrong).toEqual([]);
  });

  it('reads the words of a bounce that was pasted without its mail', async () => {
    const mail = readFileSync(fixturePath('ndr/02-exo-shape-b-expired-connection-refused.eml'), 'utf8');
    const pasted = mail.slice(
      mail.indexOf('Diagnostic information'),
      mail.indexOf('--0a9d1f4e', mail.indexOf('Diagnostic information')),
    );
    expect(await diagnose(pasted)).toMatchObject({
      errorType: 'UnableToConnect',
      remoteHost: 'smtp.tailspintoys.ca',
      remoteIp: '203.0.113.139',
      reply: { code: '550', enhanced: '5.4.316' },
      evidence: expect.arrayContaining([expect.objectContaining({ kind: 'expired' })]),
    });
  });

  it.each(['Hello, are you coming to lunch?', 'lorem ipsum dolor sit amet', '42'])(
    'says that it does not know: %s',
    async (text) => {
      const diagnosis = await diagnose(text);
      expect(diagnosis).toMatchObject({ errorType: 'Unknown', reply: null, permanent: null });
      expect(diagnosis.confidence).toBeLessThan(0.3);
      expect(diagnosis.next.join(' ')).toContain('Paste the reply');
    },
  );

  it('does not take an ordinary mail for a bounce', async () => {
    const mail =
      'From: Kim <kim@fabrikam.example>\nTo: user@contoso.example\nSubject: Lunch\nMIME-Version: 1.0\nContent-Type: text/plain\n\nMy mailbox is full of spam again.\n';
    expect(await diagnose(mail)).toMatchObject({ errorType: 'Unknown', reply: null });
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['a binary file', new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0])],
    ['too much', 'x'.repeat(2 * 1024 * 1024 + 1)],
  ])('refuses %s with the next step', async (_, input) => {
    await expect(diagnose(input)).rejects.toSatisfy(
      (error) => error instanceof UserError && error.example !== undefined,
    );
  });

  it('reads UTF-16 as PowerShell writes it', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('550 5.2.2 Mailbox full', 'utf16le')]);
    expect(await diagnose(bytes)).toMatchObject({ errorType: 'MailboxFull' });
  });

  it('stops when it is told to', async () => {
    await expect(diagnose('550 no', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it('gives a valid diagnosis for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (text) => {
        if (text.trim() === '' || text.includes('\u0000')) return;
        diagnosisSchema.parse(await diagnose(text));
      }),
    );
  });
});
