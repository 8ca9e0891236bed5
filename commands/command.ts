import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Card } from '../cards/card.ts';
import type { Form } from '../cards/form.ts';
import type { Services } from './services.ts';

/**
 * One thing a person can ask, the same on every platform and in the terminal: one file a command, listed in registry.ts.
 * Help, forms, completion, manifests and usage errors are made from it.
 */
export interface Command<Args extends z.ZodObject = z.ZodObject> {
  /** The word after the slash: `trace-parse`. */
  name: string;
  /** True when chat platforms offer it as a slash command of its own; the others are reached with `/mailmedic <name>`. */
  slash: boolean;
  /** One line for help and for the platforms' command lists, at most 80 characters. */
  summary: string;
  /** Usage after the name: `<domain | host[:port]> [--depth …]`. */
  usage: string;
  /** Lines that work when typed, the most useful first. */
  examples: string[];
  /** Checked arguments; keys are camelCase, options on the line are the same words in kebab-case. */
  args: Args;
  /** Keys of `args` that are filled by position, in order. */
  positional: string[];
  /** What stands after the positional words: one text kept as it was typed, or a list of words. */
  rest?: { key: string; as: 'text' | 'list' };
  /** The options of the line, by key of `args`. */
  options: Record<string, OptionSpec>;
  /** Drawn when the command is typed without what it needs. */
  form?: Form;
  /** The answer concerns the asker only (help): shown to nobody else, without a placeholder. */
  private?: boolean;
  /** Looks at servers: in the sandbox its cards say that these are the built-in ones. */
  looksOut?: boolean;
  /** Files can stand for the text: a bare line with files attached is complete. */
  takesFiles?: boolean;
  run(args: z.infer<Args>, context: CommandContext): Promise<Outcome>;
}

export interface OptionSpec {
  kind: 'flag' | 'value';
  /** Shown in usage and completion: `connect|tls|rcpt|submit`, `N`. */
  hint?: string;
  help: string;
  /** Reads or names a local file: refused in chat, where files are dropped instead. */
  terminalOnly?: boolean;
}

/** A file given to a command: a path in the terminal, an upload in chat. */
export interface InputFile {
  name: string;
  /** Bytes, when known. */
  size?: number;
  /** Local path, when it is one: lets the trace core read parts of it in parallel. */
  path?: string;
  open(): Promise<Readable>;
}

export interface CommandContext {
  services: Services;
  files: InputFile[];
  signal: AbortSignal;
  /** Shows a card of the work so far; cheap to call often. */
  progress(card: Card): void;
  /** Who asks, for rate limits: platform and id. */
  userId: string;
  /** `shared`: others read the answer, so addresses are masked. */
  audience: 'shared' | 'private';
  surface: 'chat' | 'terminal';
  /** Every command, for help. */
  commands: readonly Command[];
}

/** What a command answers: the card for people, the document for `--json`, the exit status for scripts. */
export interface Outcome {
  card: Card;
  json: unknown;
  /** 0 healthy or parsed, 1 the answer is a failure. */
  exitStatus: 0 | 1;
  /** Documents printed one a line instead of the card; terminal only. */
  lines?: AsyncIterable<unknown>;
}

/** Types a command's `run` by its own schema, and lets it stand in the registry beside the others. */
export function defineCommand<Args extends z.ZodObject>(command: Command<Args>): Command {
  return command as unknown as Command;
}
