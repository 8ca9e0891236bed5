import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseButtonValue } from '../../../cards/action.ts';
import type { Card, CardAction } from '../../../cards/card.ts';
import type { Form } from '../../../cards/form.ts';
import { renderBlockKit, renderBlockKitModal } from '../../../cards/render/block-kit.ts';
import { blockKitProblems, modalProblems, totalText } from '../../support/block-kit-validator.ts';
import { cardOf, forbiddenIn, HOSTILE, STATES, shownStrings } from '../hostile.ts';

const IDS = { runId: 'r-01HXZ', revision: 4 };

interface Element {
  type: string;
  action_id: string;
  text?: { text: string };
  value?: string;
  url?: string;
  style?: string;
  confirm?: { text: { text: string } };
  options?: { text: { text: string }; value: string }[];
}

function elementsOf(blocks: object[]): Element[] {
  return blocks.flatMap((block) =>
    'type' in block && block.type === 'actions' ? (block as unknown as { elements: Element[] }).elements : [],
  );
}

function cardWith(actions: CardAction[], over: Partial<Card> = {}): Card {
  return { kind: 'probe', state: 'failed', title: 'contoso.example cannot receive mail', actions, ...over };
}

function run(label: string, over: Partial<CardAction & { type: 'run' }> = {}): CardAction {
  return { type: 'run', label, line: `/probe ${label}.example`, where: 'edit', ...over };
}

