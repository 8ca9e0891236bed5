import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import type { Seen } from '../../chat/seen.ts';
import type { Logger } from '../../log.ts';
import { parseActivity, type TeamsActivity, tenantsOf } from './activity.ts';
import { allowedUrl } from './allowed-url.ts';
import { invokeAnswer } from './invoke-answer.ts';
import type { TeamsConnection } from './teams-connection.ts';
import type { TeamsSettings } from './teams-settings.ts';

/** What the door of the bot needs. */
export interface MessagesRouteParts {
  settings: TeamsSettings;
  connection: Pick<TeamsConnection, 'checkToken'>;
  seen: Seen;
  logger: Logger;
  /** False once the adapter stops: Teams is told to come again. */
  isOpen(): boolean;
  /** Takes the activity and sets the work going; resolves when it is kept, so that the answer may leave. */
  accept(activity: TeamsActivity): Promise<void>;
}

const MAX_BODY = 256 * 1024;

/** The handlers of `POST /api/messages`: read, check, answer, and hand over the work. */
export function messagesRoute(parts: MessagesRouteParts): (RequestHandler | ErrorRequestHandler)[] {
  return [express.json({ limit: MAX_BODY, inflate: false }), receive(parts), refuseBody(parts.logger)];
}

function receive(parts: MessagesRouteParts): RequestHandler {
  const { settings, connection, seen, logger } = parts;
  return async (request, response) => {
    const refuse = (status: number, reason: string, cause?: unknown): void => {
      logger.warn({ status, reason, ...(cause === undefined ? {} : { err: cause }) }, 'teams: request refused');
      response.status(status).json({ error: reason });
    };
    if (!parts.isOpen()) return refuse(503, 'stopping');
    const activity = parseActivity(request.body);
    if (activity === undefined) return refuse(400, 'the body is not an activity');
    if (activity.channelId !== 'msteams') return refuse(403, 'only Teams is served here');
    const token = await connection.checkToken(activity, request.headers.authorization);
    if (!token.ok)
      return refuse(token.status, token.status === 401 ? 'not authorised' : 'keys cannot be read', token.cause);
    const reason = strangerReason(activity, settings);
    if (reason !== undefined) return refuse(403, reason);
    const isNew =
      activity.id === undefined || seen.first(`${activity.type} ${activity.conversation.id} ${activity.id}`);
    if (isNew) await parts.accept(activity);
    const answer = activity.type === 'invoke' ? invokeAnswer(activity) : { status: 200 };
    response.status(answer.status);
    if (answer.body === undefined) response.end();
    else response.json(answer.body);
  };
}

/** botbuilder checks who signed, not for whom: a good token of another tenant passes it (measured with 4.23.3). */
function strangerReason(activity: TeamsActivity, settings: TeamsSettings): string | undefined {
  const tenants = tenantsOf(activity);
  if (tenants.length === 0 || tenants.some((tenant) => !settings.tenants.has(tenant))) return 'tenant not allowed';
  return allowedUrl(activity.serviceUrl, settings.serviceHosts) === undefined ? 'serviceUrl not allowed' : undefined;
}

/** Bodies that express could not read: too large, not JSON, compressed. Never a stack on the wire. */
function refuseBody(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = statusOf(error);
    if (status === 500) logger.error({ err: error }, 'teams: request failed');
    response.status(status).json({ error: status === 500 ? 'internal error' : 'the body cannot be read' });
  };
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500;
}
