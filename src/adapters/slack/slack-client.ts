import { setTimeout as delay } from 'node:timers/promises';
import { webApi } from '@slack/bolt';
import type { Logger } from '../../log.ts';
import { createBoltLogger } from './bolt-logger.ts';
import { isDroppedConnection, toPlatformError } from './slack-errors.ts';
import { createSlackFetch } from './slack-fetch.ts';

/** A kept-alive connection may be closed just as we use it: that is worth another try, at once and once more. */
const RETRY_DELAYS_MS = [50, 500];

/** Calls of the Web API. Every failure is a PlatformError whose cause is what the library threw. */
export interface SlackClient {
  call(method: string, args: Record<string, unknown>): Promise<webApi.WebAPICallResult>;
  /** For what the library wraps in a method of its own, such as the steps of an upload. */
  run<T>(method: string, work: (web: webApi.WebClient) => Promise<T>): Promise<T>;
}

/** The options that every Web API client of ours has: another base never changes where absolute URLs lead. */
export function clientOptions(options: { apiUrl?: string | undefined; logger: Logger }): webApi.WebClientOptions {
  return {
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
    allowAbsoluteUrls: false,
    logger: createBoltLogger(options.logger),
    // Waiting belongs to the outbound queue, which knows what may wait; see PlatformError.retryAfterMs.
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    // Drawing and sending answers must never crowd out acknowledgements, and Slack takes about one message a second
    // and channel anyway.
    maxRequestConcurrency: 8,
    fetch: createSlackFetch(),
  };
}

/** A client for one bot token. */
export function createSlackClient(options: {
  token: string;
  apiUrl?: string | undefined;
  logger: Logger;
}): SlackClient {
  const web = new webApi.WebClient(options.token, clientOptions(options));

  async function run<T>(method: string, work: (web: webApi.WebClient) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work(web);
      } catch (error) {
        const wait = RETRY_DELAYS_MS[attempt];
        if (wait === undefined || !isDroppedConnection(error)) throw toPlatformError(method, error);
        await delay(wait);
      }
    }
  }

  return { run, call: (method, args) => run(method, (client) => client.apiCall(method, args)) };
}
