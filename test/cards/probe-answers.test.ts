import { describe, expect, it } from 'vitest';
import { plainText } from '../../cards/card.ts';
import { detailCard } from '../../cards/detail-card.ts';
import { probeCard } from '../../cards/probe-card.ts';
import { probeProgressCard } from '../../cards/probe-progress-card.ts';
import { renderText } from '../../cards/render/text.ts';
import type { ProbeAttempt, ProbeReport } from '../../src/probe/report.ts';
import {
  blockedEgressReport,
  daneMismatchReport,
  healthyReport,
  refusedRecipientReport,
  repeatReport,
  scanReport,
} from './sample-probes.ts';
import { attempt, degradedReport, probeReport } from './sample-reports.ts';

const line = '/probe contoso.example';

function draw(report: ProbeReport, over: { line?: string; audience?: 'shared' | 'private'; verbose?: boolean } = {}) {
  const card = probeCard(report, { line: over.line ?? line, audience: over.audience ?? 'private' });
  return renderText(card, { width: 200, verbose: over.verbose === true });
}

type Trust = ProbeAttempt['tls']['trust'];

function trust(delivers: Partial<Record<Trust[number]['model'], boolean | null>>): Trust {
  return (['opportunistic', 'pkix', 'dane', 'mta-sts'] as const).flatMap((model) => {
    const does = delivers[model];
    return does === undefined ? [] : [{ model, state: 'x', delivers: does, words: `${model} says so.` }];
  });
}

function judged(...trusts: Trust[]): ProbeAttempt[] {
  return trusts.map((each, n) =>
    attempt({ host: `mx${n}.contoso.example`, tls: { ...attempt().tls, trust: each }, certificate: null }),
  );
}

describe('who refuses for the certificate', () => {
  it.each<[string, Trust, RegExp]>([
    [
      'one model',
      trust({ opportunistic: true, pkix: true, dane: false }),
      /Senders that check DANE \(Exchange Online\) refuse; others deliver\./,
    ],
    [
      'two models',
      trust({ opportunistic: true, pkix: false, 'mta-sts': false }),
      /Senders that require a trusted certificate or follow MTA-STS \(Gmail, Exchange Online\) refuse; others deliver\./,
    ],
    [
      'every model',
      trust({ opportunistic: false, pkix: false }),
      /Senders refuse, however they judge the certificate\./,
    ],
  ])('stands beside the owner: %s', (_name, each, words) => {
    const card = probeCard(probeReport({ attempts: judged(each) }), { line });
    expect(plainText(card.owner ?? '')).toMatch(words);
  });

  it('is said on a card whose verdict is ok, too', () => {
    const report = { ...healthyReport(), attempts: judged(trust({ opportunistic: true, pkix: false, dane: true })) };
    expect(draw(report)).toContain('Certificate: Senders that require a trusted certificate refuse; others deliver.');
  });

  it('names the host where only one of several is refused', () => {
    const attempts = judged(trust({ opportunistic: true, dane: true }), trust({ opportunistic: true, dane: false }));
    expect(draw({ ...healthyReport(), attempts })).toContain('refuse at mx1.contoso.example; others deliver.');
  });

  it('says nothing where everybody delivers', () => {
    expect(draw(healthyReport())).not.toMatch(/refuse/i);
  });

  it('stands side by side in the fold, before the certificate itself', () => {
    const text = draw(daneMismatchReport(), { verbose: true });
    expect(text).toMatch(/Who delivers[\s\S]*✓ Opportunistic[\s\S]*✗ Trust required[\s\S]*✗ DANE[\s\S]*– MTA-STS/);
    expect(text.indexOf('Who delivers')).toBeLessThan(text.indexOf('Chain as sent'));
  });
});

