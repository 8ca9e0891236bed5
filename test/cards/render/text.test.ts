import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { probeCard } from '../../../cards/probe-card.ts';
import { renderText } from '../../../cards/render/text.ts';
import { cardOf, HOSTILE, STATES } from '../hostile.ts';
import { probeReport } from '../sample-reports.ts';

/** Everything that moves a cursor or paints, but for line ends. */
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const card = probeCard(probeReport(), { line: '/probe contoso.example' });

describe('renderText', () => {
  it('reads state, owner, steps, addresses and what to type next, in this order', () => {
    const text = renderText(card, { width: 100 });
    const order = [
      '✗ failed · contoso.example cannot receive mail',
      'CertificateFailure expired · 12:04:31 UTC · 412 ms',
      'Owner: recipient.',
      '1 Renew the certificate',
      '3 Probe again',
      'mx1.contoso.example 203.0.113.10   dns 8 › connect 21',
      '✗ certificate (expired)',
      '✓ rcpt 140 ms',
      'Runbook: CertificateFailure (https://runbooks.contoso.example/certificate-failure)',
      'Next: mailmedic probe contoso.example',
      '--verbose shows transcript and certificate',
    ].map((part) => text.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('aligns the rows of addresses', () => {
    const lines = renderText(card, { width: 120 }).split('\n');
    const first = lines.find((line) => line.includes('mx1.contoso.example 203')) ?? '';
    const second = lines.find((line) => line.includes('mx2.contoso.example 203')) ?? '';
    expect(first.indexOf('dns 8')).toBe(second.indexOf('✓ rcpt'));
  });

  it('hangs wrapped steps under their words', () => {
    const lines = renderText(card, { width: 50 }).split('\n');
    const at = lines.findIndex((line) => line.startsWith('  1 Renew'));
    expect(lines[at + 1]).toMatch(/^ {4}\S/);
  });

  it('prints the folds only when asked', () => {
    expect(renderText(card)).not.toContain('EHLO probe.fabrikam.example');
    expect(renderText(card, { verbose: true })).toContain('31 C EHLO probe.fabrikam.example');
    expect(renderText(card, { verbose: true })).not.toContain('--verbose');
  });

  it('says that a sandbox answer is one, and names the files beside it', () => {
    const file = { name: 'report.csv', title: 'Report', content: 'a,b' };
    const text = renderText({ ...card, sandbox: true, files: [file], footer: 'Changed since: nothing' });
    expect(text).toContain('sandbox: only the built-in servers under sandbox.test');
    expect(text).toContain('With files: report.csv');
    expect(text.trimEnd().endsWith('Changed since: nothing')).toBe(true);
  });

  it('writes a table in columns, numbers at the right', () => {
    const table = {
      type: 'table' as const,
      columns: ['Count', 'Name'],
      rows: [
        ['9', 'a'],
        ['1,802', '東京'],
      ],
      caption: 'Both',
    };
    expect(renderText({ kind: 'x', state: 'info', title: 'T', blocks: [table] })).toBe(
      '• T\n\n  Both\n  Count  Name\n      9  a\n  1,802  東京\n',
    );
  });

  it('colours without changing a word', () => {
    const plain = renderText(card, { width: 80 });
    const coloured = renderText(card, { width: 80, colour: true });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
    expect(plain).not.toContain('\u001b');
  });

  it.each(HOSTILE)('lets no byte of a remote server move the cursor: $name', ({ text }) => {
    for (const state of STATES) {
      const drawn = renderText(cardOf(text, state), { width: 100, verbose: true });
      expect(drawn).not.toMatch(CONTROLS);
      const coloured = renderText(cardOf(text, state), { width: 100, verbose: true, colour: true });
      expect(coloured.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(drawn);
    }
  });

  it('stays inside the width for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('東京 '.repeat(60), 'x'.repeat(500)),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 60, max: 160 }), (one, width) => {
        const { blocks: _blocks, ...rest } = cardOf(one);
        const drawn = renderText(
          {
            ...rest,
            blocks: [
              { type: 'text', text: one },
              { type: 'code', text: one },
            ],
          },
          { width },
        );
        for (const line of drawn.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 100 },
    );
  });
});
