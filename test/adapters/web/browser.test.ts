import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Card } from '../../../cards/card.ts';
import { webPlace } from '../../../src/adapters/web/web-port.ts';
import { launchBrowser } from '../../support/chromium.ts';
import { openChannel, type PersonPage } from './support/browser-page.ts';
import { createStubHandler, echoCard, type StubHandler } from './support/stub-handler.ts';
import { compilePage, removeCompiledPage, startWebServer, type WebServer } from './support/web-server.ts';

let browser: Browser;
let tab: Page;
let server: WebServer;
let handler: StubHandler;
let person: PersonPage;

beforeAll(async () => {
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 } });
  tab = await context.newPage();
});
afterAll(async () => {
  await browser.close();
  removeCompiledPage();
});
beforeEach(async () => {
  handler = createStubHandler();
  server = await startWebServer(handler, { scriptDir: compilePage() });
  person = await openChannel(tab, server);
});
afterEach(async () => {
  await person.leave();
  await server.stop();
  expect(person.troubles).toEqual([]);
  expect(person.strangers).toEqual([]);
});

const PATIENT = { timeout: 5000 };

describe('the message box', () => {
  test('a first visit offers five lines; one click runs one', async () => {
    const examples = person.page.getByRole('region', { name: 'First steps' }).getByRole('button');
    expect(await examples.count()).toBe(5);
    await examples.filter({ hasText: '/peer 203.0.113.10' }).click();
    await person.rows.nth(1).waitFor();
    expect(handler.commands[0]?.line).toBe('/peer 203.0.113.10');
    expect(await examples.first().isVisible()).toBe(false);
  });

  test('completes commands, names, options and values by Tab, arrows and Enter', async () => {
    await person.line.pressSequentially('/pr');
    await person.page.keyboard.press('Tab');
    await person.line.pressSequentially('con');
    await person.page.keyboard.press('Enter');
    await person.line.pressSequentially('--d');
    await person.page.keyboard.press('Tab');
    await person.page.keyboard.press('ArrowDown');
    await person.page.keyboard.press('ArrowDown');
    await person.page.keyboard.press('Enter');
    expect(await person.line.inputValue()).toBe('/probe contoso.example --depth tls ');
    await person.page.keyboard.press('Enter');
    await person.rows.nth(1).waitFor();
    expect(handler.commands.map((one) => one.line)).toEqual(['/probe contoso.example --depth tls']);
  });

  test('says its state to screen readers and closes with Escape', async () => {
    await person.line.pressSequentially('/p');
    expect(await person.line.getAttribute('aria-expanded')).toBe('true');
    const active = await person.line.getAttribute('aria-activedescendant');
    expect(await person.page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
    await person.page.keyboard.press('Escape');
    expect(await person.line.getAttribute('aria-expanded')).toBe('false');
    expect(await person.line.inputValue()).toBe('/p');
  });

  test('the arrow keys bring back lines, also those sent before a reload', async () => {
    await person.say('/help');
    await person.say('/peer 192.0.2.1');
    await person.rows.nth(3).waitFor();
    await person.page.reload();
    await person.line.waitFor();
    await person.line.fill('draft');
    for (const [key, line] of [
      ['ArrowUp', '/peer 192.0.2.1'],
      ['ArrowUp', '/help'],
      ['ArrowDown', '/peer 192.0.2.1'],
      ['ArrowDown', 'draft'],
    ] as const) {
      await person.page.keyboard.press(key);
      expect(await person.line.inputValue()).toBe(line);
    }
  });

  test('Shift+Enter and pasted text stay one message', async () => {
    await person.line.pressSequentially('/diagnose 550 5.1.1');
    await person.page.keyboard.press('Shift+Enter');
    await person.page.keyboard.insertText('line two\nline three');
    await person.page.keyboard.press('Enter');
    await person.rows.nth(1).waitFor();
    expect(handler.commands.map((one) => one.line)).toEqual(['/diagnose 550 5.1.1\nline two\nline three']);
  });

  test('a pasted file and a very long pasted text are attached, a short one is typed', async () => {
    const paste = (fill: string) =>
      person.page.evaluate(`(() => {
        const clipboardData = new DataTransfer();
        ${fill};
        const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
        document.querySelector('#composer-line').dispatchEvent(event);
        return event.defaultPrevented;
      })()`);
    expect(await paste(`clipboardData.items.add(new File(['x'], 'ndr.eml'))`)).toBe(true);
    expect(await paste(`clipboardData.setData('text/plain', 'row\\n'.repeat(20000))`)).toBe(true);
    expect(await paste(`clipboardData.setData('text/plain', '550 5.1.1')`)).toBe(false);
    const names = person.page.locator('.chip strong');
    await expect.poll(() => names.allTextContents(), PATIENT).toEqual(['ndr.eml', 'pasted.txt']);
  });

  test('a dropped file becomes a chip, can be removed, and goes with the line', async () => {
    const dropped = await person.page.evaluateHandle(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['date,sender'], 'trace.csv'));
      data.items.add(new File(['x'], 'other.txt'));
      return data;
    })()`);
    for (const type of ['dragover', 'drop']) {
      await person.page.dispatchEvent('#messages', type, { dataTransfer: dropped });
    }
    await person.page.getByRole('button', { name: 'Remove other.txt' }).click();
    await person.page.locator('.chip progress').waitFor({ state: 'detached' });
    expect(await person.page.locator('.chip').allInnerTexts()).toHaveLength(1);
    await person.page.keyboard.press('Tab');
    await person.say('/trace-parse');
    await person.rows.nth(1).waitFor();
    expect(handler.commands[0]?.files?.map((file) => file.name)).toEqual(['trace.csv']);
    expect(await person.rows.first().locator('.file').textContent()).toContain('11 B');
    await expect.poll(() => person.page.locator('.chip').count(), PATIENT).toBe(0);
  });
});

describe('a card', () => {
  beforeEach(async () => {
    await person.say('/probe contoso.example');
    await person.rows.nth(1).waitFor();
  });

  test('Slack: a link opens outside; a button presses and the card is replaced in place', async () => {
    const link = person.rows.nth(1).getByRole('link', { name: 'Runbook: certificates' });
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    expect(await link.getAttribute('target')).toBe('_blank');
    await person.rows.nth(1).getByRole('button', { name: 'Probe again' }).click();
    await person.rows.nth(1).getByText('pressed /probe contoso.example').waitFor();
    expect(await person.rows.count()).toBe(2);
    expect(handler.presses[0]?.message.messageId).toBe(await person.rows.nth(1).getAttribute('data-message-id'));
  });

  test('Slack: the overflow menu works by keyboard, and its answer comes into the thread', async () => {
    await person.rows.nth(1).getByRole('button', { name: 'More actions' }).press('Enter');
    const menu = person.page.getByRole('menu');
    expect(await menu.getByRole('menuitem').allInnerTexts()).toContain('All addresses');
    await person.page.keyboard.press('Escape');
    expect(await menu.count()).toBe(0);
    await person.page.keyboard.press('Enter');
    await menu.getByRole('menuitem', { name: 'All addresses' }).click();
    const link = person.rows.nth(1).getByRole('button', { name: '1 reply' });
    await link.click();
    await person.page.locator('#thread').getByText('pressed /probe contoso.example --all').waitFor();
  });

  test('Slack: a confirmation asks first', async () => {
    const ask = person.rows.nth(1).getByRole('button', { name: 'Look up the peer' });
    await ask.click();
    const dialog = person.page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('Ask three lists?');
    await person.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(handler.presses).toEqual([]);
    await ask.click();
    await dialog.locator('.bk-primary').click();
    await expect.poll(() => handler.presses.length, PATIENT).toBe(1);
  });

  test('Teams: the same card by the Adaptive Cards library; its buttons press too', async () => {
    await person.draw('Teams');
    const card = person.rows.nth(1).locator('.ac-adaptiveCard');
    expect(await card.textContent()).toContain('certificate expired 3 days ago');
    expect(await person.rows.nth(1).locator('.bk').count()).toBe(0);
    await card.getByRole('button', { name: 'Probe again' }).click();
    await person.rows.nth(1).getByText('pressed /probe contoso.example').waitFor();
  });

  test('Teams: the overflow menu and links', async () => {
    await person.draw('Teams');
    const card = person.rows.nth(1).locator('.ac-adaptiveCard');
    const opened = person.page.context().waitForEvent('page');
    await person.page.context().route('https://docs.contoso.example/**', (route) => route.fulfill({ body: 'runbook' }));
    await card
      .getByRole('link', { name: 'Runbook: certificates' })
      .or(card.getByRole('button', { name: 'Runbook: certificates' }))
      .click();
    expect((await opened).url()).toContain('docs.contoso.example');
    await (await opened).close();
    const more = card.getByRole('button', { name: /^\.\.\.|more/i });
    await more.click();
    await person.page.getByRole('menuitem', { name: 'All addresses' }).click();
    await expect.poll(() => handler.presses.length, PATIENT).toBe(1);
    expect(handler.presses[0]?.value).toMatchObject({ a: 'run', line: '/probe contoso.example --all' });
  });

  test('the drawing is remembered, and JSON shows what that platform gets', async () => {
    await person.rows.nth(1).hover();
    await person.rows.nth(1).getByRole('button', { name: 'JSON' }).click();
    const dialog = person.page.getByRole('dialog');
    expect(JSON.parse((await dialog.locator('.json').textContent()) ?? '')).toHaveProperty('blocks');
    await person.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dialog.getByRole('button', { name: 'Copy' }).click();
    await person.page.getByText('Copied.').waitFor();
    expect(await person.page.evaluate('navigator.clipboard.readText()')).toBe(
      await dialog.locator('.json').textContent(),
    );
    await dialog.getByRole('button', { name: 'Close' }).click();
    await person.draw('Teams');
    await person.page.reload();
    await person.rows.nth(1).hover();
    await person.rows.nth(1).getByRole('button', { name: 'JSON' }).click();
    expect(JSON.parse((await dialog.locator('.json').textContent()) ?? '')).toMatchObject({ type: 'AdaptiveCard' });
  });

  test('a thread opens, takes a line of its own, and closes', async () => {
    await person.rows.nth(1).hover();
    await person.rows.nth(1).getByRole('button', { name: 'Reply in thread' }).click();
    await person.page.locator('#thread-line').fill('/peer 192.0.2.1');
    await person.page.keyboard.press('Enter');
    const thread = person.page.locator('#thread');
    await thread.locator('.message').nth(2).waitFor();
    expect(handler.commands[1]?.place.threadId).toBe(await person.rows.nth(1).getAttribute('data-message-id'));
    await person.rows.nth(1).getByText('2 replies').waitFor();
    await person.page.keyboard.press('Escape');
    expect(await thread.isVisible()).toBe(false);
    expect(await person.rows.count()).toBe(2);
  });

  test('a new answer is read out, a private one is marked, an edit is not read', async () => {
    await person.say('/private');
    await person.rows.nth(3).getByText('Only visible to you').waitFor();
    const live = person.page.locator('#live');
    await expect.poll(() => live.textContent(), PATIENT).toContain('for you alone');
    const ref = await server.adapter.port.post(webPlace(), { card: echoCard('first words') });
    await expect.poll(() => live.textContent(), PATIENT).toContain('first words');
    await server.adapter.port.edit(ref, { card: echoCard('later words') });
    await person.rows.nth(4).getByText('later words').waitFor();
    expect(await live.textContent()).toContain('first words');
  });
});

test('a form opens only in the tab that asked, says what is missing, and sends values and files', async () => {
  const other = await openChannel(await tab.context().newPage(), server);
  // A tab in the background draws no frames.
  await person.page.bringToFront();
  await person.say('/form');
  const dialog = person.page.getByRole('dialog');
  await dialog.getByLabel('Recipient').fill('   ');
  await dialog.getByRole('button', { name: 'Parse' }).click();
  await dialog.getByText('Recipient is missing').waitFor();
  expect(await other.page.getByRole('dialog').count()).toBe(0);
  await dialog.getByLabel('Recipient').fill('kim@fabrikam.com');
  await dialog.getByLabel('Group by').selectOption('server');
  await dialog
    .getByLabel('Trace file')
    .setInputFiles({ name: 't.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') });
  await dialog.getByRole('button', { name: 'Parse' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(handler.forms[0]).toMatchObject({
    command: 'trace-parse',
    values: { recipient: 'kim@fabrikam.com', by: 'server' },
    files: [{ name: 't.csv', size: 3 }],
  });
  await other.page.close();
});

test('a page on a phone keeps its width', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 700 }, hasTouch: true, isMobile: true });
  const phone = await openChannel(await context.newPage(), server);
  await phone.say('/probe contoso.example');
  await phone.rows.nth(1).waitFor();
  for (const platform of ['Slack', 'Teams'] as const) {
    await phone.draw(platform);
    expect(await phone.page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const card = phone.rows.nth(1).locator('.message-content');
    expect(rightEdge(await card.boundingBox())).toBeLessThanOrEqual(360);
  }
  await phone.rows.nth(1).getByRole('button', { name: 'Reply in thread' }).tap();
  await phone.page.getByRole('button', { name: 'Close thread' }).tap();
  expect(phone.troubles).toEqual([]);
  await context.close();
});

function rightEdge(box: { x: number; width: number } | null): number {
  return box === null ? Number.NaN : box.x + box.width;
}

test('a page that is left open goes on after the server was started again', async () => {
  await person.say('/help');
  await person.rows.nth(1).waitFor();
  await server.stop();
  await person.page.locator('body.offline').waitFor();
  server = await startWebServer(handler, { scriptDir: compilePage(), port: server.port });
  await person.rows.first().waitFor({ state: 'detached' });
  await person.say('/peer 192.0.2.1');
  await person.rows.nth(1).waitFor();
  expect(handler.commands.map((one) => one.line)).toEqual(['/help', '/peer 192.0.2.1']);
});

test('what a mail server says cannot become markup, in either drawing', async () => {
  const attack = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
  const text = `${attack} [click](javascript:window.pwned=1) **${attack}** <https://evil.example|bank> &lt;img src=x onerror=window.pwned=1&gt;`;
  const hostile: Card = {
    kind: 'probe',
    state: 'failed',
    title: text,
    meta: text,
    owner: [
      { text, url: 'javascript:window.pwned=1' },
      { text, style: 'code' },
    ],
    steps: [text],
    blocks: [
      { type: 'facts', facts: [{ label: text, value: text }] },
      { type: 'table', columns: [text], rows: [[text]], caption: text },
      { type: 'code', text, caption: text },
      { type: 'stages', rows: [{ label: text, stages: [{ name: attack, state: 'failed' }], note: text }] },
    ],
    details: [{ id: 'd', title: attack, blocks: [{ type: 'text', text }] }],
    actions: [
      { type: 'link', label: attack, url: 'javascript:window.pwned=1' },
      { type: 'detail', label: attack, detail: 'd' },
    ],
    footer: text,
    files: [{ name: attack, title: attack, content: attack }],
  };
  await server.adapter.port.post(webPlace(), { card: hostile, runId: 'r' });
  await person.say(attack);
  await person.rows.nth(1).waitFor();
  const row = person.rows.first();
  for (const platform of ['Slack', 'Teams'] as const) {
    await person.draw(platform);
    await row.locator(platform === 'Slack' ? '.bk' : '.ac-adaptiveCard').waitFor();
    expect(await row.textContent()).toContain('onerror');
    expect(await row.locator('img:not(.avatar), script, [onerror]').count()).toBe(0);
    expect(await person.page.locator('a[href^="javascript"], a[href*="evil.example"]').count()).toBe(0);
    expect(await person.page.evaluate('window.pwned')).toBeUndefined();
  }
});

