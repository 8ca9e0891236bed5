import type { z } from 'zod';
import { UserError } from '../src/errors.ts';
import type { Command, OptionSpec } from './command.ts';
import { nearest } from './nearest.ts';
import { tokenize } from './tokens.ts';
import { unwrapChatMarkup } from './unwrap.ts';

/** The longest line that a chat user may send; more is a file. */
export const MAX_LINE = 100_000;

/** Thrown when the line holds nothing although the command needs something: adapters open the form instead. */
export class MissingArgument extends UserError {
  override name = 'MissingArgument';
}

/** Where the words come from decides what may stand in them. */
export interface ParseOptions {
  surface: 'chat' | 'terminal';
  hasFiles: boolean;
}

/**
 * Reads what stands after the command's name.
 * @throws UserError with the usage and an example; MissingArgument when what is needed was not given at all.
 */
export function parseLine(command: Command, rest: string, options: ParseOptions): Record<string, unknown> {
  if (rest.length > MAX_LINE) {
    throw new UserError(
      `That is ${rest.length} characters; a command line takes ${MAX_LINE}. Drop it as a file instead.`,
    );
  }
  const clean = unwrapChatMarkup(rest);
  const tokens = tokenize(clean);
  const words: Word[] = tokens.map((token) => ({
    text: token.text,
    quoted: clean[token.start] !== token.text[0],
    raw: token,
  }));
  return build(command, words, options, (from) => clean.slice(from).trim());
}

/** The same grammar over the words of a terminal, which the shell has already split. */
export function parseWords(command: Command, argv: readonly string[], options: ParseOptions): Record<string, unknown> {
  const words = argv.map((text) => ({ text, quoted: false, raw: undefined }));
  return build(command, words, options, undefined);
}

/** Checks values that did not come from a line (a form) against the command's schema. */
export function checkArgs(command: Command, values: Record<string, unknown>): Record<string, unknown> {
  refuseControls(command, values);
  const parsed = command.args.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = String(issue?.path[0] ?? '');
  if (values[key] === undefined)
    throw new MissingArgument(`/${command.name} needs ${describeKey(command, key)}.`, usage(command));
  const { message = 'not understood' } = issue ?? {};
  const spec = command.options[key];
  // Words of our own read as a sentence after the option; those of zod do not.
  if (spec === undefined || !/^(?:must|needs) /.test(message)) {
    throw new UserError(`${describeKey(command, key)}: ${message}.`, usage(command));
  }
  const given = values[key];
  const choices = spec.hint?.split('|') ?? [];
  const guess = typeof given === 'string' && choices.length > 1 ? nearest(given, choices) : undefined;
  const hint = guess === undefined ? '' : ` Did you mean --${kebab(key)} ${guess}?`;
  throw new UserError(`--${kebab(key)} ${message}.${hint}`, usage(command));
}

