import { existsSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { errnoOf, messageOf } from '../../src/errors.ts';

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A test browser talks to the server under test and to nobody else. */
const QUIET_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/**
 * Starts a headless Chromium: MAILMEDIC_CHROMIUM, else the system's, else the one that @sparticuz/chromium brings.
 * @throws Error that says what was tried and what to set.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  try {
    return await chromium.launch({ executablePath, headless: true, args: QUIET_FLAGS });
  } catch (cause) {
    const hint = 'Install chromium, or name one in MAILMEDIC_CHROMIUM.';
    throw new Error(`The browser ${executablePath} does not start. ${hint}\n${messageOf(cause)}`, { cause });
  }
}

async function findChromium(): Promise<string> {
  const chosen = process.env.MAILMEDIC_CHROMIUM;
  if (chosen !== undefined && chosen !== '') {
    if (existsSync(chosen)) return chosen;
    throw new Error(`MAILMEDIC_CHROMIUM names ${chosen}, which does not exist.`);
  }
  const installed = SYSTEM_BROWSERS.find((file) => existsSync(file));
  return installed ?? unpackChromium();
}

/** @sparticuz/chromium holds a binary for Linux on x64 and unpacks it into the temp folder. */
async function unpackChromium(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium found. Install one, or name it in MAILMEDIC_CHROMIUM.');
  }
  const { default: packed } = await import('@sparticuz/chromium');
  return withLock(path.join(tmpdir(), 'mailmedic-chromium.lock'), () => packed.executablePath());
}

const STALE_LOCK_MS = 90_000;

/**
 * One process at a time: the package takes a half-written file of another process for a finished one. mkdir is atomic,
 * so a folder is the lock; one left by a killed process is taken over.
 */
async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  while (!(await takeLock(lock))) await sleep(100);
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  const age = await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > STALE_LOCK_MS) await rm(lock, { recursive: true, force: true });
  return false;
}
