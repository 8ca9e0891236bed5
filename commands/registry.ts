import { UserError } from '../src/errors.ts';
import type { Command } from './command.ts';
import { diagnoseCommand } from './diagnose.ts';
import { doctorCommand } from './doctor.ts';
import { helpCommand } from './help.ts';
import { nearest } from './nearest.ts';
import { peerCommand } from './peer.ts';
import { probeCommand } from './probe.ts';
import { runbookCommand } from './runbook.ts';
import { traceParseCommand } from './trace-parse.ts';

/** Every command, in the order of the help. A new command is a file and a line here. */
export const commands: readonly Command[] = [
  probeCommand,
  diagnoseCommand,
  traceParseCommand,
  peerCommand,
  runbookCommand,
  doctorCommand,
  helpCommand,
];

/** The slash commands that chat platforms register: those of their own, and `/mailmedic` in front of all of them. */
export const slashNames: readonly string[] = [
  ...commands.filter((command) => command.slash).map((command) => command.name),
  'mailmedic',
];

/**
 * Finds the command of a line: `/probe x`, `probe x`, `/mailmedic probe x`. A bare `/mailmedic` is help. `known`: the
 * commands with the examples that work where the line was typed.
 * @throws UserError with the nearest name when there is no such command.
 */
export function findCommand(line: string, known: readonly Command[] = commands): { command: Command; rest: string } {
  const { word, rest } = splitWord(line);
  const name = word.replace(/^\/+/, '').toLowerCase();
  if (name === '' || name === 'mailmedic')
    return rest.trim() === '' ? { command: helpCommand, rest: '' } : findCommand(rest, known);
  const command = known.find((candidate) => candidate.name === name);
  if (command !== undefined) return { command, rest };
  const guess = nearest(
    name,
    known.map((candidate) => candidate.name),
  );
  const shown = word.startsWith('/') ? word.slice(0, 40) : `/${word.slice(0, 40)}`;
  const hint =
    guess === undefined
      ? `I know ${known.map((candidate) => `/${candidate.name}`).join(', ')}.`
      : `Did you mean /${guess}?`;
  const example = known.find((candidate) => candidate.name === guess)?.examples[0] ?? '/mailmedic help';
  throw new UserError(`I don't know "${shown}". ${hint}`, { example });
}

function splitWord(line: string): { word: string; rest: string } {
  const trimmed = line.trimStart();
  const end = trimmed.search(/\s/);
  return end < 0 ? { word: trimmed, rest: '' } : { word: trimmed.slice(0, end), rest: trimmed.slice(end + 1) };
}
