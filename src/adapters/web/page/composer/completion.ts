import type { WireCommand, WireOption, WireSetup } from '../wire.ts';

/** One thing that could stand at the caret. */
export interface Completion {
  /** Replaces the word at the caret. */
  value: string;
  /** Small print: what it does. */
  hint: string;
}

/** What fits at the caret, and which part of the line it would replace. */
export interface Completions {
  from: number;
  to: number;
  items: Completion[];
}

const MAX_ITEMS = 8;
/** A longer line is a pasted text, not a command that is being typed. */
const MAX_LINE = 1000;
const NONE: Completion[] = [];

/**
 * Completes the word before the caret: commands, then options and their values, then names of the sandbox. Pasted
 * text of several lines is never completed.
 */
export function complete(line: string, caret: number, setup: WireSetup, hasFiles = false): Completions {
  const before = line.slice(0, caret);
  const from = before.lastIndexOf(' ') + 1;
  const word = before.slice(from);
  const rest = { from, to: caret };
  if (line.length > MAX_LINE || line.includes('\n')) return { ...rest, items: NONE };
  const words = before.slice(0, from).split(/\s+/).filter(Boolean);
  if (words.length === 0) return { ...rest, items: commandsFor(word, setup, hasFiles) };

  const command = setup.commands.find((one) => `/${one.name}` === words[0] || one.name === words[0]);
  if (command === undefined) return { ...rest, items: NONE };
  const asked = command.options.find((option) => option.flag === words.at(-1) && option.takesValue);
  if (asked !== undefined) return { ...rest, items: choicesFor(word, asked) };
  const options = word.startsWith('-') || word === '' ? optionsFor(word, words, command) : NONE;
  const names = word.startsWith('-') ? NONE : namesFor(word, words, setup);
  return { ...rest, items: [...names, ...options].slice(0, MAX_ITEMS) };
}

/** The line with `item` in the place of the word, and where the caret stands then. */
export function applyCompletion(line: string, found: Completions, item: Completion): { line: string; caret: number } {
  const after = line.slice(found.to);
  const inserted = after.startsWith(' ') ? item.value : `${item.value} `;
  const caret = found.from + item.value.length + 1;
  return { line: line.slice(0, found.from) + inserted + after, caret };
}

function commandsFor(word: string, setup: WireSetup, hasFiles: boolean): Completion[] {
  if (word === '' && !hasFiles) return NONE;
  const start = word.startsWith('/') ? word.slice(1) : word;
  return setup.commands
    .filter((command) => command.name.startsWith(start.toLowerCase()) && (word !== '' || command.takesFiles))
    .slice(0, MAX_ITEMS * 2)
    .map((command) => ({ value: `/${command.name}`, hint: command.summary }));
}

function optionsFor(word: string, words: string[], command: WireCommand): Completion[] {
  return command.options
    .filter((option) => option.flag.startsWith(word) && !words.includes(option.flag))
    .map((option) => ({ value: option.flag, hint: [option.hint, option.help].filter(Boolean).join(' · ') }));
}

function choicesFor(word: string, option: WireOption): Completion[] {
  return option.choices
    .filter((choice) => choice.startsWith(word))
    .map((choice) => ({ value: choice, hint: option.flag.slice(2) }));
}

/** Names that start with the word first, then those that contain it; none twice in a line. */
function namesFor(word: string, words: string[], setup: WireSetup): Completion[] {
  const wanted = word.toLowerCase();
  const free = setup.names.filter(({ name }) => !words.includes(name) && name.toLowerCase().includes(wanted));
  // After the first name an empty word asks for options, not for more names.
  if (word === '' && setup.names.some(({ name }) => words.includes(name))) return NONE;
  const rank = (name: string): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return free
    .sort((a, b) => rank(a.name) - rank(b.name))
    .slice(0, MAX_ITEMS)
    .map(({ name, what }) => ({ value: name, hint: what }));
}
