import { z } from 'zod';
import { runbookCard } from '../cards/runbook-card.ts';
import { UserError } from '../src/errors.ts';
import { CAUSES, ERROR_TYPES, type ErrorType } from '../src/vocabulary.ts';
import { defineCommand } from './command.ts';
import { nearest } from './nearest.ts';

/** `/mailmedic runbook`: the guidance for one error type, in the conversation. */
export const runbookCommand = defineCommand({
  name: 'runbook',
  slash: false,
  summary: 'Show the runbook of an error type',
  usage: '<error type>',
  examples: ['/mailmedic runbook UnableToConnect', '/mailmedic runbook CertificateFailure'],
  args: z.object({
    // A name that is not known ends the parsing, so that only the asker hears of it.
    errorType: z
      .string()
      .transform(findErrorType)
      .describe(`an error type or cause: ${ERROR_TYPES.slice(0, 4).join(', ')} …`),
  }),
  positional: ['errorType'],
  options: {},
  async run({ errorType }, context) {
    const guidance = context.services.knowledge.guide({ errorType, cause: null, owner: 'unknown' });
    return { card: runbookCard(errorType, guidance), json: { errorType, ...guidance }, exitStatus: 0 };
  },
});

/** `dane-mismatch`, or `dane`: the error type that has such a cause, where only one has. */
function typeOfCause(typed: string): ErrorType | undefined {
  const typesWith = (fits: (cause: string) => boolean): ErrorType[] =>
    ERROR_TYPES.filter((name) => CAUSES[name].some(fits));
  const exact = typesWith((cause) => cause === typed);
  const types = exact.length > 0 ? exact : typesWith((cause) => cause.startsWith(`${typed}-`));
  return types.length === 1 ? types[0] : undefined;
}

function findErrorType(typed: string): ErrorType {
  const plain = typed.toLowerCase().replaceAll('-', '');
  const found = ERROR_TYPES.find((name) => name.toLowerCase() === plain) ?? typeOfCause(typed.toLowerCase());
  if (found !== undefined) return found;
  const guess = nearest(
    plain,
    ERROR_TYPES.map((name) => name.toLowerCase()),
  );
  const name = ERROR_TYPES.find((candidate) => candidate.toLowerCase() === guess);
  throw new UserError(
    name === undefined
      ? `There is no error type "${typed.slice(0, 40)}". I know ${ERROR_TYPES.join(', ')}.`
      : `There is no error type "${typed.slice(0, 40)}". Did you mean ${name}?`,
    { example: `/mailmedic runbook ${name ?? 'UnableToConnect'}` },
  );
}
