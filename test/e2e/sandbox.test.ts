import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/chromium.ts';
import { type SandboxProcess, startSandboxProcess } from '../support/sandbox-process.ts';

const TRACE = path.resolve(import.meta.dirname, '../fixtures/e2e/trace.csv');
const LED =
  'Reason: [{LED=450 4.4.316 Connection refused};{MSG=Socket error code 10061};{FQDN=smtp.tailspintoys.ca};{IP=13.92.177.139};{LRT=3/16/2017 4:59:18 PM}]. OutboundProxyTargetIP: 13.92.177.139. OutboundProxyTargetHostName: smtp.tailspintoys.ca';

let sandbox: SandboxProcess;
let browser: Browser;
let page: Page;
let shots: string;
let shot = 0;

beforeAll(async () => {
  // Kept only for somebody who wants to look: SCREENSHOTS_DIR=/some/folder npx vitest run test/e2e/sandbox.test.ts
  shots = process.env.SCREENSHOTS_DIR ?? (await mkdtemp(path.join(tmpdir(), 'mailmedic-shots-')));
  sandbox = await startSandboxProcess();
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1200, height: 860 } });
  page.setDefaultTimeout(15_000);
  await page.goto(sandbox.url);
  await page.locator('#composer-line').waitFor();
}, 60_000);
afterAll(async () => {
  await browser.close();
  expect(await sandbox.stop()).toBe(0);
  if (process.env.SCREENSHOTS_DIR === undefined) await rm(shots, { recursive: true, force: true });
});

/** Types a line as a person does and waits for the answer's card. */
async function say(line: string): Promise<Locator> {
  const before = await page.locator('#messages .message').count();
  await page.locator('#composer-line').fill(line);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const answer = page.locator('#messages .message').nth(before + 1);
  await answer.waitFor();
  await settled(answer);
  return answer;
}

/** The card no longer says that it is running. */
async function settled(answer: Locator): Promise<void> {
  await expect.poll(async () => /^… |running ·/m.test(await answer.innerText()), { timeout: 15_000 }).toBe(false);
}

async function draw(platform: 'Slack' | 'Teams'): Promise<void> {
  await page.getByRole('radio', { name: platform }).check();
}

async function picture(name: string): Promise<void> {
  shot += 1;
  await page.screenshot({ path: path.join(shots, `${String(shot).padStart(2, '0')}-${name}.png`) });
}

