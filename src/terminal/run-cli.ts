import type { Command, Outcome } from '../../commands/command.ts';
import { parseWords } from '../../commands/parse-args.ts';
import { commands, findCommand } from '../../commands/registry.ts';
import type { Services } from '../../commands/services.ts';
import type { Config } from '../config.ts';
import { loadConfig } from '../config.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { createLogger, silentLogger } from '../log.ts';
import { version } from '../package-info.ts';
import { readGlobals } from './globals.ts';
import { createProgressLine, printCard, type Terminal } from './print.ts';
import { terminalWords } from './terminal-words.ts';

/** What the command line needs from outside; a test gives its own. */
export interface CliOptions {
  terminal: Terminal;
  env: NodeJS.ProcessEnv;
  createServices: (options: { config: Config; logger: Logger }) => Services;
  serve: (config: Config) => Promise<void>;
  signal: AbortSignal;
}

/**
 * Runs one command line. Exit status: 0 healthy or parsed, 1 the answer is a failure, 2 usage or input error.
 * With `--json` stdout carries one JSON document and nothing else.
 */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<0 | 1 | 2> {
  const { terminal } = options;
  try {
    const globals = readGlobals(argv);
    if (globals.version) {
      terminal.out(`${version}\n`);
      return 0;
    }
    const [name, ...words] = globals.words;
    const config = loadConfig({ file: globals.config, env: options.env });
    if (name === 'serve') {
      await options.serve(config);
      return 0;
    }
    const { command, args } = understand(name, words, globals.help);
    const logger = globals.verbose ? createLogger(config.logLevel) : silentLogger();
    const outcome = await run(command, args, options, options.createServices({ config, logger }));
    return await answer(outcome, globals, terminal);
  } catch (error) {
    return complain(error, options);
  }
}

function understand(
  name: string | undefined,
  words: string[],
  help: boolean,
): { command: Command; args: Record<string, unknown> } {
  if (name === undefined) return { command: findCommand('help').command, args: {} };
  const { command } = findCommand(name);
  if (help) return { command: findCommand('help').command, args: { command: command.name } };
  return { command, args: parseWords(command, words, { surface: 'terminal', hasFiles: false }) };
}

async function run(
  command: Command,
  args: Record<string, unknown>,
  options: CliOptions,
  services: Services,
): Promise<Outcome> {
  const progress = createProgressLine(options.terminal);
  try {
    return await command.run(args, {
      services,
      commands,
      files: [],
      signal: options.signal,
      progress: progress.show,
      userId: 'terminal',
      audience: 'private',
      surface: 'terminal',
    });
  } finally {
    progress.clear();
  }
}

async function answer(
  outcome: Outcome,
  globals: { json: boolean; verbose: boolean },
  terminal: Terminal,
): Promise<0 | 1> {
  if (outcome.lines !== undefined) {
    for await (const line of outcome.lines) terminal.out(`${JSON.stringify(line)}\n`);
  } else if (globals.json) {
    terminal.out(`${JSON.stringify(outcome.json, null, 2)}\n`);
  } else {
    printCard(terminal, outcome.card, globals.verbose);
  }
  return outcome.exitStatus;
}

function complain(error: unknown, options: CliOptions): 2 {
  const { terminal } = options;
  if (options.signal.aborted) {
    terminal.err('Cancelled.\n');
  } else if (error instanceof UserError) {
    const example = error.example === undefined ? '' : `\nTry: ${terminalWords(error.example)}`;
    terminal.err(`${terminalWords(error.message)}${example}\n`);
  } else {
    createLogger('error').error({ err: error }, 'command failed by a bug');
    terminal.err('That went wrong on our side; the line above says where. Report it with the command you typed.\n');
  }
  return 2;
}