describe('renderBlockKit', () => {
  describe.each(STATES)('state %s', (state) => {
    it.each(HOSTILE)('draws $name so that Slack takes it and acts on nothing', ({ text }) => {
      for (const ids of [IDS, {}]) {
        const message = renderBlockKit(cardOf(text, state), ids);
        expect(blockKitProblems(message)).toEqual([]);
        expect(forbiddenIn(shownStrings(message.blocks))).toEqual([]);
        expect(message.text).not.toMatch(/[<>]|@(everyone|here|channel)\b|```/);
      }
    });
  });

  it('says the state with a sign and a word before the title', () => {
    const marks = STATES.map((state) => renderBlockKit({ kind: 'x', state, title: 'T' }).text);
    expect(marks).toEqual([
      '✓ ok · T',
      '⚠ degraded · T',
      '✗ failed · T',
      '? unknown · T',
      '• T',
      '… running · T',
      '■ stopped · T',
    ]);
    const first = JSON.stringify(renderBlockKit(cardWith([])).blocks[0]);
    expect(first).toContain('✗ failed · ');
    expect(first).toContain('contoso.example cannot receive mail');
  });

  it('draws two buttons and one overflow menu, the marked ones first', () => {
    const { blocks } = renderBlockKit(cardWith([run('a'), run('b', { primary: true }), run('c'), run('d')]), IDS);
    const [first, second, menu, ...rest] = elementsOf(blocks);
    expect(rest).toEqual([]);
    expect([first?.text?.text, second?.text?.text]).toEqual(['b', 'a']);
    expect([first?.style, second?.style]).toEqual(['primary', undefined]);
    expect(menu?.options?.map((option) => option.text.text)).toEqual(['c', 'd']);
    expect(parseButtonValue(first?.value)).toEqual({
      v: 1,
      a: 'run',
      line: '/probe b.example',
      where: 'edit',
      run: 'r-01HXZ',
      rev: 4,
    });
  });

  it('gives every element an action_id of its own that names what it does', () => {
    const actions = [run('a'), run('b'), run('c'), run('d', { line: `/probe ${'x'.repeat(200)}` })];
    const elements = elementsOf(renderBlockKit(cardWith(actions), IDS).blocks);
    const ids = elements.map((element) => element.action_id);
    expect(new Set(ids).size).toBe(elements.length);
    for (const id of ids) expect(id).toMatch(/^mm:(run|link|detail|form|cancel|more):\d+$/);
  });

  it('draws an option whose value is over 150 characters as a button of its own', () => {
    const long = run('long', { line: `/probe ${'x'.repeat(200)}.example` });
    const elements = elementsOf(renderBlockKit(cardWith([run('a'), run('b'), run('c'), long]), IDS).blocks);
    const button = elements.find((element) => element.text?.text === 'long');
    expect(parseButtonValue(button?.value)).toMatchObject({ line: `/probe ${'x'.repeat(200)}.example` });
  });

  it('never loses an action: what has no room is named in the last line', () => {
    const actions = Array.from({ length: 14 }, (_, n) => run(`n${n}`));
    const { blocks } = renderBlockKit(cardWith(actions), IDS);
    const json = JSON.stringify(blocks);
    for (const n of actions.keys()) expect(json).toContain(`/probe n${n}.example`);
    expect(JSON.stringify(blocks.at(-1))).toContain('Also: ');
  });

  it('says what to type where a line is too long for a button', () => {
    const { blocks } = renderBlockKit(cardWith([run('huge', { line: `/diagnose ${'x'.repeat(3000)}` })]), IDS);
    expect(elementsOf(blocks)).toEqual([]);
    expect(JSON.stringify(blocks.at(-1))).toContain('Also: /diagnose xxx');
  });

  it('keeps only honest links', () => {
    const { blocks } = renderBlockKit(
      cardWith([
        { type: 'link', label: 'Good', url: 'https://runbooks.contoso.example/' },
        { type: 'link', label: 'File', url: 'file:///opt/runbook.md' },
      ]),
    );
    expect(elementsOf(blocks).map((element) => element.url)).toEqual(['https://runbooks.contoso.example/']);
    expect(JSON.stringify(blocks.at(-1))).toContain('Also: File');
    const title: Card['title'] = [{ text: 'https://contoso.example', url: 'https://evil.example/' }];
    const drawn = JSON.stringify(renderBlockKit(cardWith([], { title })).blocks);
    expect(drawn).toContain('"text":"https://evil.example/"');
    expect(drawn).not.toContain('https://contoso.example');
  });

  it('asks before an action that wants it', () => {
    const [button] = elementsOf(
      renderBlockKit(cardWith([run('a', { confirm: 'Probe all 60 addresses?' })]), IDS).blocks,
    );
    expect(button?.confirm?.text.text).toBe('Probe all 60 addresses?');
  });

  it('opens each fold by the run, and puts it into a file where there is no run', () => {
    const details = [{ id: 'transcript', title: 'Transcript', blocks: [{ type: 'code' as const, text: '220 hello' }] }];
    const withRun = renderBlockKit(cardWith([], { details }), IDS);
    expect(elementsOf(withRun.blocks).map((element) => parseButtonValue(element.value))).toEqual([
      { v: 1, a: 'detail', detail: 'transcript', run: 'r-01HXZ', rev: 4 },
    ]);
    expect(withRun.files).toEqual([]);
    const without = renderBlockKit(cardWith([], { details }));
    expect(without.files.map((file) => file.name)).toEqual(['mailmedic-probe.txt']);
    expect(without.files[0]?.content).toContain('220 hello');
    expect(JSON.stringify(without.blocks.at(-1))).toContain('attached file');
  });

  it('says that a sandbox answer is one', () => {
    expect(JSON.stringify(renderBlockKit(cardWith([], { sandbox: true })).blocks[1])).toContain(
      'sandbox: only the built-in servers',
    );
  });

  it('moves what does not fit into a file and says so', () => {
    const text = Array.from({ length: 300 }, (_, n) => `${n} C line ${n} of a long transcript`).join('\n');
    const rows = Array.from({ length: 60 }, (_, n) => ({
      label: `mx${n}.contoso.example`,
      stages: [{ name: 'connect', state: 'failed' as const }],
    }));
    const message = renderBlockKit(
      cardWith([], {
        blocks: [
          { type: 'stages', rows },
          { type: 'code', text },
        ],
      }),
      IDS,
    );
    expect(blockKitProblems(message)).toEqual([]);
    const json = JSON.stringify(message.blocks);
    expect(json).toContain('48 more in the attached file');
    expect(json).toContain('lines are in the attached file');
    expect(json).toContain('299 C line 299');
    const whole = message.files[0]?.content ?? '';
    for (let n = 0; n < 300; n += 1) expect(whole).toContain(`${n} C line ${n} `);
    for (let n = 0; n < 60; n += 1) expect(whole).toContain(`mx${n}.contoso.example`);
  });

  it.each<[string, Card['blocks']]>([
    [
      'rows of addresses',
      [{ type: 'stages', rows: Array.from({ length: 13 }, (_, n) => ({ label: `row ${n}`, stages: [] })) }],
    ],
    ['rows of a table', [{ type: 'table', columns: ['A'], rows: Array.from({ length: 13 }, (_, n) => [`row ${n}`]) }]],
    ['facts', [{ type: 'facts', facts: Array.from({ length: 13 }, (_, n) => ({ label: `row ${n}`, value: 'v' })) }]],
    ['columns', [{ type: 'table', columns: [...'ABCDEFGHI'], rows: [['row 12', ...'bcdefghi']] }]],
    ['invisible characters', [{ type: 'text', text: `${'\u200b'.repeat(9000)} row 12` }]],
    ['a long line', [{ type: 'code', text: `${'x'.repeat(400)} row 12` }]],
    ['blocks', Array.from({ length: 21 }, (_, n) => ({ type: 'text' as const, text: `row ${n - 8}` }))],
  ])('attaches the whole when there are too many: %s', (_name, blocks) => {
    const message = renderBlockKit(cardWith([], { blocks: blocks ?? [] }), IDS);
    expect(message.files[0]?.content).toContain('row 12');
    expect(JSON.stringify(message.blocks.at(-1))).toContain('the whole answer is in the attached file');
  });

  it('masks addresses in what it says to type', () => {
    const actions = Array.from({ length: 14 }, (_, n) => run(`n${n}`, { line: `/probe kim${n}@contoso.example` }));
    const shown = shownStrings(renderBlockKit(cardWith(actions), IDS).blocks).join('\n');
    expect(shown).toContain('/probe k…@contoso.example');
    expect(shown).not.toContain('kim');
  });

  it('keeps the files of the card', () => {
    const file = { name: 'report.csv', title: 'Report', content: 'a,b' };
    expect(renderBlockKit(cardWith([], { files: [file] })).files).toEqual([file]);
  });

  it('stays inside every limit for any card', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4000 }),
      fc.constantFrom(...HOSTILE.map((each) => each.text)),
    );
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 60 }), (one, two, n) => {
        const card = cardOf(one);
        const message = renderBlockKit(
          {
            ...card,
            steps: Array.from({ length: n }, () => two),
            blocks: Array.from({ length: n }, () => card.blocks ?? []).flat(),
          },
          IDS,
        );
        expect(blockKitProblems(message)).toEqual([]);
        expect(totalText(message.blocks)).toBeLessThanOrEqual(10_000);
      }),
      { numRuns: 30 },
    );
  });
});

describe('renderBlockKitModal', () => {
  const form: Form = {
    command: 'probe',
    title: 'Probe a mail path of any domain',
    submit: 'Probe',
    intro: 'Type <!channel> what to probe.',
    fields: [
      { type: 'text', id: 'target', label: 'Target', hint: 'A domain', placeholder: 'contoso.com', maxLength: 9000 },
      {
        type: 'choice',
        id: 'depth',
        label: 'How far',
        options: [{ value: 'tls', label: 'TLS' }],
        initial: 'tls',
        optional: true,
      },
      { type: 'file', id: 'files', label: 'Files', maxFiles: 50 },
    ],
  };

  it('is a view that Slack takes, with the fields under their ids', () => {
    const view = renderBlockKitModal(form, { privateMetadata: '{"place":1}' });
    expect(modalProblems(view)).toEqual([]);
    expect(view).toMatchObject({ type: 'modal', callback_id: 'mm:form:probe', private_metadata: '{"place":1}' });
    const inputs = (view as { blocks: { type: string; block_id?: string; element?: { action_id: string } }[] }).blocks;
    expect(
      inputs.flatMap((block) => (block.type === 'input' ? [[block.block_id, block.element?.action_id]] : [])),
    ).toEqual([
      ['target', 'target'],
      ['depth', 'depth'],
      ['files', 'files'],
    ]);
    expect(JSON.stringify(view)).not.toContain('<!channel>');
  });

  it('leaves out what is not given', () => {
    const view = renderBlockKitModal({ ...form, fields: [] });
    expect(view).not.toHaveProperty('private_metadata');
  });
});