describe('npm start without credentials', () => {
  it('listens on 127.0.0.1 whatever the settings say', async () => {
    const other = await startSandboxProcess({ MAILMEDIC_HTTP_HOST: '0.0.0.0' });
    expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await other.stop()).toBe(0);
  });

  it('prints one address and says that it is the sandbox', async () => {
    expect(sandbox.stdout()).toMatch(/^mailmedic sandbox: http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(await page.locator('.sandbox-mark').innerText()).toContain('Sandbox');
    const health = (await (await fetch(`${sandbox.url}/healthz`)).json()) as { status: string };
    expect(health.status).toBe('ok');
    await picture('first-visit');
  });

  it.each<[line: string, words: RegExp, errorType: string]>([
    ['/probe expired.sandbox.test', /certificate expired 3 days ago/, 'CertificateFailure'],
    ['/probe dane.sandbox.test', /check DANE \(Exchange Online\) refuse; others deliver/, 'CertificateFailure'],
    ['/probe refused.sandbox.test', /connection refused/, 'UnableToConnect'],
    ['/probe tls10.sandbox.test', /speaks only TLS 1\.0/, 'TlsHandshakeFailure'],
    ['/probe monitor@throttled.sandbox.test', /Server busy/, 'ServerBusy'],
    ['/probe monitor@proxyfail.sandbox.test --depth submit', /PRX2/, 'ProxyDnsFailure'],
    ['/probe pool.sandbox.test', /1 of 2 addresses/, 'UnableToConnect'],
    [`/diagnose ${LED}`, /smtp\.tailspintoys\.ca/, 'UnableToConnect'],
  ])('%s shows error type, owner, steps and a runbook in both drawings', async (line, words, errorType) => {
    await draw('Slack');
    const answer = await say(line);
    const name = line.replace(/^\/(\w+)\s.*?([\w.]+sandbox\.test|LED).*$/s, '$1-$2').replace('.sandbox.test', '');
    for (const platform of ['Slack', 'Teams'] as const) {
      await draw(platform);
      const text = await answer.innerText();
      expect(text).toMatch(words);
      expect(text).toContain(errorType);
      expect(text).toMatch(/Owner: \w+/);
      expect(await answer.getByText(/\w{4,}/).count()).toBeGreaterThan(4);
      await picture(`${name}-${platform.toLowerCase()}`);
    }
    await draw('Slack');
    expect(await answer.locator('ol li').count()).toBeGreaterThan(1);
    const runbook = await answer.getByRole('link', { name: /Runbook/ }).getAttribute('href');
    expect(runbook).toBe(`${sandbox.url}/runbooks/${errorType}`);
    expect(await (await fetch(String(runbook))).text()).toContain('<h1');
  });

  it('reads a trace file that is dropped', async () => {
    const before = await page.locator('#messages .message').count();
    const bytes = JSON.stringify([...(await readFile(TRACE))]);
    // A string, because the page's own types (DataTransfer) are not those of this program.
    const transfer = await page.evaluateHandle(`(() => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([new Uint8Array(${bytes})], 'trace.csv', { type: 'text/csv' }));
      return dropped;
    })()`);
    await page.dispatchEvent('#composer-line', 'drop', { dataTransfer: transfer });
    await page.locator('.chip').waitFor();
    await page.locator('.chip progress').waitFor({ state: 'detached' });
    await page.locator('#composer-line').fill('/trace-parse');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    const answer = page.locator('#messages .message').nth(before + 1);
    await answer.waitFor();
    await settled(answer);
    const text = await answer.innerText();
    expect(text).toMatch(/4 delivered/);
    expect(text).toContain('UnableToConnect');
    expect(text).toMatch(/Owner: network/);
    expect(await answer.locator('ol li').count()).toBeGreaterThan(1);
    const runbook = answer.getByRole('link', { name: /Runbook/ });
    expect(await runbook.getAttribute('href')).toBe(`${sandbox.url}/runbooks/UnableToConnect`);
    await picture('trace-slack');
    await draw('Teams');
    await picture('trace-teams');
    await draw('Slack');
  });

  it('runs a probe again in the same message, and opens the thread', async () => {
    const answer = await say('/probe healthy.sandbox.test');
    const time = /\d\d:\d\d:\d\d UTC/;
    const first = time.exec(await answer.innerText())?.[0];
    await page.waitForTimeout(1100);
    const count = await page.locator('#messages .message').count();
    await answer.getByRole('button', { name: 'Probe again' }).click();
    await expect.poll(async () => time.exec(await answer.innerText())?.[0], { timeout: 10_000 }).not.toBe(first);
    expect(await page.locator('#messages .message').count()).toBe(count);
    await settled(answer);
    await answer.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Peer' }).click();
    await answer.getByRole('button', { name: '1 reply' }).click();
    const thread = page.locator('#thread');
    await thread.getByText('203.0.113.10').last().waitFor();
    await picture('thread');
    await page.getByRole('button', { name: /Close/ }).first().click();
  });

  it('opens a fold of the card in its thread', async () => {
    const answer = await say('/probe healthy.sandbox.test');
    await answer.getByRole('button', { name: 'Transcript', exact: true }).click();
    await answer.getByRole('button', { name: '1 reply' }).click();
    await page
      .locator('#thread')
      .getByText(/STARTTLS/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: /Close/ }).first().click();
  });

  it('asks with a form when the command stands alone', async () => {
    const count = await page.locator('#messages .message').count();
    await page.locator('#composer-line').fill('/probe');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').first().fill('wrongname.sandbox.test');
    await picture('form');
    await dialog.getByRole('button', { name: 'Probe' }).click();
    const answer = page.locator('#messages .message').nth(count + 1);
    await expect.poll(() => page.locator('#messages .message').last().innerText(), { timeout: 10_000 }).toMatch(/name/);
    expect(answer).toBeDefined();
  });

  it('answers a slip of the fingers privately, with the nearest command', async () => {
    const before = await page.locator('#messages .message').count();
    await page.locator('#composer-line').fill('/prob healthy.sandbox.test');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    const answer = page.locator('#messages .message').nth(before + 1);
    await answer.getByText('Did you mean /probe').waitFor();
    expect(await answer.innerText()).toContain('Only visible to you');
  });
});
