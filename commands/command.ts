import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Card } from '../cards/card.ts';
import type { Form } from '../cards/form.ts';
import type { Services } from './services.ts';

/**
 * One thing a person can ask, the same on every platform and in the terminal. A command is one file that default-exports
 * nothing and is listed in registry.ts; help, forms, completion, manifests and usage errors are made from it.
 */
export interface Command<Args extends z.ZodObject = z.ZodObject> {
  /** The word after the slash: `trace-parse`. */
  name: string;
  /** One line for help and for the platforms' command lists, at most 80 characters. */
  summary: string;
  /** Usage after the name: `<domain | host[:port]> [--depth …]`. */
  usage: string;
  /** Lines that work when typed, the most useful first. */
  examples: string[];
  /** Checked arguments; keys are camelCase, options on the line kebab-case. */
  args: Args;
  /** Keys of `args` that are filled by position, in order. A trailing `...` takes the rest of the line as it is. */
  positional: string[];
  /** The options of the line, by key of `args`. */
  options: Record<string, OptionSpec>;
  /** Drawn when the command is typed without what it needs. */
  form?: Form;
  /** The command cannot start from nothing but reads files: a bare line with files attached is fine. */
  takesFiles?: boolean;
  /** Contains personal data by nature: in a shared channel addresses are masked. */
  run(args: z.infer<Args>, context: CommandContext): Promise<Outcome>;
}

export interface OptionSpec {
  kind: 'flag' | 'text' | 'number' | 'choice' | 'list';
  /** Shown in usage and completion: `connect|tls|rcpt|submit`. */
  hint?: string;
  choices?: readonly string[];
  help: string;
}

/** A file given to a command: a path in the terminal, an upload in chat. */
export interface InputFile {
  name: string;
  size?: number;
  open(): Promise<Readable>;
}

export interface CommandContext {
  services: Services;
  files: InputFile[];
  signal: AbortSignal;
  /** Shows a card of the work so far; cheap to call often. */
  progress(card: Card): void;
  /** `shared`: others read the answer, so addresses are masked. */
  audience: 'shared' | 'private';
  /** Where the answer is drawn decides which links work. */
  surface: 'chat' | 'terminal';
}

/** What a command answers: the card for people, the document for `--json`, the exit status for scripts. */
export interface Outcome {
  card: Card;
  json: unknown;
  /** 0 healthy or parsed, 1 the answer is a failure. */
  exitStatus: 0 | 1;
}
