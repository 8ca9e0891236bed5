import { parseButtonValue } from '../../cards/action.ts';
import type { Card } from '../../cards/card.ts';
import { detailCard } from '../../cards/detail-card.ts';
import { errorCard } from '../../cards/error-card.ts';
import type { Command } from '../../commands/command.ts';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { IncomingPress } from './port.ts';
import { tellEnd } from './resume.ts';
import { createCommandHandler, type HandlerOptions } from './run-command.ts';
import { sayPrivately } from './say-privately.ts';

export interface PressOptions extends HandlerOptions {
  store: Store;
  clock: Clock;
  commands: readonly Command[];
}

/** Handles a press: runs its line, opens a fold or a form, or cancels. A stale press answers what happened since. */
export function createPressHandler(options: PressOptions): (incoming: IncomingPress) => Promise<void> {
  const { runner, store, commands, logger, clock } = options;
  const runLine = createCommandHandler(options);

  return async (incoming) => {
    const { port, place, user, message } = incoming;
    const say = (card: Card): Promise<void> => sayPrivately({ port, place, user, card, logger });
    const refuse = (text: string): Promise<void> => say(errorCard(new UserError(text)));
    const value = parseButtonValue(incoming.value);
    if (value === undefined)
      return refuse('This button was made by another version of mailmedic. Type the command again.');
    switch (value.a) {
      case 'run': {
        const edits = value.where === 'edit';
        if (edits && (await isStale(value.run, value.rev))) {
          return refuse('The card has changed since you pressed. Look at it again, then press once more.');
        }
        const trigger = incoming.trigger === undefined ? {} : { trigger: incoming.trigger };
        const where = edits ? { origin: message } : {};
        const thread = { ...place, threadId: place.threadId ?? message.messageId };
        return runLine({ port, place: edits ? place : thread, user, line: value.line, ...where, ...trigger });
      }
      case 'detail': {
        const card = (await store.getAnswer(value.run)) as Card | undefined;
        const detail = card === undefined ? undefined : detailCard(card, value.detail, value.as);
        if (detail === undefined)
          return refuse('That part is not kept any more (answers are kept for 24 hours). Run the command again.');
        await port.reply(message, { card: detail });
        return;
      }
      case 'form': {
        const form = commands.find((command) => command.name === value.command)?.form;
        if (form === undefined || incoming.trigger === undefined) return refuse(`Type /${value.command} instead.`);
        return port.openForm(place, incoming.trigger, form);
      }
      case 'cancel': {
        const found = runner.cancel(value.run, user);
        if (found === 'stopping') return;
        if (found === 'gone' && (await showEnd(value.run, incoming))) return;
        return refuse('That has ended already, so there is nothing to cancel.');
      }
    }
  };

  /** A card that says "running" although nothing runs: its process ended before it knew of the message. */
  async function showEnd(runId: string, { port, message }: IncomingPress): Promise<boolean> {
    const run = await store.getRun(runId);
    if (run === undefined || (run.state !== 'running' && run.state !== 'interrupted')) return false;
    await tellEnd(run, { store, port, clock, message });
    return true;
  }

  /** True when the run of the card has moved on since the button was drawn. */
  async function isStale(runId: string | undefined, revision: number | undefined): Promise<boolean> {
    if (runId === undefined || revision === undefined) return false;
    const run = await store.getRun(runId);
    return run !== undefined && run.state !== 'running' && run.revision > revision;
  }
}
