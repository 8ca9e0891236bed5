import type { WireCommand, WireOption, WireSetup } from './page/wire.ts';
import { MAX_UPLOAD_BYTES } from './uploads.ts';

/** A command as the page needs it; every entry of the command registry fits. */
export interface WebCommand {
  name: string;
  summary: string;
  usage: string;
  examples: string[];
  /** By the key of the argument in camelCase; on the line it is `--kebab-case`. */
  options?: Record<string, { kind: string; hint?: string; choices?: readonly string[]; help: string }>;
  takesFiles?: boolean;
}

/** A name of the built-in mail world, for completion. */
export interface SandboxName {
  name: string;
  what: string;
}

const FIRST_EXAMPLES = 5;

/** What the page asks for once: commands with their options, names, and the five lines to try first. */
export function webSetup(commands: readonly WebCommand[], names: readonly SandboxName[]): WireSetup {
  return {
    commands: commands.map(wireCommand),
    names: names.map(({ name, what }) => ({ name, what })),
    examples: firstExamples(commands),
    maxUpload: MAX_UPLOAD_BYTES,
  };
}

function wireCommand(command: WebCommand): WireCommand {
  return {
    name: command.name,
    summary: command.summary,
    usage: command.usage,
    examples: command.examples.map(withSlash),
    options: Object.entries(command.options ?? {}).map(([key, option]): WireOption => {
      const choices = [...(option.choices ?? [])];
      return {
        flag: `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        takesValue: option.kind !== 'flag',
        hint: option.hint ?? choices.join('|'),
        choices,
        help: option.help,
      };
    }),
    takesFiles: command.takesFiles === true,
  };
}

/** The best example of every command first, then the second best, one line only. */
function firstExamples(commands: readonly WebCommand[]): string[] {
  const rounds = Math.max(0, ...commands.map((command) => command.examples.length));
  const lines = Array.from({ length: rounds }, (_, round) => commands.map((command) => command.examples[round])).flat();
  const usable = lines.filter((line) => line !== undefined && !line.includes('\n')) as string[];
  return usable.slice(0, FIRST_EXAMPLES).map(withSlash);
}

function withSlash(line: string): string {
  return line.startsWith('/') ? line : `/${line}`;
}
