import type { Card } from '../../../cards/card.ts';
import { renderAdaptiveCard } from '../../../cards/render/adaptive-card.ts';
import { renderBlockKit, renderBlockKitModal } from '../../../cards/render/block-kit.ts';
import type { Answer, ChatPort, MessageRef, Place, User } from '../../chat/port.ts';
import { PlatformError } from '../../errors.ts';
import type { Channel } from './channel.ts';
import type { OpenForms } from './open-forms.ts';
import type { WireMessage } from './page/wire.ts';

/** The one person of the sandbox: whoever sits at this machine. */
export const LOCAL_PERSON: User = { id: 'you', name: 'You' };

/** The place of a message: the channel, or the thread under `threadId`. */
export function webPlace(threadId?: string): Place {
  const place: Place = { platform: 'web', teamId: 'sandbox', channelId: 'mail-flow', direct: false };
  return threadId === undefined ? place : { ...place, threadId };
}

/** The chat port of the browser channel: every answer is drawn for Slack and for Teams, the page shows either. */
export function createWebPort(options: { channel: Channel; forms: OpenForms; newId: () => string }): ChatPort {
  const { channel, forms, newId } = options;

  function draw(answer: Answer): Pick<WireMessage, 'text' | 'slack' | 'teams' | 'files'> {
    const ids = idsOf(answer);
    const slack = renderBlockKit(answer.card, ids);
    const teams = renderAdaptiveCard(answer.card, ids);
    return {
      text: slack.text,
      slack: { text: slack.text, blocks: slack.blocks },
      teams: { summary: teams.summary, card: teams.card },
      files: filesOnce(answer.card, slack.files, teams.files).map((file) => channel.keepFile(file)),
    };
  }

  function say(place: Place, answer: Answer, ephemeral: boolean): MessageRef {
    const threadId = rootOf(place.threadId);
    const message = channel.add(ephemeral ? 'ephemeral' : 'posted', {
      author: 'bot',
      ...draw(answer),
      ...(threadId === undefined ? {} : { threadId }),
      ...(ephemeral ? { ephemeral: true } : {}),
    });
    return { place: webPlace(threadId), messageId: message.id };
  }

  /** A thread hangs under a root message only, as on Slack: the thread of a reply is that of its root. */
  function rootOf(id: string | undefined): string | undefined {
    if (id === undefined) return undefined;
    const message = channel.get(id);
    if (message === undefined) throw new PlatformError('not-found', 'The thread is no longer kept.');
    return message.threadId ?? message.id;
  }

  return {
    platform: 'web',
    capabilities: () => ({ ephemeral: true, threads: true, forms: true, files: true }),
    post: async (place, answer) => say(place, answer, false),
    reply: async (ref, answer) => say(webPlace(ref.messageId), answer, false),
    async edit(ref, answer) {
      const message = channel.get(ref.messageId);
      if (message === undefined || message.author !== 'bot') {
        throw new PlatformError('not-found', 'The message is no longer kept.');
      }
      channel.edit(message, draw(answer));
    },
    async ephemeral(place, user, answer) {
      if (user.id !== LOCAL_PERSON.id) throw new PlatformError('not-allowed', 'Nobody else is in this channel.');
      say(place, answer, true);
    },
    async openForm(place, trigger, form) {
      const { client } = trigger;
      if (typeof client !== 'string') throw new PlatformError('invalid', 'A form opens only for a command or press.');
      const formId = newId();
      forms.add(formId, { form, place });
      channel.announceForm({ formId, client, modal: renderBlockKitModal(form, { privateMetadata: formId }) });
    },
    async upload(place, file) {
      const threadId = rootOf(place.threadId);
      channel.add('file', {
        author: 'bot',
        text: file.title,
        files: [channel.keepFile(file)],
        ...(threadId === undefined ? {} : { threadId }),
      });
    },
    resolveUser: async (id) => (id === LOCAL_PERSON.id ? LOCAL_PERSON : { id, name: id }),
  };
}

function idsOf(answer: Answer): { runId?: string; revision?: number } {
  return {
    ...(answer.runId === undefined ? {} : { runId: answer.runId }),
    ...(answer.revision === undefined ? {} : { revision: answer.revision }),
  };
}

/** Both drawings bring the card's files, and each what did not fit into it: the same name and content is one file. */
function filesOnce(card: Card, ...lists: NonNullable<Card['files']>[]): NonNullable<Card['files']> {
  const once = new Map<string, NonNullable<Card['files']>[number]>();
  for (const file of [...(card.files ?? []), ...lists.flat()]) once.set(`${file.name}\n${file.content}`, file);
  return [...once.values()];
}
