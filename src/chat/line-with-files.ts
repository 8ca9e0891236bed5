/** Mail and reports about it are diagnosed; everything else that people drop is a trace or a log. */
const MAIL_FILE = /\.(eml|msg|mht|mbox)$/i;

/** A pasted reply or LED string that nobody put a command before. */
const REPLY = /^[\s"'`{[(]{0,8}(?:[45]\d\d[ -]|LED=|Reason: |Defer: )/;

/**
 * The command line that words and files stand for: words that begin with a command are taken as they are; with files the
 * kind of file decides and the words are a remark; a pasted reply is diagnosed.
 */
export function lineWithFiles(words: string, fileNames: readonly string[], commands: readonly string[]): string {
  const first = /^\/?(\S{1,64})/.exec(words)?.[1]?.toLowerCase();
  if (first !== undefined && commands.includes(first)) return words;
  if (fileNames.length > 0) return fileNames.every((name) => MAIL_FILE.test(name)) ? '/diagnose' : '/trace-parse';
  return REPLY.test(words) ? `/diagnose ${words}` : words;
}