describe('what was published and which versions are taken', () => {
  it('names DANE, MTA-STS and DNSSEC where there is something to say', () => {
    expect(draw(healthyReport())).toContain('TLS: 1.3 · DANE match · MTA-STS match · DNSSEC · certificate');
    const bare = { ...healthyReport(), dnssec: 'insecure' as const };
    const tls = { ...attempt().tls, dane: 'none', mtaSts: 'unknown' };
    expect(draw({ ...bare, attempts: [attempt({ tls })] })).toContain('TLS: 1.3 · MTA-STS not known\n');
  });

  it('tells a version that was refused from one that could not be asked about', () => {
    const text = draw(scanReport());
    expect(text).toMatch(/TLS 1\.0 +✓ yes +ECDHE-RSA-AES256-SHA\n/);
    expect(text).toMatch(/TLS 1\.1 +✗ no /);
    expect(text).toMatch(/TLS 1\.3 +\? not known +421 too many connections\n/);
  });

  it('gives several addresses a line each', () => {
    const report = scanReport();
    const [one] = report.attempts;
    const two = { ...(one ?? attempt()), ip: '203.0.113.11' };
    const text = draw({ ...report, attempts: [...report.attempts, two] });
    expect(text).toMatch(/203\.0\.113\.11 +✓ takes 1\.0 and 1\.2 · ✗ not 1\.1 · \? not known: 1\.3\n/);
  });
});

describe('a probe of several rounds', () => {
  const card = probeCard(repeatReport(), { line });
  const text = renderText(card, { width: 200 });

  it('has one row an address, with how each round went', () => {
    expect(text).toContain('✗ tls (reset) 41 · ✗✓✓✗✓✗✓✓✗✓ 4 of 10 failed');
    expect(text.split('contoso.mail.example 203.0.113.20').length).toBe(2);
  });

  it('keeps the pattern out of the title and gives it a line of its own', () => {
    const report = repeatReport();
    const joined = { ...report, summary: `${report.summary} ${report.correlation?.words}` };
    const again = probeCard(joined, { line });
    expect(plainText(again.title)).not.toContain('FT013');
    expect(renderText(again, { width: 200 }).split('All 4 failures came from FT013').length).toBe(2);
    expect(text).toContain('Pattern: All 4 failures came from FT013.mail.example');
  });

  it('says of an address that never failed how often it was tried', () => {
    const report = { ...repeatReport(), attempts: [attempt(), attempt(), attempt()], correlation: null };
    expect(draw({ ...report, rounds: { total: 3, failed: 0, degraded: 0 } })).toContain('✓✓✓ all 3 went well');
  });

  it('shows two conversations of ten, a failing and a working one, and every round as a row', () => {
    const [transcript, rounds] = ['transcript', 'rounds'].map((id) => detailCard(card, id)?.blocks ?? []);
    expect(transcript?.filter(({ type }) => type === 'code').length).toBe(2);
    expect(rounds?.[0]).toMatchObject({ type: 'table' });
    expect(rounds?.[0]?.type === 'table' && rounds[0].rows.length).toBe(10);
  });
});

