import { describe, expect, it } from 'vitest';
import { parseButtonValue } from '../../cards/action.ts';
import type { Card } from '../../cards/card.ts';
import { detailCard } from '../../cards/detail-card.ts';
import { probeCard } from '../../cards/probe-card.ts';
import { renderAdaptiveCard } from '../../cards/render/adaptive-card.ts';
import { renderBlockKit } from '../../cards/render/block-kit.ts';
import { renderText } from '../../cards/render/text.ts';
import { parseLine } from '../../commands/parse-args.ts';
import { findCommand } from '../../commands/registry.ts';
import type { ProbeReport } from '../../src/probe/report.ts';
import { blockKitProblems } from '../support/block-kit-validator.ts';
import { shownStrings } from './hostile.ts';
import { blockedEgressReport, daneMismatchReport, healthyReport, refusedRecipientReport } from './sample-probes.ts';
import { attempt } from './sample-reports.ts';

const line = '/probe contoso.example';

function runLines(card: Card): string[] {
  return (card.actions ?? []).flatMap((action) => (action.type === 'run' ? [action.line] : []));
}

describe('what can be done next', () => {
  const ok = healthyReport();
  it.each<[string, ProbeReport, string, string[]]>([
    [
      'tls done well',
      ok,
      '/probe contoso.example',
      [
        '/probe contoso.example',
        '/probe contoso.example --all',
        '/probe contoso.example --depth rcpt',
        '/probe contoso.example --tls-scan',
        '/peer contoso.example',
      ],
    ],
    [
      'connect done well',
      ok,
      '/probe contoso.example --depth connect --all',
      [
        '/probe contoso.example --depth connect --all',
        '/probe contoso.example --all --depth tls',
        '/peer contoso.example',
      ],
    ],
    [
      'a monitoring mailbox',
      { ...ok, target: 'monitor@contoso.example' },
      '/probe monitor@contoso.example --tls-scan --all',
      [
        '/probe monitor@contoso.example --tls-scan --all',
        '/probe monitor@contoso.example --tls-scan --all --depth submit',
        '/peer contoso.example',
      ],
    ],
    [
      'another mailbox',
      { ...ok, target: 'kim@contoso.example' },
      '/probe kim@contoso.example --tls-scan --all',
      ['/probe kim@contoso.example --tls-scan --all', '/peer contoso.example'],
    ],
    [
      'an address',
      { ...ok, target: '192.0.2.1' },
      '/probe 192.0.2.1 --tls off',
      ['/probe 192.0.2.1 --tls off', '/probe 192.0.2.1 --tls off --depth rcpt', '/peer 192.0.2.1'],
    ],
    [
      'several addresses were tried',
      blockedEgressReport(),
      '/probe contoso.example',
      ['/probe contoso.example', '/peer contoso.example'],
    ],
  ])('%s', (_name, report, given, expected) => {
    const card = probeCard(report, { line: given, mailboxes: ['Monitor@contoso.example'] });
    expect(runLines(card)).toEqual(expected);
  });

  it('asks before a message is delivered', () => {
    const report = { ...ok, target: 'monitor@contoso.example' };
    const card = probeCard(report, { line: '/probe monitor@contoso.example', mailboxes: ['monitor@contoso.example'] });
    const deliver = card.actions?.find((action) => action.label === 'Deeper: deliver');
    expect(deliver).toMatchObject({ confirm: 'This delivers one test message to monitor@contoso.example.' });
  });

  it.each(['--batch /etc/passwd', '" --file x', '\n/probe evil.example', 'x'.repeat(9000), '<!channel>'])(
    'hands a refusal to /diagnose as text, whatever it says: %j',
    (text) => {
      const report = refusedRecipientReport();
      const [first] = report.attempts;
      const refused = { ...(first ?? attempt()), lastReply: { code: '550', enhanced: '5.7.1', text } };
      const card = probeCard({ ...report, attempts: [refused] }, { line });
      const diagnose = runLines(card).find((each) => each.startsWith('/diagnose')) ?? '';
      const { command, rest } = findCommand(diagnose);
      const args = parseLine(command, rest, { surface: 'chat', hasFiles: false });
      expect(Object.keys(args)).toEqual(['text']);
      expect(String(args.text)).toMatch(/^550 5\.7\.1/);
      const drawn = renderBlockKit(card, { runId: 'r', revision: 1 });
      expect(JSON.stringify(drawn.blocks)).toContain('/diagnose 550');
      expect(blockKitProblems(drawn)).toEqual([]);
      // In a terminal a line is copied into a shell.
      if (/[\n"<]/.test(text)) expect(renderText(card, { width: 300 })).not.toContain('mailmedic diagnose');
    },
  );

  it('does not offer to diagnose where the last reply was no refusal', () => {
    expect(runLines(probeCard(daneMismatchReport(), { line })).join()).not.toContain('/diagnose');
  });

  it('hands the transcript over as a file and draws none of it', () => {
    const card = probeCard(healthyReport(), { line });
    const drawn = renderBlockKit(card, { runId: 'r', revision: 2 });
    const values = [...JSON.stringify(drawn.blocks).matchAll(/"value":"((?:[^"\\]|\\.)*)"/g)].map((found) =>
      parseButtonValue(JSON.parse(`"${found[1]}"`)),
    );
    const value = values.find((each) => each?.a === 'detail' && each.as === 'file');
    if (value?.a !== 'detail') throw new Error('there is no such button');
    const detail = detailCard(card, value.detail, value.as);
    if (detail === undefined) throw new Error('there is no such fold');
    for (const { json, files } of [
      { json: JSON.stringify(renderBlockKit(detail).blocks), files: renderBlockKit(detail).files },
      { json: JSON.stringify(renderAdaptiveCard(detail).card), files: renderAdaptiveCard(detail).files },
    ]) {
      expect(json).not.toContain('EHLO');
      expect(files.map(({ name }) => name)).toEqual(['mailmedic-probe-transcript.txt']);
      expect(files[0]?.content).toContain('C EHLO mm0123456789.probe.fabrikam.example');
    }
  });

  it('keeps the fold itself beside the file', () => {
    const { blocks } = renderBlockKit(probeCard(healthyReport(), { line }), { runId: 'r' });
    const text = shownStrings(blocks);
    for (const label of ['Transcript', 'Transcript as file', 'Certificate', 'Find it in the logs']) {
      expect(text).toContain(label);
    }
  });
});
