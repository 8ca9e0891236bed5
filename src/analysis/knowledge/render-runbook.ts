import type { ErrorType } from '../../vocabulary.ts';
import { ARTICLES } from './error-types/index.ts';
import { fill } from './fill.ts';

/** File name of a runbook without folder: `unable-to-connect.md`. */
export function runbookFile(errorType: ErrorType): string {
  return `${errorType.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()}.md`;
}

/** The runbook of an error type as Markdown, with placeholders in angle brackets. */
export function renderRunbook(errorType: ErrorType): string {
  const { title, meaning, steps, causes, confirm, next, attach, see } = ARTICLES[errorType];
  const sections = [
    `# ${title}`,
    '<!-- Made from src/analysis/knowledge by write-runbooks.ts: change the article, not this file. -->',
    `Error type \`${errorType}\`. ${line(meaning)}`,
    `## What to do\n\n${numbered(steps)}`,
    `## By cause\n\n${Object.entries(causes)
      .map(([name, entry]) => renderCause(name, entry))
      .join('\n\n')}`,
    `## How to be sure\n\n${bulleted(confirm)}`,
    next.length > 0 ? `## When the words do not settle it\n\n${bulleted(next)}` : '',
    attach.length > 0 ? `## What to send along\n\n${bulleted(attach)}` : '',
    `## Further reading\n\n${see.map((link) => `- [${link.title}](${link.url})`).join('\n')}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function renderCause(name: string, entry: { meaning: string; steps: string[]; only: boolean }): string {
  const steps = entry.steps.length > 0 ? `\n\n${numbered(entry.steps)}` : '';
  const then = entry.steps.length > 0 && !entry.only ? '\n\nThen the general steps above.' : '';
  return `### \`${name}\`\n\n${line(entry.meaning)}${steps}${then}`;
}

function numbered(lines: readonly string[]): string {
  return lines.map((text, index) => `${index + 1}. ${line(text)}`).join('\n');
}

function bulleted(lines: readonly string[]): string {
  return lines.map((text) => `- ${line(text)}`).join('\n');
}

/** Angle brackets are escaped so that Markdown does not take a placeholder for HTML. */
function line(template: string): string {
  return fill(template, {}).replace(/</g, '\\<');
}
