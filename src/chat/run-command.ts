import { errorCard } from '../../cards/error-card.ts';
import type { Command } from '../../commands/command.ts';
import { MissingArgument, parseLine } from '../../commands/parse-args.ts';
import { commands, findCommand } from '../../commands/registry.ts';
import { PlatformError, UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { lineWithFiles } from './line-with-files.ts';
import type { IncomingCommand } from './port.ts';
import type { Runner } from './runner.ts';
import { sayPrivately } from './say-privately.ts';

/** Words that make a line a command even when files come with it. */
const commandNames = [...commands.map((command) => command.name), 'mailmedic'];

/** What the handlers of commands, presses and forms share. */
export interface HandlerOptions {
  runner: Runner;
  logger: Logger;
}

/** Handles a typed command: understands the line, opens the form where words are missing, else starts the run. */
export function createCommandHandler({
  runner,
  logger,
  commands: known,
}: HandlerOptions & { commands: readonly Command[] }): (incoming: IncomingCommand) => Promise<void> {
  return async (incoming) => {
    const { port, place, user, line } = incoming;
    const files = incoming.files ?? [];
    const fileNames = files.map((file) => file.name);
    let command: Command | undefined;
    try {
      const found = findCommand(lineWithFiles(line, fileNames, commandNames), known);
      command = found.command;
      const args = parseLine(command, found.rest, { surface: 'chat', hasFiles: files.length > 0 });
      const repeat = `${command.slash ? '/' : '/mailmedic '}${command.name} ${found.rest.trim()}`.trimEnd();
      const origin = incoming.origin;
      await runner.start({
        command,
        args,
        line: repeat,
        port,
        place,
        user,
        files,
        ...(origin ? { message: origin } : {}),
      });
    } catch (error) {
      if (error instanceof PlatformError) {
        await sayPrivately({ port, place, user, card: errorCard(platformTrouble(error)), logger });
        logger.warn({ err: error, platform: port.platform, kind: error.kind }, 'answer could not be posted');
        return;
      }
      if (!(error instanceof UserError)) throw error;
      const form = command?.form;
      if (
        error instanceof MissingArgument &&
        form !== undefined &&
        incoming.trigger !== undefined &&
        port.capabilities().forms
      ) {
        await port.openForm(place, incoming.trigger, form);
        return;
      }
      await sayPrivately({ port, place, user, card: errorCard(error), logger });
    }
  };
}

/** What a person can do about a platform that refuses our answer. */
function platformTrouble(error: PlatformError): UserError {
  if (error.kind === 'not-allowed' || error.kind === 'not-found') {
    return new UserError('I cannot post in this conversation. Invite mailmedic to it, then type the command again.');
  }
  return new UserError('The chat platform did not take the answer. Type the command again in a minute.');
}
