import { renderAdaptiveCard, renderAdaptiveForm } from '../../../cards/render/adaptive-card.ts';
import type { Answer, ChatPort, FormTrigger, MessageRef, Place, User } from '../../chat/port.ts';
import { PlatformError } from '../../errors.ts';
import { cardMessage } from './file-cards.ts';
import type { People } from './people.ts';
import { extraOf } from './place.ts';
import { markPrivate } from './private-mark.ts';
import type { TeamsSender } from './teams-sender.ts';
import type { TeamsUploads } from './teams-uploads.ts';

/** What the port is made of. */
export interface TeamsPortParts {
  sender: TeamsSender;
  uploads: TeamsUploads;
  people: People;
}

const CAPABILITIES = { ephemeral: true, threads: true, forms: true, files: true };

/** The chat port over Teams. */
export function createTeamsPort({ sender, uploads, people }: TeamsPortParts): ChatPort {
  async function send(place: Place, answer: Answer, to?: User): Promise<string> {
    const { card, summary, files } = draw(place, answer, to);
    const id = await sender.send(place, cardMessage(card, summary), to === undefined ? {} : { to });
    await uploads.attach(threadOf({ place, messageId: id }), id, files, to);
    return id;
  }

  return {
    platform: 'teams',
    capabilities: () => CAPABILITIES,
    async post(place, answer) {
      return { place, messageId: await send(place, answer) };
    },
    async reply(ref, answer) {
      const place = threadOf(ref);
      return { place, messageId: await send(place, answer) };
    },
    async edit(ref, answer) {
      const { card, summary, files } = draw(ref.place, answer);
      await sender.update(ref, cardMessage(card, summary));
      await uploads.attach(threadOf(ref), ref.messageId, files);
    },
    async ephemeral(place, user, answer) {
      await privately(place, user, (to) => send(place, answer, to));
    },
    async openForm(place, trigger, form) {
      const card = renderAdaptiveForm(form);
      await privately(place, formUser(trigger), (to) =>
        to === undefined
          ? sender.send(place, cardMessage(card, form.title))
          : sender.send(place, cardMessage(markPrivate(card), form.title), { to }),
      );
    },
    upload: (place, file) => uploads.upload(place, file),
    resolveUser: async (id) => people.find(id),
  };
}

/** What a command or press carries so that a form can be shown to the person. */
export function formTrigger(user: User): FormTrigger {
  return { user };
}

function formUser({ user }: FormTrigger): User | undefined {
  if (typeof user !== 'object' || user === null || !('id' in user) || typeof user.id !== 'string') return undefined;
  return { id: user.id, name: 'name' in user && typeof user.name === 'string' ? user.name : user.id };
}

/** Where an answer to a message goes: in a channel its thread; chats have none. */
function threadOf(ref: MessageRef): Place {
  if (ref.place.threadId !== undefined || extraOf(ref.place).kind !== 'channel') return ref.place;
  return { ...ref.place, threadId: ref.messageId };
}

/**
 * Sends to one person. A personal chat is private as it is; elsewhere the message is targeted, and where Teams cannot
 * do that it is an error of its own kind: it never goes out otherwise.
 */
async function privately(
  place: Place,
  user: User | undefined,
  send: (to: User | undefined) => Promise<unknown>,
): Promise<void> {
  if (extraOf(place).kind === 'personal') {
    await send(undefined);
    return;
  }
  if (user === undefined || user.id === '') throw new PlatformError('not-allowed', 'Nobody is named to show this to.');
  try {
    await send(user);
  } catch (error) {
    if (!(error instanceof PlatformError) || error.kind !== 'invalid') throw error;
    throw new PlatformError('not-allowed', 'Teams cannot show this to one person only here.', { cause: error });
  }
}

/** The card on paper, marked when one person alone sees it. Work under way has no files yet: they would be stale. */
function draw(place: Place, { card, runId, revision }: Answer, to?: User): ReturnType<typeof renderAdaptiveCard> {
  const ids = { ...(runId === undefined ? {} : { runId }), ...(revision === undefined ? {} : { revision }) };
  const drawn = renderAdaptiveCard(card, ids);
  const extra = extraOf(place);
  const shownToOne = extra.kind !== 'personal' && (to !== undefined || extra.onlyFor !== undefined);
  return {
    ...drawn,
    card: shownToOne ? markPrivate(drawn.card) : drawn.card,
    files: card.state === 'running' ? [] : drawn.files,
  };
}
