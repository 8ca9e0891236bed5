import type { MessageRef, Place, User } from '../../chat/port.ts';
import { PlatformError } from '../../errors.ts';
import { REMOVE, SEND, UPDATE } from './connector-operations.ts';
import { conversationIdOf, extraOf, type TeamsExtra } from './place.ts';
import type { SendQueue } from './send-queue.ts';
import type { TeamsConnection } from './teams-connection.ts';

/** What a message holds besides its addresses. */
export interface MessageContent {
  attachments: object[];
  /** Words of the notification. */
  summary?: string;
}

/** Messages on the wire. Every method throws PlatformError and nothing else. */
export interface TeamsSender {
  /** @returns the id of the new message. `to` makes it visible to that person only. */
  send(place: Place, content: MessageContent, options?: { to?: User }): Promise<string>;
  update(ref: MessageRef, content: MessageContent): Promise<void>;
  remove(ref: MessageRef): Promise<void>;
}

/** Sends through the connector, one message at a time in a conversation. */
export function createTeamsSender(connection: TeamsConnection, queue: SendQueue): TeamsSender {
  async function call(place: Place, extra: TeamsExtra, spec: typeof SEND, values: Record<string, unknown>) {
    return queue.run(place.channelId, async () => {
      const connector = await connection.connectorFor(extra.serviceUrl);
      const answer = await connector.sendOperationRequest(values, spec);
      const id: unknown = answer.id;
      return typeof id === 'string' ? id : undefined;
    });
  }

  return {
    async send(place, content, options = {}) {
      const extra = extraOf(place);
      const to = recipientFor(extra, options.to);
      const conversationId = conversationIdOf(place);
      const activity = { ...message(extra, conversationId, content), ...(to ? addressed(to, extra) : {}) };
      const id = await call(place, extra, SEND, {
        conversationId,
        activity,
        ...(to ? { isTargetedActivity: true } : {}),
      });
      if (id === undefined || id === '') throw new PlatformError('invalid', 'Teams gave the message no id.');
      return id;
    },
    async update(ref, content) {
      const extra = extraOf(ref.place);
      const conversationId = conversationIdOf(ref.place);
      // The visibility of a message cannot change, and Teams refuses a recipient here (400 Bad argument).
      const targeted = recipientFor(extra, undefined) !== undefined;
      const activity = { ...message(extra, conversationId, content), id: ref.messageId };
      const values = { conversationId, activityId: ref.messageId, activity };
      await call(ref.place, extra, UPDATE, { ...values, ...(targeted ? { isTargetedActivity: true } : {}) });
    },
    async remove(ref) {
      const extra = extraOf(ref.place);
      const targeted = recipientFor(extra, undefined) !== undefined;
      const values = { conversationId: conversationIdOf(ref.place), activityId: ref.messageId };
      await call(ref.place, extra, REMOVE, { ...values, ...(targeted ? { isTargetedActivity: true } : {}) });
    },
  };
}

/** Who alone may see the message. A personal chat is private as it is, and takes no targeted messages. */
function recipientFor(extra: TeamsExtra, to: User | undefined): User | undefined {
  return extra.kind === 'personal' ? undefined : (to ?? extra.onlyFor);
}

function message(extra: TeamsExtra, conversationId: string, content: MessageContent): object {
  return { type: 'message', from: { id: extra.botId }, conversation: { id: conversationId }, ...content };
}

/** `isTargeted` on the recipient, beside the query parameter, and the private question that Teams shows above. */
function addressed(to: User, extra: TeamsExtra): object {
  const prompt = extra.promptId === undefined ? [] : [{ type: 'targetedMessageInfo', messageId: extra.promptId }];
  return {
    recipient: { id: to.id, name: to.name, isTargeted: true },
    ...(prompt.length > 0 ? { entities: prompt } : {}),
  };
}
