import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, messageOf, UserError } from '../src/errors.ts';
import type { InputFile } from './command.ts';

/**
 * A file of this machine as a command reads it; `-` is standard input.
 * @throws UserError when there is no such file or it is a folder.
 */
export function openPath(name: string): InputFile {
  if (name === '-') return { name: 'standard input', open: () => Promise.resolve(process.stdin) };
  try {
    const stats = statSync(name);
    if (stats.isDirectory()) throw new UserError(`${name} is a folder. Give the files in it.`);
    return {
      name: path.basename(name),
      size: stats.size,
      path: name,
      open: () => Promise.resolve(createReadStream(name)),
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason =
      errnoOf(error) === 'ENOENT' ? `There is no file ${name}` : `${name} cannot be read: ${messageOf(error)}`;
    throw new UserError(`${reason}. Check the path.`, { cause: error });
  }
}
