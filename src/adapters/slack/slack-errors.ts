import { webApi } from '@slack/bolt';
import { errnoOf, messageOf, PlatformError, type PlatformErrorKind } from '../../errors.ts';

/**
 * Slack's error strings by what they mean to us (docs.slack.dev/reference/methods, "Errors" of chat.postMessage,
 * chat.update, chat.postEphemeral, views.open, files.*, users.info). What is not listed is `invalid`.
 */
const KINDS: Record<Exclude<PlatformErrorKind, 'invalid'>, readonly string[]> = {
  'rate-limited': ['ratelimited', 'rate_limited', 'message_limit_exceeded'],
  'too-large': ['msg_too_long', 'msg_blocks_too_long', 'view_too_large', 'file_upload_size_restricted', 'too_large'],
  'not-allowed': [
    'not_in_channel',
    'is_archived',
    'restricted_action',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
    'restricted_action_non_threadable_channel',
    'missing_scope',
    'not_allowed_token_type',
    'no_permission',
    'access_denied',
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'org_login_required',
    'ekm_access_denied',
    'team_access_not_granted',
    'cant_update_message',
    'edit_window_closed',
    'user_not_in_channel',
    'cannot_dm_bot',
    'messages_tab_disabled',
    'user_disabled',
    'file_uploads_disabled',
  ],
  'not-found': [
    'channel_not_found',
    'message_not_found',
    'thread_not_found',
    'user_not_found',
    'users_not_found',
    'file_not_found',
    'file_deleted',
  ],
  unavailable: ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'],
};

const KIND_OF = new Map<string, PlatformErrorKind>(
  Object.entries(KINDS).flatMap(([kind, codes]) => codes.map((code) => [code, kind as PlatformErrorKind] as const)),
);

/** The next step, for errors that a person can mend. */
const NEXT_STEP: Record<string, string> = {
  not_in_channel: 'Invite the app to the channel (/invite @mailmedic).',
  channel_not_found: 'Invite the app to the channel (/invite @mailmedic).',
  missing_scope: 'Add the scope to the app (manifest/slack) and install it again.',
  messages_tab_disabled: 'Switch on the Messages tab of the app (App Home).',
  invalid_auth: 'Set MAILMEDIC_SLACK_BOT_TOKEN to a valid token.',
  token_revoked: 'Install the app again and set the new MAILMEDIC_SLACK_BOT_TOKEN.',
  expired_trigger_id: 'Slack opens a form only within 3 seconds: ask again.',
};

/** Errors that say that the credentials themselves do not work; trying again is useless. */
export const BAD_CREDENTIALS: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'user_removed_from_team',
  'team_disabled',
]);

/** Slack's own error string (`channel_not_found`) behind an error, if it is one. */
export function slackCodeOf(error: unknown): string | undefined {
  if (error instanceof PlatformError) return slackCodeOf(error.cause);
  return error instanceof webApi.WebAPIPlatformError ? error.data.error.slice(0, 200) : undefined;
}

/** Whatever a Web API call threw, in our words. `method` is the method that was called. */
export function toPlatformError(method: string, error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  const say = (reason: string, next = ''): string => `Slack ${method}: ${reason}.${next === '' ? '' : ` ${next}`}`;
  if (error instanceof webApi.WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1000;
    return new PlatformError('rate-limited', say(`asked to wait ${error.retryAfter} s`), {
      retryAfterMs,
      cause: error,
    });
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    const code = error.data.error.slice(0, 200);
    const kind = KIND_OF.get(code) ?? 'invalid';
    return new PlatformError(kind, say(code, NEXT_STEP[code]), { cause: error });
  }
  if (error instanceof webApi.WebAPIHTTPError) {
    return new PlatformError(kindOfStatus(error.statusCode), say(`HTTP ${error.statusCode}`), { cause: error });
  }
  return new PlatformError('unavailable', say(messageOf(error)), { cause: error });
}

function kindOfStatus(status: number): PlatformErrorKind {
  if (status === 413) return 'too-large';
  if (status === 401 || status === 403) return 'not-allowed';
  if (status === 404) return 'not-found';
  return status >= 500 || status === 429 ? 'unavailable' : 'invalid';
}

/** Network errors after which the request was not answered and probably not even read. */
const DROPPED = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'EAI_AGAIN']);

/** True for a connection that was refused or closed under the request, as a kept-alive one can be at any time. */
export function isDroppedConnection(error: unknown): boolean {
  if (!(error instanceof webApi.WebAPIRequestError)) return false;
  const code = errnoOf(error.original.cause) ?? errnoOf(error.original);
  return code !== undefined && DROPPED.has(code);
}
