import { describe, expect, it } from 'vitest';
import { createPatientPort } from '../../src/chat/patient-port.ts';
import type { Place } from '../../src/chat/port.ts';
import { PlatformError } from '../../src/errors.ts';
import { silentLogger } from '../../src/log.ts';
import { createRecordingPort } from '../support/recording-port.ts';

const place: Place = { platform: 'web', teamId: 'T', channelId: 'C', direct: false };
const answer = { card: { kind: 'x', state: 'ok', title: 'x' } } as const;

describe('createPatientPort', () => {
  it.each([
    new PlatformError('rate-limited', 'slow down', { retryAfterMs: 20 }),
    new PlatformError('unavailable', 'bad gateway'),
  ])('tries again after %s', async (error) => {
    const port = createRecordingPort();
    port.failNext('post', error);
    const began = performance.now();
    await createPatientPort(port, silentLogger(), { pauseMs: 10 }).post(place, answer);
    expect(port.calls).toHaveLength(1);
    expect(performance.now() - began).toBeGreaterThanOrEqual(9);
  });

  it.each(['too-large', 'not-allowed', 'not-found', 'invalid'] as const)('passes %s on at once', async (kind) => {
    const port = createRecordingPort();
    port.failNext('post', new PlatformError(kind, 'no'));
    await expect(createPatientPort(port, silentLogger(), { pauseMs: 10 }).post(place, answer)).rejects.toMatchObject({
      kind,
    });
    expect(port.calls).toEqual([]);
  });

  it('gives up in the end and says why', async () => {
    const port = createRecordingPort();
    let tries = 0;
    const stubborn = {
      ...port,
      post: () => {
        tries += 1;
        return Promise.reject(new PlatformError('unavailable', 'down'));
      },
    };
    await expect(createPatientPort(stubborn, silentLogger(), { pauseMs: 1 }).post(place, answer)).rejects.toThrow(
      'down',
    );
    expect(tries).toBe(5);
  });
});
