import { errorCard } from '../../cards/error-card.ts';
import type { Command } from '../../commands/command.ts';
import { checkArgs, kebab } from '../../commands/parse-args.ts';
import { UserError } from '../errors.ts';
import type { IncomingForm } from './port.ts';
import type { HandlerOptions } from './run-command.ts';
import { sayPrivately } from './say-privately.ts';

/** Handles a form that was sent: its values are the command's arguments, its files the command's files. */
export function createFormHandler(
  options: HandlerOptions & { commands: readonly Command[] },
): (incoming: IncomingForm) => Promise<void> {
  return async (incoming) => {
    const { port, place, user, files } = incoming;
    const command = options.commands.find((candidate) => candidate.name === incoming.command);
    try {
      if (command === undefined)
        throw new UserError('This form was made by another version of mailmedic. Type the command again.');
      const filled = Object.fromEntries(Object.entries(incoming.values).filter(([, value]) => value.trim() !== ''));
      if (files.length === 0 && command.takesFiles === true && Object.keys(filled).length === 0) {
        throw new UserError('The form was empty. Add a file or paste the text.', {
          example: command.examples[0] ?? '',
        });
      }
      const args = checkArgs(command, filled);
      await options.runner.start({ command, args, line: lineOf(command, filled), port, place, user, files });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await sayPrivately({ port, place, user, card: errorCard(error), logger: options.logger });
    }
  };
}

/** The line that says the same as the form, so that the card can be run again and copied to a terminal. */
function lineOf(command: Command, values: Record<string, string>): string {
  const words = command.positional.flatMap((key) => values[key] ?? []);
  const options = Object.keys(command.options).flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [`--${kebab(key)}`, /\s/.test(value) ? `"${value}"` : value];
  });
  const rest = command.rest === undefined ? undefined : values[command.rest.key];
  return [`/${command.name}`, ...words, ...options, ...(rest === undefined ? [] : [rest])].join(' ');
}
