import { describe, expect, it } from 'vitest';
import { type Card, plainText } from '../../cards/card.ts';
import { detailCard } from '../../cards/detail-card.ts';
import { diagnosisCard } from '../../cards/diagnosis-card.ts';
import { doctorCard } from '../../cards/doctor-card.ts';
import { bugCard, errorCard } from '../../cards/error-card.ts';
import { helpCard } from '../../cards/help-card.ts';
import { peerCard } from '../../cards/peer-card.ts';
import { renderAdaptiveCard } from '../../cards/render/adaptive-card.ts';
import { renderBlockKit } from '../../cards/render/block-kit.ts';
import { renderText } from '../../cards/render/text.ts';
import { runbookCard } from '../../cards/runbook-card.ts';
import { cancelledCard, interruptedCard, runningCard } from '../../cards/running-card.ts';
import { traceCard, traceProgressCard } from '../../cards/trace-card.ts';
import { UserError } from '../../src/errors.ts';
import { adaptiveCardProblems } from '../support/adaptive-card-validator.ts';
import { blockKitProblems } from '../support/block-kit-validator.ts';
import { forbiddenIn, HOSTILE, shownStrings } from './hostile.ts';
import { diagnosis, peerReport, traceReport } from './sample-reports.ts';

const commands = ['probe', 'diagnose'].map((name) => ({
  name,
  summary: `Does ${name}`,
  usage: '<what>',
  examples: [`/${name} contoso.com`],
  options: { messageId: { hint: 'X', help: 'one message' }, file: { help: 'a file', terminalOnly: true } },
  form: {},
}));

describe('diagnosisCard', () => {
  it('names what broke, whose it is and whether mail is retried', () => {
    const card = diagnosisCard(diagnosis());
    expect(card).toMatchObject({
      state: 'failed',
      title: 'Office 365 cannot reach smtp.tailspintoys.example (203.0.113.139): connection refused',
    });
    expect(card.meta).toContain('450 4.4.316');
    expect(plainText(card.owner ?? '')).toBe('Owner: network. Mail is queued and retried.');
  });

  it.each([
    [{ errorType: null, cause: null, owner: 'none' as const }, 'ok'],
    [{ errorType: 'Unknown' as const, cause: 'permanent' }, 'unknown'],
    [{ errorType: 'ServerBusy' as const, cause: 'greylisted', permanent: false }, 'degraded'],
    [{ errorType: 'ServerBusy' as const, cause: 'busy', permanent: true }, 'failed'],
  ])('has the state of %j', (over, state) => {
    expect(diagnosisCard(diagnosis(over)).state).toBe(state);
  });

  it('says when it is not certain, with the number', () => {
    expect(plainText(diagnosisCard(diagnosis({ confidence: 0.6 })).owner ?? '')).toContain(
      'Likely, not certain (confidence 60 %)',
    );
    expect(plainText(diagnosisCard(diagnosis({ confidence: 0.8 })).owner ?? '')).not.toContain('certain');
  });

  it('names the host in the title where the explanation does not', () => {
    expect(diagnosisCard(diagnosis({ explanation: 'Connection refused. It is retried.' })).title).toBe(
      'smtp.tailspintoys.example: Connection refused',
    );
    expect(diagnosisCard(diagnosis({ explanation: 'Refused.', remoteHost: null, remoteIp: null })).title).toBe(
      'Refused',
    );
  });

  it('lists what would settle it', () => {
    const text = renderText(diagnosisCard(diagnosis({ next: ['Probe it', 'Paste the log'] })));
    expect(text).toContain('  What would settle it\n  ? Probe it\n  ? Paste the log');
  });

  it('puts only a plain name of the remote into a command line', () => {
    const names = (remoteHost: string) => {
      const card = diagnosisCard(diagnosis({ remoteHost, remoteIp: null }));
      return (card.actions ?? []).flatMap((action) => (action.type === 'run' ? [action.line] : []));
    };
    expect(names('mx.contoso.example')).toContain('/probe mx.contoso.example');
    expect(names('--depth submit')).toEqual(['/mailmedic runbook UnableToConnect']);
    expect(names('-x')).toEqual(['/mailmedic runbook UnableToConnect']);
  });

  it('masks addresses for others', () => {
    const reply = { code: '550', enhanced: '5.1.1', text: '<kim@contoso.example> unknown' };
    expect(JSON.stringify(diagnosisCard(diagnosis({ reply }), { audience: 'shared' }))).not.toContain('kim@');
    expect(JSON.stringify(diagnosisCard(diagnosis({ reply })))).toContain('kim@contoso.example');
  });
});