/** Line breaks and NUL in a name or number are an attack or a slip of the paste; only a pasted text may hold them. */
function refuseControls(command: Command, values: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(values)) {
    const free = key === command.rest?.key;
    if (free || typeof value !== 'string') continue;
    const found = /\p{Cc}/u.exec(value)?.[0].charCodeAt(0);
    if (found === undefined) continue;
    const name = CONTROL_NAMES[found] ?? `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
    throw new UserError(`${describeKey(command, key)}: must not hold control characters (${name}).`, usage(command));
  }
}

const CONTROL_NAMES: Readonly<Record<number, string>> = { 0: 'NUL', 9: 'TAB', 10: 'LF', 13: 'CR' };

interface Word {
  text: string;
  quoted: boolean;
  raw: { start: number; end: number } | undefined;
}

function build(
  command: Command,
  words: Word[],
  options: ParseOptions,
  textFrom: ((start: number) => string) | undefined,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const plain: string[] = [];
  const positional = [...command.positional];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const option = word.quoted ? undefined : readOption(command, word.text, options);
    if (option !== undefined) {
      at += takeOption(command, option, words[at + 1]?.text, values);
      continue;
    }
    const key = positional.shift();
    if (key !== undefined) {
      values[key] = word.text;
    } else if (command.rest?.as === 'text' && textFrom !== undefined && word.raw !== undefined) {
      values[command.rest.key] = textFrom(word.raw.start);
      break;
    } else if (command.rest !== undefined) {
      plain.push(word.text);
    } else {
      throw new UserError(
        `/${command.name} does not know what to do with "${word.text.slice(0, 60)}".`,
        usage(command),
      );
    }
  }
  if (command.rest !== undefined && plain.length > 0) {
    values[command.rest.key] = command.rest.as === 'list' ? plain : plain.join(' ');
  }
  requireInput(command, values, options);
  return checkArgs(command, values);
}

/** A command that reads files or text needs one of them; in chat the files are dropped, never named. */
function requireInput(command: Command, values: Record<string, unknown>, options: ParseOptions): void {
  if (command.takesFiles !== true || options.hasFiles) return;
  const fromLine = Object.entries(values).some(([key, value]) => {
    const isInput = key === command.rest?.key || command.options[key]?.terminalOnly === true;
    return isInput && !(options.surface === 'chat' && Array.isArray(value));
  });
  if (fromLine) return;
  const what = command.rest === undefined ? 'a file' : describeKey(command, command.rest.key);
  const how =
    options.surface === 'chat'
      ? ' Type the command alone for the form, or drop the file into our direct conversation.'
      : '';
  throw new MissingArgument(`/${command.name} needs ${what}.${how}`, usage(command));
}

interface ReadOption {
  key: string;
  spec: OptionSpec;
  inline: string | undefined;
  name: string;
}

function readOption(command: Command, text: string, options: ParseOptions): ReadOption | undefined {
  if (!/^--[a-z]/.test(text)) return undefined;
  const equals = text.indexOf('=');
  const name = equals < 0 ? text.slice(2) : text.slice(2, equals);
  const key = Object.keys(command.options).find((candidate) => kebab(candidate) === name);
  const spec = key === undefined ? undefined : command.options[key];
  if (key === undefined || spec === undefined) {
    // A pasted reply may hold "--something": only a text command lets it be part of the text.
    if (command.rest?.as === 'text' && equals < 0 && nearest(name, optionNames(command)) === undefined)
      return undefined;
    const guess = nearest(name, optionNames(command));
    const hint =
      guess === undefined
        ? `Options: ${
            optionNames(command)
              .map((option) => `--${option}`)
              .join(', ') || 'none'
          }.`
        : `Did you mean --${guess}?`;
    throw new UserError(`/${command.name} has no option --${name.slice(0, 40)}. ${hint}`, usage(command));
  }
  if (spec.terminalOnly === true && options.surface === 'chat') {
    throw new UserError(
      `--${name} reads a file of the machine, so it works in the terminal only. Drop the file here instead.`,
      usage(command),
    );
  }
  return { key, spec, name, inline: equals < 0 ? undefined : text.slice(equals + 1) };
}

/** Stores the option's value; returns how many further words it used. */
function takeOption(
  command: Command,
  option: ReadOption,
  next: string | undefined,
  values: Record<string, unknown>,
): number {
  if (option.spec.kind === 'flag') {
    values[option.key] = option.inline === undefined || option.inline === 'true';
    return 0;
  }
  const value = option.inline ?? next;
  if (value === undefined || (option.inline === undefined && /^--[a-z]/.test(value))) {
    throw new UserError(
      `--${option.name} needs a value${option.spec.hint ? `: ${option.spec.hint}` : ''}.`,
      usage(command),
    );
  }
  values[option.key] = value;
  return option.inline === undefined ? 1 : 0;
}

function describeKey(command: Command, key: string): string {
  const spec = command.options[key];
  if (spec !== undefined) return `--${kebab(key)}${spec.hint ? ` (${spec.hint})` : ''}`;
  const shape = command.args.shape[key] as z.ZodType | undefined;
  return shape?.description ?? key;
}

function usage(command: Command): { example: string } {
  return { example: command.examples[0] ?? `/${command.name}` };
}

function optionNames(command: Command): string[] {
  return Object.keys(command.options).map(kebab);
}

/** `messageId` is `message-id` on the line. */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
