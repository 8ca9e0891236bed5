import type { TeamsActivity } from './activity.ts';
import { cardInputOf } from './card-data.ts';

/** HTTP answer to an invoke. Teams waits for it, so it is given before any work begins. */
export interface InvokeAnswer {
  status: number;
  body?: object;
}

/** Names of the invokes that we take part in. */
export const CARD_ACTION = 'adaptiveCard/action';
export const FILE_CONSENT = 'fileConsent/invoke';

/**
 * The answer to an invoke: for a press a word that it was heard (Universal Actions, "Response format"), for a file
 * consent nothing, for everything else 501 as the Bot Framework protocol has it.
 */
export function invokeAnswer(activity: TeamsActivity): InvokeAnswer {
  if (activity.name === FILE_CONSENT) return { status: 200 };
  if (activity.name !== CARD_ACTION) return { status: 501 };
  if (cardInputOf(activity) === undefined || activity.from === undefined) {
    const value = { code: 'BadRequest', message: 'This button was not made by mailmedic. Type the command instead.' };
    return { status: 200, body: { statusCode: 400, type: 'application/vnd.microsoft.error', value } };
  }
  const type = 'application/vnd.microsoft.activity.message';
  return { status: 200, body: { statusCode: 200, type, value: 'Working…' } };
}
