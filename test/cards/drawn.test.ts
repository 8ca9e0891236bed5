import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detailCard } from '../../cards/detail-card.ts';
import { probeCard } from '../../cards/probe-card.ts';
import { webPlace } from '../../src/adapters/web/web-port.ts';
import type { ChatHandler } from '../../src/chat/port.ts';
import { compilePage, removeCompiledPage, startWebServer, type WebServer } from '../adapters/web/support/web-server.ts';
import { launchBrowser } from '../support/chromium.ts';
import { PROBES } from './sample-probes.ts';

/** Kept only for somebody who wants to look: SCREENSHOTS_DIR=/some/folder npx vitest run test/cards/drawn.test.ts */
const SHOTS = process.env.SCREENSHOTS_DIR;

const WIDTHS = { desk: 1100, phone: 390 } as const;

/** Each sample as a card; of two also the folds, as they are shown when their button is pressed. */
const CARDS = PROBES.flatMap(({ name, report, line }) => {
  const card = probeCard(report, { line, audience: 'shared' });
  const opened = name === 'dane-mismatch' || name === 'repeat' ? (card.details ?? []) : [];
  const folds = opened.flatMap(({ id }) => {
    const fold = detailCard(card, id);
    return fold === undefined ? [] : [{ name: `${name}-${id}`, card: fold, words: 'contoso' }];
  });
  return [{ name, card, words: report.verdict as string }, ...folds];
});

const nobody: ChatHandler = {
  command: () => Promise.resolve(),
  press: () => Promise.resolve(),
  form: () => Promise.resolve(),
};

let server: WebServer;
let browser: Browser;
let page: Page;
const ids = new Map<string, string>();

function messageOf(name: string): Locator {
  return page.locator(`#messages [data-message-id="${ids.get(name)}"]`);
}

beforeAll(async () => {
  server = await startWebServer(nobody, { scriptDir: compilePage() });
  browser = await launchBrowser();
  page = await browser.newPage({ deviceScaleFactor: SHOTS === undefined ? 1 : 2 });
  page.setDefaultTimeout(10_000);
  await page.goto(server.origin);
  await page.locator('#composer-line').waitFor();
  for (const { name, card } of CARDS) {
    const { messageId } = await server.adapter.port.post(webPlace(), { card, runId: 'run', revision: 1 });
    ids.set(name, messageId);
    await messageOf(name).waitFor();
  }
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  removeCompiledPage();
});

describe.each(['Slack', 'Teams'] as const)('probe cards as %s draws them', (platform) => {
  it.each(Object.keys(WIDTHS) as (keyof typeof WIDTHS)[])('stay inside the window: %s', async (device) => {
    await page.setViewportSize({ width: WIDTHS[device], height: 900 });
    await page.getByRole('radio', { name: platform }).check();
    for (const { name, words } of CARDS) {
      const message = messageOf(name);
      await message.scrollIntoViewIfNeeded();
      const text = await message.innerText();
      expect(text, name).toContain(words);
      const box = await message.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0), name).toBeLessThanOrEqual(WIDTHS[device]);
      if (SHOTS !== undefined) {
        await mkdir(SHOTS, { recursive: true });
        await message.screenshot({ path: path.join(SHOTS, `${name}-${platform.toLowerCase()}-${device}.png`) });
      }
    }
  });
});
