/** Mail and reports about it are diagnosed; everything else that people drop is a trace or a log. */
const MAIL_FILE = /\.(eml|msg|mht|mbox)$/i;

/**
 * The command line of a message. Words that begin with a command are taken as they stand. With files and no command
 * among the words the kind of file decides and the words are a remark; without either it is a call for help.
 */
export function lineOf(words: string, fileNames: readonly string[], commands: readonly string[]): string {
  const first = /^\/?(\S{1,64})/.exec(words)?.[1]?.toLowerCase();
  if (first !== undefined && commands.includes(first)) return words;
  if (fileNames.length > 0) return fileNames.every((name) => MAIL_FILE.test(name)) ? 'diagnose' : 'trace-parse';
  return words === '' ? 'mailmedic' : words;
}
