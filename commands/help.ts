import { z } from 'zod';
import { helpCard } from '../cards/help-card.ts';
import { UserError } from '../src/errors.ts';
import { defineCommand } from './command.ts';
import { nearest } from './nearest.ts';

/** `/mailmedic help`: what can be asked, with lines that work. */
export const helpCommand = defineCommand({
  name: 'help',
  slash: false,
  private: true,
  summary: 'Show what mailmedic can do, or how one command works',
  usage: '[command]',
  examples: ['/mailmedic help', '/mailmedic help probe'],
  args: z.object({ command: z.string().optional() }),
  positional: ['command'],
  options: {},
  async run({ command: asked }, context) {
    const name = asked?.replace(/^\//, '').toLowerCase();
    const one = name === undefined ? undefined : context.commands.find((command) => command.name === name);
    if (name !== undefined && one === undefined) {
      const guess = nearest(
        name,
        context.commands.map((command) => command.name),
      );
      throw new UserError(
        `There is no command "${name.slice(0, 40)}".${guess === undefined ? '' : ` Did you mean ${guess}?`}`,
        {
          example: `/mailmedic help${guess === undefined ? '' : ` ${guess}`}`,
        },
      );
    }
    const shown = one === undefined ? context.commands : [one];
    const json = shown.map(({ name, summary, usage, examples }) => ({ name, summary, usage, examples }));
    return { card: helpCard(context.commands, one), json, exitStatus: 0 };
  },
});
