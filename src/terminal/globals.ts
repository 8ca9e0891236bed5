import { UserError } from '../errors.ts';

/** Options that every command of the terminal takes. */
export interface Globals {
  json: boolean;
  verbose: boolean;
  help: boolean;
  version: boolean;
  config: string | undefined;
  /** What is left: the command's name and its own words. */
  words: string[];
}

/**
 * Takes the global options out of the words, wherever they stand. `--` ends them.
 * @throws UserError when --config lacks its value.
 */
export function readGlobals(argv: readonly string[]): Globals {
  const globals: Globals = { json: false, verbose: false, help: false, version: false, config: undefined, words: [] };
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') {
      globals.words.push(...argv.slice(at + 1));
      break;
    }
    if (word === '--json') globals.json = true;
    else if (word === '--verbose' || word === '-v') globals.verbose = true;
    else if (word === '--help' || word === '-h') globals.help = true;
    else if (word === '--version' || word === '-V') globals.version = true;
    else if (word.startsWith('--config=')) globals.config = word.slice('--config='.length);
    else if (word === '--config') {
      at += 1;
      const file = argv[at];
      if (file === undefined) throw new UserError('--config needs the path of a YAML or JSON file.');
      globals.config = file;
    } else globals.words.push(word);
  }
  return globals;
}
