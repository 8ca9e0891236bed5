import { describe, expect, it } from 'vitest';
import { renderAdaptiveCard } from '../../cards/render/adaptive-card.ts';
import { renderBlockKit, renderBlockKitModal } from '../../cards/render/block-kit.ts';
import { adaptiveCardProblems } from '../support/adaptive-card-validator.ts';
import { blockKitProblems, modalProblems } from '../support/block-kit-validator.ts';
import { cardOf } from './hostile.ts';

/** Each validator has to find each planted fault, else a green test of a renderer means nothing. */

const plain = (text: string) => ({ type: 'plain_text', text });
const button = (over: object) => ({ type: 'button', action_id: 'a', text: plain('b'), value: 'v', ...over });
const rich = (elements: object[]) => ({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] });

describe('blockKitProblems', () => {
  it('takes what is right', () => {
    expect(blockKitProblems(renderBlockKit(cardOf('hello'), { runId: 'r' }))).toEqual([]);
    expect(blockKitProblems({ text: 't', blocks: [{ type: 'divider' }] })).toEqual([]);
  });

  it.each<[string, object[]]>([
    ['no blocks', []],
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' }))],
    ['an unknown block', [{ type: 'carrousel' }]],
    ['a long section', [{ type: 'section', text: plain('x'.repeat(3001)) }]],
    ['an empty section', [{ type: 'section' }]],
    ['11 fields', [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('x')) }]],
    ['a long header', [{ type: 'header', text: plain('x'.repeat(151)) }]],
    ['11 context elements', [{ type: 'context', elements: Array.from({ length: 11 }, () => plain('x')) }]],
    ['an empty text', [{ type: 'context', elements: [plain('')] }]],
    ['a long button', [{ type: 'actions', elements: [button({ text: plain('x'.repeat(76)) })] }]],
    ['a long value', [{ type: 'actions', elements: [button({ value: 'x'.repeat(2001) })] }]],
    ['a script link', [{ type: 'actions', elements: [button({ url: 'javascript:x' })] }]],
    ['a repeated action_id', [{ type: 'actions', elements: [button({}), button({})] }]],
    [
      'a repeated block_id',
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
    ],
    [
      '26 elements',
      [{ type: 'actions', elements: Array.from({ length: 26 }, (_, n) => button({ action_id: `${n}` })) }],
    ],
    [
      '6 options',
      [
        {
          type: 'actions',
          elements: [
            {
              type: 'overflow',
              action_id: 'o',
              options: Array.from({ length: 6 }, () => ({ text: plain('x'), value: 'v' })),
            },
          ],
        },
      ],
    ],
    [
      'a long option value',
      [
        {
          type: 'actions',
          elements: [{ type: 'overflow', action_id: 'o', options: [{ text: plain('x'), value: 'v'.repeat(151) }] }],
        },
      ],
    ],
    [
      'a long confirm',
      [
        {
          type: 'actions',
          elements: [
            button({
              confirm: { title: plain('t'), text: plain('x'.repeat(301)), confirm: plain('y'), deny: plain('n') },
            }),
          ],
        },
      ],
    ],
    ['an empty run', [rich([{ type: 'text', text: '' }])]],
    ['a run of another type', [rich([{ type: 'broadcast', range: 'channel', text: 'x' }])]],
    [
      'a list of runs',
      [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_list', style: 'ordered', elements: [{ type: 'text', text: 'x' }] }],
        },
      ],
    ],
    ['two tables', Array.from({ length: 2 }, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }))],
    ['an empty cell', [{ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }]],
    ['too much text in all', Array.from({ length: 5 }, () => rich([{ type: 'text', text: 'x'.repeat(2001) }]))],
  ])('finds %s', (_name, blocks) => {
    expect(blockKitProblems({ text: 't', blocks })).not.toEqual([]);
  });

  it('finds a missing and a long top-level text', () => {
    expect(blockKitProblems({ blocks: [{ type: 'divider' }] })).not.toEqual([]);
    expect(blockKitProblems({ text: 'x'.repeat(4001), blocks: [{ type: 'divider' }] })).not.toEqual([]);
  });
});

describe('modalProblems', () => {
  const view = renderBlockKitModal({
    command: 'x',
    title: 'T',
    submit: 'S',
    fields: [{ type: 'file', id: 'f', label: 'F', maxFiles: 1 }],
  });
  it.each<[string, object]>([
    ['a long title', { title: plain('x'.repeat(25)) }],
    ['a long submit', { submit: plain('x'.repeat(25)) }],
    ['long metadata', { private_metadata: 'x'.repeat(3001) }],
    ['another type', { type: 'home' }],
    [
      '11 files',
      {
        blocks: [{ type: 'input', label: plain('l'), element: { type: 'file_input', action_id: 'a', max_files: 11 } }],
      },
    ],
    [
      'an input without label',
      { blocks: [{ type: 'input', element: { type: 'file_input', action_id: 'a', max_files: 1 } }] },
    ],
  ])('finds %s', (_name, over) => {
    expect(modalProblems(view)).toEqual([]);
    expect(modalProblems({ ...view, ...over })).not.toEqual([]);
  });
});

describe('adaptiveCardProblems', () => {
  const { card } = renderAdaptiveCard(cardOf('hello'), { runId: 'r' });
  const run = { type: 'TextRun', text: 'x' };
  it.each<[string, object]>([
    ['another version', { version: '1.6' }],
    ['no type', { type: 'Card' }],
    ['an unknown element', { body: [{ type: 'CodeBlock', codeSnippet: 'x' }] }],
    ['an element that is not ours', { body: [{ type: 'TextBlock', text: '**x**' }] }],
    ['an empty run', { body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '' }] }] }],
    ['no runs', { body: [{ type: 'RichTextBlock', inlines: [] }] }],
    ['a wrong property value', { body: [{ type: 'RichTextBlock', inlines: [{ ...run, color: 'Purple' }] }] }],
    ['a script link', { actions: [{ type: 'Action.OpenUrl', title: 'x', url: 'javascript:x' }] }],
    ['no fallback', { actions: [{ type: 'Action.Execute', title: 'x', verb: 'v', data: { mm: 1 } }] }],
    [
      'three buttons',
      { actions: Array.from({ length: 3 }, () => ({ type: 'Action.OpenUrl', title: 'x', url: 'https://a.example' })) },
    ],
    ['a toggle of nothing', { actions: [{ type: 'Action.ToggleVisibility', title: 'x', targetElements: ['gone'] }] }],
    [
      'a repeated id',
      {
        body: [
          { type: 'Container', id: 'a', items: [] },
          { type: 'Container', id: 'a', items: [] },
        ],
      },
    ],
    ['26 KB', { body: [{ type: 'RichTextBlock', inlines: [{ ...run, text: 'x'.repeat(26_000) }] }] }],
  ])('finds %s', (_name, over) => {
    expect(adaptiveCardProblems(card)).toEqual([]);
    expect(adaptiveCardProblems({ ...card, ...over })).not.toEqual([]);
  });
});
