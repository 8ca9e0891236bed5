import { slashNames } from '../../commands/registry.ts';

const SLASH_COMMAND = new RegExp(
  `(^|[\\s"(])/(?:mailmedic (?=[a-z])|(?=(?:${slashNames.join('|')})(?![\\w/-]|\\.\\w)))`,
  'g',
);

/** The slash commands of a sentence as they are typed in a terminal: `/probe x` is `mailmedic probe x`. Paths stay. */
export function terminalWords(text: string): string {
  return text.replace(SLASH_COMMAND, '$1mailmedic ');
}
