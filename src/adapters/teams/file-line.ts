/** Mail and reports about it are diagnosed; everything else that people drop is a trace or a log. */
const MAIL_FILE = /\.(eml|msg|mht|mbox)$/i;

/**
 * The command line of a message with files: words that begin with a command are taken as they stand; otherwise the kind
 * of file decides and the words are a remark.
 */
export function lineWithFiles(words: string, fileNames: readonly string[], commands: readonly string[]): string {
  const first = /^\/?(\S{1,64})/.exec(words)?.[1]?.toLowerCase();
  if (fileNames.length === 0 || (first !== undefined && commands.includes(first))) return words;
  return fileNames.every((name) => MAIL_FILE.test(name)) ? '/diagnose' : '/trace-parse';
}
