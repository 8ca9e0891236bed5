import type { Card, CardAction, CardBlock } from './card.ts';

/** What help needs to know of a command; commands/command.ts has it all. */
export interface HelpCommand {
  name: string;
  summary: string;
  usage: string;
  examples: readonly string[];
  /** False for a word after `/mailmedic`. */
  slash?: boolean;
  options: Readonly<Record<string, { hint?: string; help: string; terminalOnly?: boolean }>>;
  form?: object;
}

/** What can be asked; with `one` how that command works. Buttons run the first example, which always answers. */
export function helpCard(commands: readonly HelpCommand[], one?: HelpCommand): Card {
  return one === undefined ? overview(commands) : commandHelp(one);
}

function overview(commands: readonly HelpCommand[]): Card {
  const slash = commands.filter((command) => command.slash !== false);
  return {
    kind: 'help',
    state: 'info',
    title: 'mailmedic: what broke in the mail path, whose it is, and what to do now',
    blocks: commands.flatMap((command): CardBlock[] => [
      {
        type: 'text',
        text: [
          { text: wordsOf(command), style: 'bold' },
          { text: `  ${command.summary}` },
          ...(command.examples[0] === undefined
            ? []
            : [{ text: '\n' }, { text: command.examples[0], style: 'code' as const }]),
        ],
      },
    ]),
    actions: slash.flatMap((command): CardAction[] => [
      { type: 'run', label: `How /${command.name} works`, line: `/mailmedic help ${command.name}`, where: 'thread' },
    ]),
    footer: 'The same words work as a slash command, in a mention, in a direct message and in the terminal.',
  };
}

function commandHelp(command: HelpCommand): Card {
  const options = Object.entries(command.options).map(([key, { hint, help, terminalOnly }]) => ({
    label: `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}${hint === undefined ? '' : ` ${hint}`}`,
    value: terminalOnly === true ? `${help} (terminal only)` : help,
  }));
  return {
    kind: 'help',
    state: 'info',
    title: `${wordsOf(command)}: ${command.summary}`,
    blocks: [
      { type: 'code', caption: 'Usage', text: `${wordsOf(command)} ${command.usage}` },
      ...inBlocks(options),
      { type: 'code', caption: 'Lines that work', text: command.examples.join('\n') },
    ],
    actions:
      command.form === undefined
        ? []
        : [{ type: 'form', label: 'Fill in a form', command: command.name, primary: true }],
  };
}

/** A card cuts a block after so many rows; an option that nobody sees does not exist. */
const BLOCK_ROWS = 10;

function inBlocks(facts: { label: string; value: string }[]): CardBlock[] {
  const count = Math.ceil(facts.length / BLOCK_ROWS);
  return Array.from({ length: count }, (_, at) => ({
    type: 'facts',
    facts: facts.slice(at * BLOCK_ROWS, (at + 1) * BLOCK_ROWS),
  }));
}

function wordsOf(command: HelpCommand): string {
  return command.slash === false ? `/mailmedic ${command.name}` : `/${command.name}`;
}
