import { lineWithFiles } from '../../chat/line-with-files.ts';

/** The command line of a message: with neither words nor files it is a call for help. */
export function lineOf(words: string, fileNames: readonly string[], commands: readonly string[]): string {
  const line = lineWithFiles(words, fileNames, commands);
  return line === '' ? 'mailmedic' : line;
}
