import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../../vocabulary.ts';
import { replyProblem } from '../faults/classify.ts';
import type { Problem } from '../faults/problem.ts';
import { SessionError } from '../session/session-error.ts';
import { describeReply, type SmtpReply } from '../session/smtp-reply.ts';
import type { Attempt } from './attempt-context.ts';
import { retryHint, sayWait } from './retry-hint.ts';

/** Many servers name no time; the shortest delays in use are of a few seconds. */
const DEFAULT_WAIT_S = 5;
/** The peer counts its seconds from a moment that we do not see. */
const SLACK_MS = 250;

/** The refusal of a greylisting server: mail will flow, once it is tried again. */
export function greylistProblem(reply: SmtpReply, stage: Stage, waitedMs: number | undefined): Problem {
  const { code, enhanced, text } = describeReply(reply);
  const hint = retryHint(text);
  const asked = hint === undefined ? 'try again later' : `try again in ${sayWait(hint)}`;
  const state = waitedMs === undefined ? 'greylisted' : `still greylisted after ${saySeconds(waitedMs)}`;
  const codes = enhanced === null ? code : `${code} ${enhanced}`;
  return {
    errorType: 'ServerBusy',
    cause: 'greylisted',
    // Nobody must act: senders come again by themselves.
    owner: 'none',
    stage,
    words: `${state}: ${asked} (${codes})`,
  };
}

/** True for a refusal that only asks us to come again. */
export function isGreylisted(reply: SmtpReply, stage: Stage): boolean {
  return reply.code >= 400 && reply.code < 500 && replyProblem(reply, stage).cause === 'greylisted';
}

/**
 * How long to wait before the second try, in milliseconds; undefined when that is more than may be waited, or than the
 * probe has left for it and for another conversation as long as the first.
 */
export function greylistWait(
  reply: SmtpReply,
  time: { mayWaitMs: number; leftMs: number; tookMs: number },
): number | undefined {
  const hint = retryHint(describeReply(reply).text);
  const wait = hint === undefined ? Math.min(DEFAULT_WAIT_S * 1000, time.mayWaitMs) : hint * 1000;
  if (time.mayWaitMs <= 0 || wait > time.mayWaitMs) return undefined;
  const withSlack = wait + SLACK_MS;
  return withSlack + time.tookMs <= time.leftMs ? withSlack : undefined;
}

/**
 * Waits; progress shows it.
 * @throws SessionError of kind `cancelled` at once when the probe is.
 */
export async function waitOut({ record, settings }: Attempt, stage: Stage, ms: number): Promise<void> {
  record.wait(stage, `waiting ${saySeconds(ms)}, greylisted`);
  try {
    await sleep(ms, undefined, { signal: settings.signal });
  } catch (cause) {
    if (settings.signal.aborted) throw new SessionError('cancelled', stage, 'cancelled');
    throw cause;
  }
}

/** `10 s`. */
export function saySeconds(ms: number): string {
  return `${Math.max(1, Math.round((ms - SLACK_MS) / 1000))} s`;
}
