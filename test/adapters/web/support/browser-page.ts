import type { Locator, Page } from 'playwright-core';
import type { WebServer } from './web-server.ts';

/** The page of a person, with what must never happen in it. */
export interface PersonPage {
  page: Page;
  /** Errors of scripts, and what the content policy blocked. */
  troubles: string[];
  /** Requests to anywhere but the server. */
  strangers: string[];
  line: Locator;
  /** Types a line and sends it. */
  say(line: string): Promise<void>;
  /** The rows of the channel (not of a thread). */
  rows: Locator;
  draw(platform: 'Slack' | 'Teams'): Promise<void>;
  /** Stops watching; the browser tab can be used for the next server. */
  leave(): Promise<void>;
}

/** Opens the channel in a tab. Every server has a port of its own, so nothing is remembered from another test. */
export async function openChannel(page: Page, server: WebServer): Promise<PersonPage> {
  page.setDefaultTimeout(15_000);
  const troubles: string[] = [];
  const strangers: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) troubles.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.origin) && !request.url().startsWith('data:')) strangers.push(request.url());
  });
  await page.goto(server.origin);
  const line = page.locator('#composer-line');
  await line.waitFor();
  return {
    page,
    troubles,
    strangers,
    line,
    async say(text) {
      await line.fill(text);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
    },
    rows: page.locator('#messages .message'),
    draw: (platform) => page.getByRole('radio', { name: platform }).check(),
    async leave() {
      page.removeAllListeners();
      await page.goto('about:blank');
    },
  };
}
