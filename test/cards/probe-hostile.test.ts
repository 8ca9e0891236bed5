import { describe, expect, it } from 'vitest';
import { detailCard } from '../../cards/detail-card.ts';
import { probeCard } from '../../cards/probe-card.ts';
import { renderAdaptiveCard } from '../../cards/render/adaptive-card.ts';
import { renderBlockKit } from '../../cards/render/block-kit.ts';
import { renderText } from '../../cards/render/text.ts';
import type { ProbeAttempt, ProbeReport } from '../../src/probe/report.ts';
import { adaptiveCardProblems } from '../support/adaptive-card-validator.ts';
import { blockKitProblems } from '../support/block-kit-validator.ts';
import { forbiddenIn, HOSTILE, shownStrings } from './hostile.ts';
import { daneMismatchReport, PROBES } from './sample-probes.ts';
import { attempt } from './sample-reports.ts';

const line = '/probe contoso.example';

describe('remote words in a probe’s answer', () => {
  it.each(HOSTILE)('do nothing on any platform: $name', ({ text }) => {
    const report = everywhere(text);
    for (const audience of ['shared', 'private'] as const) {
      const card = probeCard(report, { line, audience });
      const folds = (card.details ?? []).flatMap(({ id }) => detailCard(card, id) ?? []);
      for (const each of [card, ...folds]) {
        const slack = renderBlockKit(each, { runId: 'r', revision: 1 });
        const teams = renderAdaptiveCard(each, { runId: 'r', revision: 1 });
        expect(blockKitProblems(slack)).toEqual([]);
        expect(adaptiveCardProblems(teams.card)).toEqual([]);
        expect(forbiddenIn([...shownStrings(slack.blocks), teams.summary, ...shownStrings(teams.card)])).toEqual([]);
        expect(renderText(each, { verbose: true })).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
        );
      }
    }
  });

  it('leave every sample inside the limits of the platforms', () => {
    for (const { report, line: given } of PROBES) {
      const card = probeCard(report, { line: given, audience: 'shared' });
      expect(blockKitProblems(renderBlockKit(card, { runId: 'r', revision: 1 }))).toEqual([]);
      expect(adaptiveCardProblems(renderAdaptiveCard(card, { runId: 'r', revision: 1 }).card)).toEqual([]);
    }
  });
});

/** A report with the text in each place that a server, a certificate or DNS can fill. */
function everywhere(text: string): ProbeReport {
  const base = daneMismatchReport();
  const [one] = base.attempts;
  const models = ['opportunistic', 'pkix', 'dane', 'mta-sts'] as const;
  const hostile: ProbeAttempt = {
    ...(one ?? attempt()),
    banner: { text, serverName: text },
    replies: [{ stage: 'banner', code: text, firstByteMs: 1, lastByteMs: 2 }],
    lastReply: { code: '550', enhanced: text, text },
    transcript: [{ at: 1, dir: 'S', text }],
    capabilities: [text],
    tls: {
      ...attempt().tls,
      cipher: text,
      dane: text,
      mtaSts: text,
      trust: models.map((model) => ({ model, state: text, delivers: model !== 'dane', words: text })),
      scan: [
        { protocol: 'TLSv1', accepted: true, cipher: text, error: null },
        { protocol: 'TLSv1.3', accepted: false, cipher: null, error: text },
      ],
    },
    certificate: {
      subject: text,
      issuer: text,
      altNames: [text],
      validFrom: text,
      validTo: text,
      chain: [{ subject: text, issuer: text, validTo: text, sha256: text, bits: null }],
    },
    notes: [text],
  };
  return {
    ...base,
    summary: text,
    attempts: [hostile, { ...hostile, host: text }, hostile],
    control: { target: text, reachable: false, words: text },
    correlation: { what: 'server name', value: text, failed: 1, of: 2, words: text },
    rounds: { total: 2, failed: 1, degraded: 0 },
    search: { helo: text, messageId: text, subject: text, lines: [{ label: text, text }] },
    lastGood: { at: text, changes: [text, text] },
  };
}
