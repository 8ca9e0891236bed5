import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseButtonValue } from '../../../cards/action.ts';
import type { Card } from '../../../cards/card.ts';
import { renderAdaptiveCard, renderAdaptiveForm } from '../../../cards/render/adaptive-card.ts';
import { adaptiveCardProblems } from '../../support/adaptive-card-validator.ts';
import { cardOf, forbiddenIn, HOSTILE, STATES, shownStrings } from '../hostile.ts';

const IDS = { runId: 'r-01HXZ', revision: 4 };

interface Action {
  type: string;
  title: string;
  mode?: string;
  verb?: string;
  data?: { mm: unknown };
  fallback?: { type: string; data: { mm: unknown } };
  targetElements?: string[];
}

function actionsOf(card: object): Action[] {
  return (card as { actions?: Action[] }).actions ?? [];
}

const base: Card = { kind: 'probe', state: 'failed', title: 'contoso.example cannot receive mail' };

describe('renderAdaptiveCard', () => {
  describe.each(STATES)('state %s', (state) => {
    it.each(HOSTILE)('draws $name so that Teams takes it and acts on nothing', ({ text }) => {
      for (const ids of [IDS, {}]) {
        const { card, summary } = renderAdaptiveCard(cardOf(text, state), ids);
        expect(adaptiveCardProblems(card)).toEqual([]);
        expect(forbiddenIn([summary, ...shownStrings(card)])).toEqual([]);
      }
    });
  });

  it('is drawn as wide as the window, the state first', () => {
    const { card, summary } = renderAdaptiveCard(base);
    expect(card).toMatchObject({ type: 'AdaptiveCard', version: '1.5', msteams: { width: 'full' } });
    expect(summary).toBe('✗ failed · contoso.example cannot receive mail');
    expect(JSON.stringify(card)).toContain('✗ failed · ');
  });

  it('carries the press under mm, for Execute and for its fallback', () => {
    const { card } = renderAdaptiveCard(
      { ...base, actions: [{ type: 'run', label: 'Again', line: '/probe a.example', where: 'edit' }] },
      IDS,
    );
    const [action] = actionsOf(card);
    expect(action?.type).toBe('Action.Execute');
    expect(parseButtonValue(action?.data?.mm)).toEqual({
      v: 1,
      a: 'run',
      line: '/probe a.example',
      where: 'edit',
      run: 'r-01HXZ',
      rev: 4,
    });
    expect(action?.fallback?.type).toBe('Action.Submit');
    expect(action?.fallback?.data).toEqual(action?.data);
  });

  it('draws two buttons, the rest in the overflow menu, and names what has no room', () => {
    const actions = Array.from({ length: 16 }, (_, n) => ({
      type: 'run' as const,
      label: `n${n}`,
      line: `/probe n${n}.example`,
    }));
    const { card } = renderAdaptiveCard({ ...base, actions }, IDS);
    expect(actionsOf(card).map((action) => action.mode ?? 'primary')).toEqual([
      'primary',
      'primary',
      ...Array.from({ length: 4 }, () => 'secondary'),
    ]);
    const json = JSON.stringify(card);
    for (const n of actions.keys()) expect(json).toContain(`/probe n${n}.example`);
    expect(json).toContain('Also: /probe n6.example');
  });

  it('holds small folds inside the card, whether or not there is a run', () => {
    const details = [{ id: 'transcript', title: 'Transcript', blocks: [{ type: 'code' as const, text: '220 hello' }] }];
    for (const ids of [IDS, {}]) {
      const { card, files } = renderAdaptiveCard({ ...base, details }, ids);
      expect(actionsOf(card)).toEqual([]);
      const json = JSON.stringify(card);
      expect(json).toContain('"targetElements":["mm-fold-0"]');
      expect(json).toContain('"id":"mm-fold-0","isVisible":false');
      expect(json).toContain('220\u00a0hello'.replace('\u00a0', ' '));
      expect(files).toEqual([]);
    }
  });

  it('asks for a big fold by the run, and puts it into a file where there is no run', () => {
    const text = Array.from({ length: 300 }, (_, n) => `${n} C line ${n} of a long transcript`).join('\n');
    const details = [{ id: 'transcript', title: 'Transcript', blocks: [{ type: 'code' as const, text }] }];
    const { card, files } = renderAdaptiveCard({ ...base, details }, IDS);
    expect(parseButtonValue(actionsOf(card)[0]?.data?.mm)).toMatchObject({ a: 'detail', detail: 'transcript' });
    expect(files).toEqual([]);
    const without = renderAdaptiveCard({ ...base, details });
    expect(without.files[0]?.content).toContain('299 C line 299');
    expect(JSON.stringify(without.card)).toContain('attached file');
  });

  it('asks before an action that wants it, in a card under the button', () => {
    const actions = [
      { type: 'run' as const, label: 'All', line: '/probe a.example --all', confirm: 'All 60 addresses?' },
    ];
    const json = JSON.stringify(renderAdaptiveCard({ ...base, actions }, IDS).card);
    expect(json).toContain('Action.ShowCard');
    expect(json).toContain('All 60 addresses?');
  });

  it('says that a sandbox answer is one', () => {
    expect(JSON.stringify(renderAdaptiveCard({ ...base, sandbox: true }).card)).toContain(
      'sandbox: only the built-in servers',
    );
    expect(JSON.stringify(renderAdaptiveCard(base).card)).not.toContain('sandbox');
  });

  it('keeps the files of the card', () => {
    const file = { name: 'report.csv', title: 'Report', content: 'a,b' };
    expect(renderAdaptiveCard({ ...base, files: [file] }).files).toEqual([file]);
  });

  it('gives each line of text a block of its own', () => {
    const json = JSON.stringify(renderAdaptiveCard({ ...base, blocks: [{ type: 'text', text: 'one\ntwo' }] }).card);
    expect(json).not.toContain('\\n');
  });

  it('stays under 25 KB for any card', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4000 }),
      fc.constantFrom(...HOSTILE.map((each) => each.text)),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 60 }), (one, n) => {
        const card = cardOf(one);
        const blocks = Array.from({ length: n }, () => card.blocks ?? []).flat();
        const message = renderAdaptiveCard({ ...card, steps: Array.from({ length: n }, () => one), blocks }, IDS);
        expect(adaptiveCardProblems(message.card)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('renderAdaptiveForm', () => {
  const card = renderAdaptiveForm({
    command: 'probe',
    title: 'Probe a mail path',
    submit: 'Probe',
    intro: '[a](http://b) what to probe',
    fields: [
      { type: 'text', id: 'target', label: 'Target *', hint: 'A domain', placeholder: 'contoso.com' },
      { type: 'choice', id: 'depth', label: 'How far', options: [{ value: 'tls', label: 'TLS' }], optional: true },
      { type: 'file', id: 'files', label: 'Files', maxFiles: 5 },
    ],
  });

  it('is a card that Teams takes, with the command beside the values', () => {
    expect(adaptiveCardProblems(card)).toEqual([]);
    expect(actionsOf(card)).toMatchObject([{ type: 'Action.Submit', title: 'Probe', data: { mmForm: 'probe' } }]);
    expect(JSON.stringify(card)).toContain('"id":"target"');
  });

  it('says how to hand over a file, as Teams has no input for it', () => {
    expect(JSON.stringify(card)).toContain('up to 5 files to me in our personal chat');
  });

  it('escapes what Teams reads as Markdown', () => {
    const json = JSON.stringify(card);
    expect(json).toContain('Target \\\\*');
    expect(json).not.toContain('](');
  });
});
