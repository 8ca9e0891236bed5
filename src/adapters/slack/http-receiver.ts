import { parse as parseForm } from 'node:querystring';
import type { App } from '@slack/bolt';
import express from 'express';
import { type Clock, systemClock } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import type { SlackReceiver } from './slack-receiver.ts';
import { createRequestGuard } from './verify-request.ts';

/** Bolt's own default; Slack's largest payloads (a press on a full card) are far below. */
const BODY_LIMIT = '4mb';

/** Commands, presses, forms and events all come to this one address, as in every Bolt app. */
export const EVENTS_PATH = '/slack/events';

/**
 * Takes Slack's requests on the shared server. The route must be added before any parser that reads bodies: the
 * signature covers the bytes as they came. Answers at once, also what Bolt alone would leave open for 3 seconds.
 */
export function createHttpReceiver(options: {
  server: express.Express;
  signingSecret: string;
  logger: Logger;
  clock?: Clock;
}): SlackReceiver {
  const { logger } = options;
  let bolt: App | undefined;
  let open = false;

  const readBody = express.raw({ type: () => true, limit: BODY_LIMIT, inflate: false });
  const rawBody: express.RequestHandler = (request, response, next) => {
    readBody(request, response, (error?: unknown) => {
      if (error === undefined && (Buffer.isBuffer(request.body) || request.body === undefined)) return next();
      if (error === undefined) logger.error('slack body was read before the signature check: mount Slack first');
      const status = error === undefined ? 500 : statusOf(error);
      logger.warn({ status }, 'slack request body refused');
      response.status(status).set('connection', 'close').end();
    });
  };

  async function dispatch(request: express.Request, response: express.Response): Promise<void> {
    const body = parseBody(request.body, request.get('content-type') ?? '');
    if (body === undefined) return void response.status(400).end();
    if (body.ssl_check !== undefined) return void response.status(200).end();
    if (body.type === 'url_verification') return void response.status(200).type('text').send(challengeOf(body));
    if (bolt === undefined || !open) return void response.status(503).end();
    await processBody(bolt, body, response, logger);
  }

  options.server.post(
    EVENTS_PATH,
    rawBody,
    createRequestGuard({ signingSecret: options.signingSecret, clock: options.clock ?? systemClock, logger }),
    dispatch,
  );

  return {
    init(app) {
      bolt = app;
    },
    async start() {
      open = true;
    },
    async stop() {
      open = false;
    },
    health: () => (open ? 'ok' : 'not started'),
  };
}

/** Hands the body to Bolt; the first acknowledgement is the response. */
async function processBody(
  bolt: App,
  body: Record<string, unknown>,
  response: express.Response,
  logger: Logger,
): Promise<void> {
  async function ack(answer?: unknown): Promise<void> {
    if (response.headersSent) return;
    if (answer === undefined || answer === '') response.status(200).end();
    else if (typeof answer === 'string') response.status(200).type('text').send(answer);
    else response.status(200).json(answer);
  }
  try {
    await bolt.processEvent({ body, ack });
  } catch (error) {
    // Bolt's own look at a payload throws for shapes that Slack never sends.
    logger.warn({ err: error }, 'slack payload refused');
    if (!response.headersSent) response.status(400).end();
  }
  if (response.headersSent) return;
  logger.warn({ type: typeof body.type === 'string' ? body.type.slice(0, 64) : null }, 'slack payload nobody handles');
  response.status(404).end();
}

/** A JSON object, bare or in the `payload` field of a form, or the form itself. Undefined for anything else. */
function parseBody(raw: unknown, contentType: string): Record<string, unknown> | undefined {
  const text = Buffer.isBuffer(raw) ? raw.toString('utf8') : '';
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return parseObject(text);
  const form = parseForm(text);
  return typeof form.payload === 'string' ? parseObject(form.payload) : { ...form };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // the sender's mistake, answered with 400
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function challengeOf(body: Record<string, unknown>): string {
  return typeof body.challenge === 'string' ? body.challenge.slice(0, 1000) : '';
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 400;
}
