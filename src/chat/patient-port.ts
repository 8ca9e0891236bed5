import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { ChatPort } from './port.ts';

/** How often a call is tried, and the longest wait between two tries. */
const TRIES = 5;
const MAX_WAIT_MS = 60_000;

export interface PatientPortOptions {
  /** The first pause where the platform names none, in milliseconds. */
  pauseMs?: number;
  /** Called before each verb: an answer begins. */
  onCall?: (() => void) | undefined;
  /** Ends every wait: what was put off then fails as the platform last refused it. */
  signal?: AbortSignal;
}

/**
 * A port that waits when the platform asks for it: a call that was limited or met a passing failure is tried again after
 * the time the platform names, else after a growing pause. Other refusals are passed on at once.
 */
export function createPatientPort(port: ChatPort, logger: Logger, options: PatientPortOptions = {}): ChatPort {
  const { pauseMs = 500, onCall, signal } = options;
  async function patiently<T>(verb: string, call: () => Promise<T>): Promise<T> {
    onCall?.();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof PlatformError) || !error.retryable || attempt === TRIES) throw error;
        const waitMs = Math.min(MAX_WAIT_MS, error.retryAfterMs ?? pauseMs * 2 ** (attempt - 1));
        logger.warn({ verb, platform: port.platform, kind: error.kind, waitMs, attempt }, 'platform call put off');
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
        if (signal?.aborted === true) throw error;
      }
    }
  }
  return {
    platform: port.platform,
    capabilities: () => port.capabilities(),
    resolveUser: (id) => port.resolveUser(id),
    // A form belongs to a press of seconds ago: waiting would open it in somebody's face, or never.
    async openForm(place, trigger, form) {
      onCall?.();
      await port.openForm(place, trigger, form);
    },
    post: (place, answer) => patiently('post', () => port.post(place, answer)),
    edit: (ref, answer) => patiently('edit', () => port.edit(ref, answer)),
    reply: (ref, answer) => patiently('reply', () => port.reply(ref, answer)),
    ephemeral: (place, user, answer) => patiently('ephemeral', () => port.ephemeral(place, user, answer)),
    upload: (place, file) => patiently('upload', () => port.upload(place, file)),
  };
}
