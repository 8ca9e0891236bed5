import { z } from 'zod';
import { runbookCard } from '../cards/runbook-card.ts';
import { UserError } from '../src/errors.ts';
import { CAUSES, type Cause, ERROR_TYPES, type ErrorType } from '../src/vocabulary.ts';
import { defineCommand } from './command.ts';
import { nearest } from './nearest.ts';

/** `/mailmedic runbook`: the guidance for one error type or cause, in the conversation. */
export const runbookCommand = defineCommand({
  name: 'runbook',
  slash: false,
  summary: 'Show the runbook of an error type or cause',
  usage: '<error type | cause>',
  examples: ['/mailmedic runbook UnableToConnect', '/mailmedic runbook dane-mismatch'],
  args: z.object({
    // A name that is not known ends the parsing, so that only the asker hears of it.
    errorType: z
      .string()
      .transform(findSubject)
      .describe(`an error type or cause: ${ERROR_TYPES.slice(0, 4).join(', ')} …`),
  }),
  positional: ['errorType'],
  options: {},
  async run({ errorType: subject }, context) {
    const guidance = context.services.knowledge.guide({ ...subject, owner: 'unknown' });
    const card = runbookCard(subject.errorType, guidance, subject.cause);
    return { card, json: { ...subject, ...guidance }, exitStatus: 0 };
  },
});

/** What a runbook is about: an error type, or one cause of it. */
interface Subject {
  errorType: ErrorType;
  cause: Cause | null;
}

/** `dane-mismatch`, or `dane`: the cause of that name, where only one error type has it. */
function subjectOfCause(typed: string): Subject | undefined {
  const all = ERROR_TYPES.flatMap((errorType) =>
    CAUSES[errorType].map((cause): Subject & { cause: Cause } => ({ errorType, cause })),
  );
  const exact = all.filter(({ cause }) => cause === typed);
  const found = exact.length > 0 ? exact : all.filter(({ cause }) => cause.startsWith(`${typed}-`));
  return found.length === 1 ? found[0] : undefined;
}

/** @throws UserError with the nearest name. */
function findSubject(typed: string): Subject {
  const plain = typed.toLowerCase().replaceAll('-', '');
  const errorType = ERROR_TYPES.find((name) => name.toLowerCase() === plain);
  if (errorType !== undefined) return { errorType, cause: null };
  const subject = subjectOfCause(typed.toLowerCase());
  if (subject !== undefined) return subject;
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
