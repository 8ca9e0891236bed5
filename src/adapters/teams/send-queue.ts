import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { PlatformError } from '../../errors.ts';
import { toPlatformError } from './teams-errors.ts';

/** Sends one after the other within a conversation, and waits when Teams says so. */
export interface SendQueue {
  /** Runs `send` after everything queued before it under `key`. @throws PlatformError */
  run<T>(key: string, send: () => Promise<T>): Promise<T>;
}

/** Longest that one message is tried for, waits included. */
const DEADLINE_MS = 20_000;
const FIRST_WAIT_MS = 400;

/**
 * Teams allows 7 messages a second in a thread and asks for a retry with jitter on 412, 429, 502 and 504. A wait that
 * does not fit the deadline is not begun: the caller is told at once, with the time, and so is whoever comes next.
 */
export function createSendQueue(clock: Clock): SendQueue {
  const tails = new Map<string, Promise<void>>();
  const pausedUntil = new Map<string, number>();

  async function attempt<T>(key: string, send: () => Promise<T>): Promise<T> {
    const deadline = clock.elapsed() + DEADLINE_MS;
    for (let tries = 0; ; tries += 1) {
      await waitOut(key, deadline);
      try {
        return await send();
      } catch (thrown) {
        const error = toPlatformError(thrown);
        if (!error.retryable) throw error;
        const backOff = FIRST_WAIT_MS * 2 ** tries * (0.75 + Math.random() / 2);
        const wait = error.retryAfterMs ?? backOff;
        if (error.kind === 'rate-limited') pausedUntil.set(key, clock.elapsed() + wait);
        if (clock.elapsed() + wait > deadline || tries >= 4) throw error;
        await sleep(wait);
      }
    }
  }

  async function waitOut(key: string, deadline: number): Promise<void> {
    const until = pausedUntil.get(key);
    if (until === undefined) return;
    const wait = until - clock.elapsed();
    if (until > deadline) {
      throw new PlatformError('rate-limited', 'Teams asked us to wait before the next message here.', {
        retryAfterMs: Math.ceil(wait),
      });
    }
    if (wait > 0) await sleep(wait);
    pausedUntil.delete(key);
  }

  return {
    async run(key, send) {
      const before = tails.get(key);
      const result = before === undefined ? attempt(key, send) : before.then(() => attempt(key, send));
      const tail = result.then(
        () => undefined,
        () => undefined,
      );
      tails.set(key, tail);
      try {
        return await result;
      } finally {
        if (tails.get(key) === tail) tails.delete(key);
      }
    },
  };
}