describe('traceCard', () => {
  it('says what to do about the most frequent error, and links its runbook', () => {
    const guidance = {
      mitigation: ['Compare the allow list', 'Search `SmtpReceive`', 'Probe again', 'Wait', 'Tell them'],
      runbooks: [{ title: 'Unable to connect', url: 'https://runbooks.example/UnableToConnect' }],
    };
    const card = traceCard(traceReport(), { guidance });
    expect(card.steps?.map(plainText)).toEqual(['Compare the allow list', 'Search SmtpReceive', 'Probe again']);
    expect(card.details?.map(({ id }) => id)).toContain('steps');
    expect(card.actions?.[0]).toMatchObject({ type: 'link', url: 'https://runbooks.example/UnableToConnect' });
  });

  it('counts with a base, and says what the failures depend on', () => {
    const text = renderText(traceCard(traceReport()), { width: 160 });
    for (const part of [
      '⚠ degraded · Extended trace: 304 of 3,020 messages late, lost or waiting',
      '48,211 rows · 1–3 Nov 2026 UTC · UTF-16LE · 2 rows unreadable',
      'Most frequent: ConnectionLost reset, 1,802 of 1,802 errors.',
      '2,928 delivered (212 of them late) · 92 still pending · 0 failed',
      'half within 1.2 s, 95 % within 14 min 3 s, longest 2 h 17 min',
      'It depends on the sending server: every failure came from 14 of 31 sending servers',
      'To on-premises, from 14 servers',
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each([
    [{ partial: true }, 'stopped'],
    [{ failed: 3 }, 'failed'],
    [{ delayedThenDelivered: 0, pending: 0, errors: [] }, 'ok'],
  ])('has the state of %j', (over, state) => {
    expect(traceCard(traceReport(over)).state).toBe(state);
  });

  it('says that the numbers cover a part when it was stopped', () => {
    expect(plainText(traceCard(traceReport({ partial: true })).footer ?? '')).toContain('only what was read');
  });

  it('says so when nothing stands out', () => {
    const concentration = { dimension: 'none', value: '', share: 0, verdict: 'spread' };
    expect(renderText(traceCard(traceReport({ concentration })))).toContain('The failures are spread');
  });

  it('draws timeline and queues when there are any', () => {
    const event = {
      at: '2026-11-02T10:00:00.000Z',
      event: 'DEFER',
      source: 'SMTP',
      recipient: 'kim@contoso.example',
      client: '',
      server: 'BN3',
      connector: '',
      detail: '421',
      errorType: 'ServerBusy' as const,
    };
    const queue = { identity: 'EX1\\Unreachable', status: 'Ready', messageCount: 1259, lastError: '454 4.7.5' };
    const text = renderText(traceCard(traceReport({ timeline: [event], queues: [queue] }), { audience: 'shared' }), {
      width: 160,
    });
    expect(text).toContain('2026-11-02 10:00:00  DEFER SMTP');
    expect(text).toContain('k…@contoso.example');
    expect(text).toMatch(/EX1\\Unreachable {2}Ready +1,259 {2}454 4\.7\.5/);
  });

  it('shows how far the reading is', () => {
    const text = renderText(traceProgressCard({ file: 'trace.csv', rows: 1_200_000, bytes: 80e6, totalBytes: 200e6 }));
    expect(text).toContain('1,200,000 rows · ████████░░░░░░░░░░░░ 40 % of 200.0 MB');
    expect(renderText(traceProgressCard({ file: 'a.csv', rows: 1, bytes: 2e6 }))).toContain('1 row · 2.0 MB');
  });
});

describe('peerCard', () => {
  it('shows findings before records', () => {
    const text = renderText(peerCard(peerReport()));
    expect(text.indexOf('⚠ 203.0.113.11 has no PTR')).toBeGreaterThan(0);
    expect(text.indexOf('⚠ 203.0.113.11 has no PTR')).toBeLessThan(text.indexOf('mx1.contoso.example'));
  });

  it.each([
    ['error', 'failed'],
    ['warning', 'degraded'],
    ['info', 'ok'],
  ] as const)('has the state of its worst finding: %s', (severity, state) => {
    expect(peerCard(peerReport({ findings: [{ severity, text: 'x' }] })).state).toBe(state);
  });

  it('does not say the title twice', () => {
    const summary = 'contoso.example does not exist in DNS (NXDOMAIN).';
    const text = renderText(peerCard(peerReport({ summary, findings: [{ severity: 'error', text: summary }] })));
    expect(text.split('does not exist').length).toBe(2);
  });
});

describe('helpCard', () => {
  it('gives a line that works for every command', () => {
    const text = renderText(helpCard(commands));
    expect(text).toContain('mailmedic probe contoso.com');
    expect(text).toContain('mailmedic diagnose contoso.com');
  });

  it('explains one command with its options as they are typed', () => {
    const card = helpCard(commands, commands[0]);
    const text = renderText(card);
    expect(text).toContain('/probe <what>');
    expect(text).toContain('--message-id X');
    expect(text).toContain('a file (terminal only)');
    expect(card.actions).toMatchObject([{ type: 'form', command: 'probe' }]);
  });
});

describe('errorCard', () => {
  it('says what is wrong and ends with the next step', () => {
    const card = errorCard(
      new UserError('I don\'t know "/prob". Did you mean /probe?', { example: '/probe contoso.com' }),
    );
    expect(renderText(card)).toBe(
      '• I don\'t know "/prob"\n  Did you mean /probe?\n\n  Try: mailmedic probe contoso.com\n',
    );
  });

  it('gives an id to quote for a bug, and nothing else', () => {
    expect(renderText(bugCard('r-123'))).toContain('Quote r-123');
  });
});

describe('running, cancelled, interrupted', () => {
  it('masks the line, but runs it as it was', () => {
    const line = '/probe kim@contoso.example';
    expect(runningCard(line).title).toBe('/probe k…@contoso.example');
    const card = cancelledCard(line, 'Ann');
    expect(renderText({ ...card, actions: [] })).toContain('Stopped by Ann.');
    expect(card.actions).toMatchObject([{ type: 'run', line, where: 'edit' }]);
    expect(plainText(interruptedCard(line, '2026-11-20T12:00:00Z').owner ?? '')).toContain('12:00:00 UTC');
  });
});

describe('detailCard', () => {
  const card = traceCard(traceReport());
  it('is the fold as a card of its own', () => {
    const detail = detailCard(card, 'files');
    expect(plainText(detail?.title ?? '')).toMatch(/^Files: Extended trace/);
    expect(detail?.blocks).toEqual(card.details?.find((each) => each.id === 'files')?.blocks);
  });
  it('is nothing for a fold that is not there', () => {
    expect(detailCard(card, 'gone')).toBeUndefined();
    expect(detailCard({ kind: 'x', state: 'ok', title: 'x' }, '__proto__')).toBeUndefined();
  });
});

describe('every card with hostile words', () => {
  it.each(HOSTILE)('$name', ({ text }) => {
    const cards: Card[] = [
      diagnosisCard(
        diagnosis({
          explanation: text,
          reply: { code: text, enhanced: text, text },
          issuer: text,
          remoteHost: text,
          mitigation: [text],
          next: [text],
          evidence: [{ kind: text, text }],
        }),
      ),
      traceCard(
        traceReport({
          files: [{ name: text, format: text, encoding: text, rows: 1, skipped: 1 }],
          queues: [{ identity: text, status: text, messageCount: 1, lastError: text }],
          problems: [{ file: text, line: 1, reason: text }],
        }),
      ),
      traceProgressCard({ file: text, rows: 1, bytes: 1 }),
      peerCard(
        peerReport({
          target: text,
          summary: text,
          findings: [{ severity: 'error', text }],
          ptr: [{ ip: text, names: [text], confirmed: true }],
        }),
      ),
      errorCard(new UserError(text, { example: text })),
      runningCard(text),
      cancelledCard(text, text),
      interruptedCard(text, text),
      doctorCard([
        { name: text, state: 'failed', text },
        { name: 'DNS', state: 'ok', text },
      ]),
      runbookCard('Unknown', {
        meaning: text,
        mitigation: [text, `\`${text}\``],
        runbooks: [
          {
            title: text,
            url: `https://runbooks.example/${encodeURIComponent(
              Array.from(text.replace(/\p{Cs}/gu, ''))
                .slice(0, 20)
                .join(''),
            )}`,
          },
        ],
        confirm: [text],
        next: [text],
        attach: [text],
      }),
    ];
    for (const card of cards) {
      const slack = renderBlockKit(card, { runId: 'r' });
      const teams = renderAdaptiveCard(card, { runId: 'r' });
      expect(blockKitProblems(slack)).toEqual([]);
      expect(adaptiveCardProblems(teams.card)).toEqual([]);
      expect(forbiddenIn([...shownStrings(slack.blocks), teams.summary, ...shownStrings(teams.card)])).toEqual([]);
    }
  });
});
