import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { UserError } from '../errors.ts';

/** Probes that may be started within a minute. */
export interface RateLimits {
  perUserPerMinute: number;
  perTargetPerMinute: number;
  /** By everybody together. */
  perMinute: number;
}

/** Too many probes within a minute. */
export class RateLimited extends UserError {
  override name = 'RateLimited';
  /** When it is worth another try. */
  readonly retryAfterMs: number;
  constructor(words: string, retryAfterMs: number) {
    super(`${words} Try again in ${Math.max(1, Math.ceil(retryAfterMs / 1000))} s.`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Counts one probe by `userId` (undefined: the terminal, which the other limits hold) to `target`. */
export type CheckRate = (userId: string | undefined, target: string) => Promise<void>;

/** What is counted, as it stands in the refusals. */
export interface RateWords {
  /** `probes`. */
  many: string;
  /** `probed`. */
  done: string;
}

const PROBES: RateWords = { many: 'probes', done: 'probed' };

const ALL = 'all';

/**
 * Holds each person, each target and everybody together to so many a minute, in the memory of this process.
 * The function throws RateLimited, which says whose limit it is and when to try again.
 */
export function createRateLimit(limits: RateLimits, { many, done }: RateWords = PROBES): CheckRate {
  const { perUserPerMinute, perTargetPerMinute, perMinute } = limits;
  const users = new RateLimiterMemory({ points: perUserPerMinute, duration: 60 });
  const targets = new RateLimiterMemory({ points: perTargetPerMinute, duration: 60 });
  const everybody = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (userId, target) => {
    if (userId !== undefined) {
      await take(users, userId, `You have started ${perUserPerMinute} ${many} within a minute, which is the limit.`);
    }
    const words = `${target} has been ${done} ${perTargetPerMinute} times within a minute, which is the limit for one target.`;
    await take(targets, keyOf(target), words);
    const all = `${perMinute} ${many} have been started here within a minute, which is the limit for everybody together.`;
    await take(everybody, ALL, all);
  };
}

/** One name, however it is written: addresses in their shortest form, IPv4-mapped ones as IPv4. */
function keyOf(target: string): string {
  return ipaddr.isValid(target) ? ipaddr.process(target).toString() : target.toLowerCase();
}

async function take(limiter: RateLimiterMemory, key: string, words: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new RateLimited(words, refusal.msBeforeNext);
  }
}