test('every kind of block is drawn with its text and style, and an unknown one says that it is', async () => {
  await person.page.evaluate(`(async () => {
    const { drawBlocks } = await import('/page/block-kit/draw-blocks.js');
    const context = { press: async () => {}, confirm: async () => false, inputs: new Map() };
    document.body.append(drawBlocks(${JSON.stringify(EVERY_BLOCK)}, context));
  })()`);
  const drawn = person.page.locator('body > .bk');
  const count = (selector: string) => drawn.locator(selector).count();
  expect(await drawn.locator('h3').textContent()).toBe('Head');
  expect(await drawn.locator('.bk-section strong').allInnerTexts()).toEqual(['bold', 'field']);
  expect(await drawn.locator('.bk-section .bk-button').textContent()).toBe('Press');
  expect(await drawn.locator('a').count()).toBe(1);
  expect(await drawn.locator('.bk-list li').allInnerTexts()).toEqual(['one', 'two']);
  expect(await drawn.locator('ol').getAttribute('start')).toBe('4');
  expect(await drawn.locator('blockquote').textContent()).toBe('quoted');
  expect(await drawn.locator('pre').textContent()).toBe('220 ready');
  expect(await drawn.locator('th').allInnerTexts()).toEqual(['Host', 'Count']);
  expect(await drawn.locator('td.bk-right').textContent()).toBe('7');
  expect([await count('hr'), await count('.bk-mention'), await count('img')]).toEqual([1, 1, 0]);
  expect(await drawn.locator('.bk-unknown').textContent()).toContain('(<i>video</i>)');
  expect(await drawn.locator('.bk-image-link a').getAttribute('href')).toBe('https://pictures.example/x.png');
});