describe('what the card says besides', () => {
  it('gives the control target’s answer where there is one', () => {
    expect(draw(blockedEgressReport())).toContain('The control target gmail-smtp-in.l.google.com fails too');
    expect(draw(blockedEgressReport())).toContain('this says nothing about what senders see');
  });

  it('keeps the reply to a message that was taken out of the title, and quotes it', () => {
    const base = refusedRecipientReport();
    const reply = { code: '250', enhanced: '2.6.0', text: '<mm1@x> [InternalId=1] Queued mail for delivery' };
    const card = probeCard(
      {
        ...base,
        verdict: 'ok',
        errorType: null,
        cause: null,
        summary: `mx1.contoso.example took the probe message mm1: 250 2.6.0 ${reply.text}.`,
        attempts: [attempt({ lastReply: reply })],
      },
      { line },
    );
    expect(plainText(card.title)).toBe('kim@contoso.example: mx1.contoso.example took the probe message mm1');
    expect(renderText(card)).toContain('  250 2.6.0 <mm1@x> [InternalId=1] Queued mail for delivery');
  });

  it('quotes the reply of the fault that is the answer, not of the first that failed', () => {
    const busy = attempt({
      verdict: 'failed',
      errorType: 'ServerBusy',
      cause: 'busy',
      lastReply: { code: '421', enhanced: '4.3.2', text: 'Service not available' },
    });
    const refused = attempt({
      verdict: 'failed',
      errorType: 'RecipientRejected',
      cause: 'unknown',
      lastReply: { code: '550', enhanced: '5.1.1', text: 'No such user' },
    });
    const report = { ...probeReport(), errorType: 'RecipientRejected' as const, cause: 'unknown' };
    expect(draw({ ...report, attempts: [busy, refused] })).toContain('550 5.1.1 No such user');
  });

  it('names the family of an IPv6 address', () => {
    expect(draw(blockedEgressReport())).toContain('mx2.contoso.example IPv6 2001:db8::11');
    expect(draw(blockedEgressReport())).not.toContain('IPv6 203.');
  });

  it('does not promise a return to sender while another address works', () => {
    expect(draw(degradedReport())).toContain('try another address or retry: mail is late, not lost.');
  });

  it.each<[string, ProbeReport['lastGood'], ProbeReport['verdict'], string | undefined]>([
    ['no good probe yet', null, 'failed', undefined],
    [
      'nothing changed, and it fails',
      { at: '2026-11-14T09:12:00.000Z', changes: [] },
      'failed',
      'Changed since the last good probe (14 Nov): nothing but the date',
    ],
    [
      'nothing changed, and it works',
      { at: '2026-11-20T09:12:00.000Z', changes: [] },
      'ok',
      'Nothing changed since the last good probe (09:12:00 UTC)',
    ],
    [
      'changes',
      { at: '2025-11-14T09:12:00.000Z', changes: ['a', 'b', 'c', 'd', 'e', 'f'] },
      'failed',
      'Changed since the last good probe (14 Nov 2025): a · b · c · d and 2 more',
    ],
  ])('ends with the last good probe: %s', (_name, lastGood, verdict, words) => {
    const { footer } = probeCard(probeReport({ lastGood, verdict }), { line });
    expect(footer === undefined ? undefined : plainText(footer)).toBe(words);
  });

  it('lists when replies came, and leaves the list out where there is none', () => {
    expect(draw(healthyReport(), { verbose: true })).toMatch(/starttls +220 +18 +18\n/);
    expect(draw(probeReport(), { verbose: true })).not.toContain('First byte');
  });
});

describe('lines to find the probe in logs', () => {
  it('stay whole for others too, as every word is ours, while the mailbox is masked', () => {
    const text = draw(refusedRecipientReport(), { audience: 'shared', verbose: true });
    expect(text).toContain('<mm0123456789@probe.fabrikam.example>');
    expect(text).not.toContain('kim@');
  });

  it('are never wrapped in a terminal, so that they can be copied', () => {
    const narrow = renderText(probeCard(healthyReport(), { line }), { width: 60, verbose: true });
    expect(narrow).toContain('SmtpReceive\\*" -Pattern mm0123456789\n');
  });

  it('are not offered where no connection was made', () => {
    const { search } = healthyReport();
    const card = probeCard({ ...blockedEgressReport(), search }, { line });
    expect(card.details?.some(({ id }) => id === 'search')).toBe(false);
  });
});

describe('probeProgressCard', () => {
  it.each([
    [{ waiting: 'queued: 12 before you' }, 'Probing contoso.example · queued: 12 before you'],
    [{ round: { at: 3, of: 10 } }, 'Probing contoso.example, round 3 of 10'],
    [
      { round: { at: 3, of: 10 }, waiting: 'next round in 10 s' },
      'Probing contoso.example, round 3 of 10 · next round in 10 s',
    ],
    [{ round: { at: 1, of: 1 } }, 'Probing contoso.example'],
  ])('says what it waits for: %j', (over, title) => {
    const card = probeProgressCard({ target: 'contoso.example', attempts: [], ...over }, { line });
    expect(card.title).toBe(title);
    expect(JSON.stringify(card.blocks).includes('"running"')).toBe(!('waiting' in over));
  });

  it('says why a stage takes its time', () => {
    const stages = [
      { name: 'mail', ms: 3, state: 'ok' as const },
      { name: 'rcpt', state: 'running' as const, note: 'waiting 10 s, greylisted' },
    ];
    const card = probeProgressCard(
      { target: 'contoso.example', attempts: [{ host: 'mx1.contoso.example', ip: '203.0.113.10', stages }] },
      { line },
    );
    expect(renderText(card)).toContain('mail 3 › … rcpt · waiting 10 s, greylisted');
  });
});
