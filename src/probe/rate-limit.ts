import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { UserError } from '../errors.ts';

export interface RateLimits {
  perUserPerMinute: number;
  perTargetPerMinute: number;
}

/** Counts one probe by `userId` (undefined: the terminal, which only the target's limit holds) to `target`. */
export type CheckRate = (userId: string | undefined, target: string) => Promise<void>;

/**
 * Holds each person and each target to so many probes a minute, in the memory of this process.
 * The function throws UserError that says when to try again.
 */
export function createRateLimit(limits: RateLimits): CheckRate {
  const users = new RateLimiterMemory({ points: limits.perUserPerMinute, duration: 60 });
  const targets = new RateLimiterMemory({ points: limits.perTargetPerMinute, duration: 60 });
  return async (userId, target) => {
    if (userId !== undefined) {
      await take(
        users,
        userId,
        `You have started ${limits.perUserPerMinute} probes within a minute, which is the limit.`,
      );
    }
    const words = `${target} has been probed ${limits.perTargetPerMinute} times within a minute, which is the limit for one target.`;
    await take(targets, target.toLowerCase(), words);
  };
}

async function take(limiter: RateLimiterMemory, key: string, words: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    throw new UserError(`${words} Try again in ${Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))} s.`);
  }
}
