import { describe, expect, it } from 'vitest';
import { type Card, plainText } from '../../cards/card.ts';
import { probeCard } from '../../cards/probe-card.ts';
import { probeProgressCard } from '../../cards/probe-progress-card.ts';
import { renderAdaptiveCard } from '../../cards/render/adaptive-card.ts';
import { renderBlockKit } from '../../cards/render/block-kit.ts';
import { renderText } from '../../cards/render/text.ts';
import { ERROR_TYPES } from '../../src/vocabulary.ts';
import { adaptiveCardProblems } from '../support/adaptive-card-validator.ts';
import { blockKitProblems } from '../support/block-kit-validator.ts';
import { attempt, degradedReport, expiredAttempt, okReport, probeReport } from './sample-reports.ts';

const line = '/probe contoso.example';

function lines(card: Card): string[] {
  return (card.actions ?? []).flatMap((action) => (action.type === 'run' ? [action.line] : []));
}

describe('probeCard', () => {
  it('names state, target and reason first, then whose it is', () => {
    const card = probeCard(probeReport(), { line });
    expect(card.state).toBe('failed');
    expect(plainText(card.title)).toBe('contoso.example cannot receive mail: certificate expired 3 days ago');
    expect(card.meta).toBe('CertificateFailure expired · 12:04:31 UTC · 412 ms');
    expect(plainText(card.owner ?? '')).toBe('Owner: recipient. Senders that require TLS fail; others still deliver.');
  });

  it('adds the target to a summary that does not name it, and drops the last dot', () => {
    const { title } = probeCard(probeReport({ summary: 'connection refused.' }), { line });
    expect(title).toBe('contoso.example: connection refused');
  });

  it('marks the failing stage of each address, and draws one that works short', () => {
    const [block] = probeCard(probeReport(), { line }).blocks ?? [];
    expect(block).toMatchObject({
      type: 'stages',
      rows: [
        { label: 'mx1.contoso.example  203.0.113.10', note: '· 412 ms in all' },
        { label: 'mx2.contoso.example  203.0.113.11', stages: [{ name: 'rcpt', state: 'ok' }], note: '140 ms' },
      ],
    });
    const rows = block?.type === 'stages' ? block.rows : [];
    expect(rows[0]?.stages.at(-1)).toEqual({ name: 'certificate (expired)', state: 'failed' });
    expect(rows[0]?.stages.slice(0, -1).every((stage) => stage.state === 'ok')).toBe(true);
  });

  it.each([
    ['starttls', 'degraded', 'dns 8 › connect 20 › banner 22 › ehlo 19 › ⚠ starttls › mail 10 › rcpt 10'],
    ['end-of-data', 'failed', 'dns 8 › connect 20 › banner 22 › ehlo 19 › mail 10 › rcpt 10 › ✗ end-of-data'],
    ['dns', 'failed', '✗ dns 8 › connect 20 › banner 22 › ehlo 19 › mail 10 › rcpt 10'],
  ] as const)('marks %s at its place among the stages', (stage, verdict, words) => {
    const timingsMs = { ...attempt().timingsMs, starttls: null, tls: null };
    const card = probeCard(probeReport({ attempts: [attempt({ stage, verdict, timingsMs, port: 587 })] }), { line });
    expect(renderText(card, { width: 200 })).toContain(`mx2.contoso.example 203.0.113.11 port 587   ${words}`);
  });

  it('offers to probe again, the runbook, the TLS versions where TLS is the trouble, and the peer', () => {
    const card = probeCard(probeReport(), { line });
    expect(lines(card)).toEqual([line, `${line} --tls-scan`, '/peer contoso.example']);
    expect(card.actions?.[1]).toMatchObject({
      type: 'link',
      url: 'https://runbooks.contoso.example/certificate-failure',
    });
  });

  it.each([
    ['kim@contoso.example', '/peer contoso.example'],
    ['[2001:db8::1]:25', '/peer 2001:db8::1'],
    ['mx1.contoso.example:587', '/peer mx1.contoso.example'],
    ['2001:db8::1', '/peer 2001:db8::1'],
  ])('looks up the peer of %s by its name', (target, peer) => {
    expect(lines(probeCard(probeReport({ target }), { line: `/probe ${target} --all` })).at(-1)).toBe(peer);
  });

  it('shows the runbook in the conversation where its URL works on one machine only', () => {
    const runbooks = [{ title: 'Runbook: certificates', url: 'file:///opt/runbooks/certificate-failure.md' }];
    const card = probeCard(probeReport({ runbooks }), { line });
    expect(card.actions?.[1]).toMatchObject({
      type: 'run',
      label: 'Runbook: certificates',
      line: '/mailmedic runbook CertificateFailure',
    });
  });

  it('says that mail still flows when it does', () => {
    const card = probeCard(degradedReport(), { line });
    expect(card.state).toBe('degraded');
    expect(plainText(card.owner ?? '')).toContain('Mail still flows.');
  });

  it('says so when TLS versions were asked for and none could be asked', () => {
    const words = 'TLS versions were not asked';
    expect(renderText(probeCard(okReport(), { line: `${line} --tls-scan` }))).toContain(words);
    expect(renderText(probeCard(okReport(), { line }))).not.toContain(words);
  });

  it('has neither owner nor steps when all is well', () => {
    const card = probeCard(okReport(), { line });
    expect(card.state).toBe('ok');
    expect(card.owner).toBeUndefined();
    expect(card.steps).toEqual([]);
  });

  it('quotes the last reply where it tells something, not where TLS broke', () => {
    expect(renderText(probeCard(probeReport(), { line }))).not.toContain('SMTP server ready');
    const refused = attempt({
      verdict: 'failed',
      errorType: 'RecipientRejected',
      cause: 'unknown',
      stage: 'rcpt',
      lastReply: { code: '550', enhanced: '5.1.1', text: 'User unknown' },
    });
    const report = probeReport({ errorType: 'RecipientRejected', cause: 'unknown', attempts: [refused] });
    expect(renderText(probeCard(report, { line }))).toContain('550 5.1.1 User unknown');
    const told = { ...report, summary: 'mx1 refuses the recipient: 550 5.1.1 User unknown.' };
    expect(renderText(probeCard(told, { line })).split('User unknown').length).toBe(2);
  });

  it('folds away transcript, certificate and the addresses beyond six, failing ones first', () => {
    const attempts = [
      ...Array.from({ length: 9 }, (_, n) => attempt({ host: `mx${n}.contoso.example` })),
      expiredAttempt(),
    ];
    const card = probeCard(probeReport({ attempts }), { line });
    expect(card.details?.map((detail) => detail.id)).toEqual(['transcript', 'certificate', 'addresses']);
    const shown = card.blocks?.[0];
    expect(shown?.type === 'stages' && shown.rows.map((row) => row.label)).toContain(
      'mx1.contoso.example  203.0.113.10',
    );
    expect(renderText(card)).toContain('4 of 10 addresses are folded away.');
  });

  it('masks addresses for others, in the transcript and in the attached file too', () => {
    const spoken = attempt({
      verdict: 'failed',
      errorType: 'RecipientRejected',
      lastReply: { code: '550', enhanced: '5.1.1', text: '<kim@contoso.example> unknown' },
      transcript: [{ at: 1, dir: 'C', text: 'RCPT TO:<kim@contoso.example>' }],
    });
    const report = probeReport({
      target: 'kim@contoso.example',
      summary: 'kim@contoso.example is unknown',
      attempts: [spoken],
    });
    const shared = probeCard(report, { line: '/probe kim@contoso.example', audience: 'shared' });
    const { actions: _actions, ...shown } = shared;
    expect(JSON.stringify(shown)).not.toContain('kim@');
    expect(JSON.stringify(shown)).toContain('RCPT TO:<k…@contoso.example>');
    for (const file of renderBlockKit(shared).files) expect(file.content).not.toContain('kim@');
    const own = probeCard(report, { line: '/probe kim@contoso.example', audience: 'private' });
    expect(JSON.stringify(own)).toContain('RCPT TO:<kim@contoso.example>');
  });

  it.each(ERROR_TYPES)('says whose %s is and what senders see', (errorType) => {
    const card = probeCard(probeReport({ errorType, cause: null }), { line });
    expect(plainText(card.owner ?? '')).toMatch(/^Owner: recipient\. .{15,}/);
  });

  it('lets the class of the last reply settle whether senders retry', () => {
    const owner = (code: string) => {
      const failing = attempt({
        verdict: 'failed',
        errorType: 'RecipientRejected',
        lastReply: { code, enhanced: null, text: 'no' },
      });
      const report = probeReport({ errorType: 'RecipientRejected', cause: 'unknown', attempts: [failing] });
      return plainText(probeCard(report, { line }).owner ?? '');
    };
    expect(owner('550')).toContain('get the mail back at once');
    expect(owner('450')).toContain('late, not lost');
  });

  it('is taken by both platforms with 60 addresses and a long transcript', () => {
    const transcript = Array.from({ length: 300 }, (_, at) => ({
      at,
      dir: 'S' as const,
      text: `250-line ${at} <!channel>`,
    }));
    const attempts = Array.from({ length: 60 }, (_, n) => ({
      ...expiredAttempt(),
      host: `mx${n}.contoso.example`,
      transcript,
    }));
    const card = probeCard(probeReport({ attempts }), { line });
    for (const ids of [{ runId: 'r', revision: 1 }, {}]) {
      expect(blockKitProblems(renderBlockKit(card, ids))).toEqual([]);
      expect(adaptiveCardProblems(renderAdaptiveCard(card, ids).card)).toEqual([]);
    }
  });
});

describe('probeProgressCard', () => {
  it('shows the stages as they turn, and can be stopped', () => {
    const card = probeProgressCard(
      {
        target: 'kim@contoso.example',
        attempts: [
          {
            host: 'mx1.contoso.example',
            ip: '203.0.113.10',
            stages: [
              { name: 'dns', ms: 8, state: 'ok' },
              { name: 'connect', state: 'running' },
            ],
          },
        ],
      },
      { line },
    );
    expect(card.state).toBe('running');
    expect(card.title).toBe('Probing k…@contoso.example');
    expect(renderText(card)).toContain('mx1.contoso.example 203.0.113.10   dns 8 › … connect');
    expect(card.actions?.map((action) => action.type)).toEqual(['cancel']);
  });

  it('is never an empty spinner', () => {
    const card = probeProgressCard({ target: 'contoso.example', attempts: [] }, { line });
    expect(renderText(card)).toContain('… dns');
  });
});
