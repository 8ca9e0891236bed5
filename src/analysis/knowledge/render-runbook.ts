import type { ErrorType } from '../../vocabulary.ts';
import type { Article } from './article.ts';
import { ARTICLES } from './error-types/index.ts';
import { fillExample } from './fill.ts';
import { chooseSteps } from './steps.ts';
import { EXAMPLES } from './values.ts';

/** File name of a runbook without folder: `unable-to-connect.md`. */
export function runbookFile(errorType: ErrorType): string {
  return `${errorType.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()}.md`;
}

const EXAMPLE_NOTE =
  'In the commands `mx1.contoso.example`, `203.0.113.10` and `kim@contoso.example` are the receiving side, ' +
  '`fabrikam.example` and `198.51.100.25` the sending side: put your own names there.';

/**
 * The runbook of an error type as Markdown, with example values in the commands.
 *
 * @param linkTo where another runbook is; by default next to this one under its error type, as the HTTP server has them.
 */
export function renderRunbook(errorType: ErrorType, linkTo: (other: ErrorType) => string = (other) => other): string {
  const { title, meaning, causes, confirm, next, attach, see, related } = ARTICLES[errorType];
  const sections = [
    `# ${title}`,
    '<!-- Made from src/analysis/knowledge by write-runbooks.ts: change the article, not this file. -->',
    `Error type \`${errorType}\`.`,
    `## What it means\n\n${line(meaning)}`,
    `## How to confirm\n\n${bulleted([...confirm, ...Object.values(causes).flatMap((entry) => entry.confirm)])}`,
    `## What to do\n\n${EXAMPLE_NOTE}\n\n${byCause(ARTICLES[errorType])}`,
    next.length > 0 ? `## When the words do not settle it\n\n${bulleted(next)}` : '',
    `## What to send along\n\n${bulleted(attach)}`,
    `## Sources\n\n${see.map((link) => `- [${link.title}](${link.url})`).join('\n')}`,
    `## Related\n\n${related.map((other) => `- [${ARTICLES[other].title}](${linkTo(other)})`).join('\n')}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** A cause that says no more than the article is left out: the error type has no other. */
function byCause({ causes, meaning, steps }: Article): string {
  const general = numbered(chooseSteps(steps, {}));
  const parts = Object.entries(causes)
    .filter(([, entry]) => entry.steps.length > 0 || entry.meaning !== meaning)
    .map(([name, entry]) => renderCause(name, entry));
  return parts.length === 0 ? general : [...parts, `### In every case\n\n${general}`].join('\n\n');
}

function renderCause(name: string, entry: Article['causes'][string]): string {
  const steps = entry.steps.length > 0 ? `\n\n${numbered(chooseSteps(entry.steps, {}))}` : '';
  const then = steps !== '' && !entry.only ? '\n\nThen the steps under "In every case".' : '';
  return `### Cause \`${name}\`\n\n${line(entry.meaning)}${steps}${then}`;
}

function numbered(lines: readonly string[]): string {
  return lines.map((text, index) => `${index + 1}. ${line(text)}`).join('\n');
}

function bulleted(lines: readonly string[]): string {
  return lines.map((text) => `- ${line(text)}`).join('\n');
}

/** Angle brackets are escaped in prose, so that Markdown does not take them for HTML; in code they stand for themselves. */
function line(template: string): string {
  return fillExample(template, EXAMPLES)
    .split('`')
    .map((part, at) => (at % 2 === 0 ? part.replace(/[<*_]/g, '\\$&') : part))
    .join('`');
}