test('an Adaptive Card folds, reads Markdown without markup, and presses with data.mm', async () => {
  await person.page.evaluate(`(async () => {
    const { drawAdaptiveCard } = await import('/page/adaptive/draw-card.js');
    const press = async (value) => { window.pressed = value; };
    document.body.append(drawAdaptiveCard(${JSON.stringify(FOLDING_CARD)}, press));
  })()`);
  const card = person.page.locator('body > .teams-card');
  expect(await card.locator('strong').textContent()).toBe('bold');
  expect(await card.locator('img').count()).toBe(0);
  const fold = card.getByText('354 go ahead');
  expect(await fold.isVisible()).toBe(false);
  await card.getByRole('button', { name: 'Transcript' }).click();
  await fold.waitFor();
  expect(await person.page.evaluate('window.pressed')).toBeUndefined();
  await card.getByRole('button', { name: 'Again' }).click();
  expect(await person.page.evaluate('window.pressed')).toEqual({ v: 1, a: 'run' });
});

const FOLDING_CARD = {
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    { type: 'TextBlock', text: '**bold** <img src=x>', wrap: true },
    { type: 'Container', id: 'fold', isVisible: false, items: [{ type: 'TextBlock', text: '354 go ahead' }] },
  ],
  actions: [
    { type: 'Action.ToggleVisibility', title: 'Transcript', targetElements: ['fold'] },
    { type: 'Action.Execute', title: 'Again', verb: 'mm:run:0', data: { mm: { v: 1, a: 'run' } } },
  ],
};

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const EVERY_BLOCK = [
  { type: 'header', text: { type: 'plain_text', text: 'Head' } },
  {
    type: 'section',
    text: mrkdwn('*bold*'),
    fields: [mrkdwn('*field* <javascript:alert(1)|trap>')],
    accessory: { type: 'button', text: { type: 'plain_text', text: 'Press' }, value: 'v' },
  },
  { type: 'context', elements: [mrkdwn('small <!here>')] },
  { type: 'divider' },
  { type: '<i>video</i>' },
  { type: 'actions', elements: [{ type: 'button', text: mrkdwn('Trap'), url: 'javascript:alert(1)' }] },
  { type: 'image', image_url: 'https://pictures.example/x.png', alt_text: 'chart' },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_list',
        style: 'ordered',
        offset: 3,
        elements: ['one', 'two'].map((text) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] })),
      },
      { type: 'rich_text_quote', elements: [{ type: 'text', text: 'quoted' }] },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '220 ready' }] },
    ],
  },
  {
    type: 'table',
    column_settings: [{}, { align: 'right' }],
    rows: [
      [
        { type: 'raw_text', text: 'Host' },
        { type: 'raw_text', text: 'Count' },
      ],
      [
        { type: 'raw_text', text: 'mx1' },
        { type: 'raw_number', value: 7 },
      ],
    ],
  },
];
