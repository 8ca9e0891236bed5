import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderProbeMessage, stuffDots } from '../../src/probe/attempt/probe-message.ts';

/** What a receiver makes of DATA (RFC 5321 4.5.2): up to the lone dot, one leading dot of each line removed. */
function receive(data: string): { message: string; rest: string } {
  const end = data.startsWith('.\r\n') ? 0 : data.indexOf('\r\n.\r\n') + 2;
  const lines = data.slice(0, end).split('\r\n').slice(0, -1);
  return { message: lines.map((line) => `${line.replace(/^\./, '')}\r\n`).join(''), rest: data.slice(end + 3) };
}

test('a receiver gets what was stuffed, and nothing of it ends the message early', () => {
  const line = fc.string({ unit: fc.constantFrom('.', '.', 'a', ' ', 'é', '\u2028'), maxLength: 5 });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.constantFrom('\r\n', '\n', '\r'), (lines, end) => {
      const whole = lines.map((one) => `${one}\r\n`).join('');
      expect(receive(stuffDots(lines.map((one) => one + end).join('')))).toEqual({ message: whole, rest: '' });
    }),
  );
});

test('the probe message names the probe and itself', () => {
  const date = new Date('2026-11-20T12:04:31Z');
  const message = renderProbeMessage({
    probeId: 'mm0',
    from: '',
    to: 'monitor@contoso.example',
    helo: 'mm0.probe.example',
    date,
  });
  expect(message.split('\r\n').slice(0, 5)).toEqual([
    'Date: Fri, 20 Nov 2026 12:04:31 +0000',
    'From: <postmaster@mm0.probe.example>',
    'To: <monitor@contoso.example>',
    'Subject: mailmedic probe mm0',
    'Message-ID: <mm0@mm0.probe.example>',
  ]);
});
