import { z } from 'zod';
import { diagnosisCard } from '../cards/diagnosis-card.ts';
import { runningCard } from '../cards/running-card.ts';
import { diagnosisSchema } from '../src/analysis/diagnosis.ts';
import { type CommandContext, defineCommand, type InputFile } from './command.ts';
import { diagnoseBatch } from './diagnose-batch.ts';
import { openPath } from './open-path.ts';
import { MissingArgument } from './parse-args.ts';
import { readAll } from './read-all.ts';

/** The largest mail or paste that is read as one artefact. */
const MAX_BYTES = 10 * 1024 * 1024;

/** `/diagnose`: reads a reply, LED string or bounce and says what it means, whose it is and what to do. */
export const diagnoseCommand = defineCommand({
  name: 'diagnose',
  slash: true,
  summary: 'Paste an SMTP reply, LED string or bounce: get the cause, the owner and the next step',
  usage: '<reply, LED string or bounce text>',
  examples: [
    '/diagnose 450 4.4.316 Connection refused [Message=Socket error code 10061]',
    '/diagnose 550 5.1.1 <kim@fabrikam.com>: Recipient address rejected: User unknown',
    '/diagnose 451 4.7.0 Temporary server error. Please try again later. PRX2',
  ],
  args: z.object({
    text: z.string().describe('the words of a reply, a LED string or a bounce').optional(),
    file: z.string().optional(),
    batch: z.string().optional(),
  }),
  positional: [],
  rest: { key: 'text', as: 'text' },
  options: {
    file: { kind: 'value', hint: 'F', help: 'read a mail or text file; - reads standard input', terminalOnly: true },
    batch: {
      kind: 'value',
      hint: 'F.jsonl',
      help: 'answer each line {id, text | file} with one JSON line',
      terminalOnly: true,
    },
  },
  form: {
    command: 'diagnose',
    title: 'Diagnose a reply',
    submit: 'Diagnose',
    intro: 'Paste what you have: an SMTP reply, a LED string, or a whole bounce. Or drop the .eml file.',
    fields: [
      {
        type: 'text',
        id: 'text',
        label: 'Reply, LED string or bounce',
        multiline: true,
        optional: true,
        maxLength: 3000,
      },
      { type: 'file', id: 'file', label: 'Bounce as a file', maxFiles: 1, optional: true },
    ],
  },
  takesFiles: true,
  async run({ text, file, batch }, context) {
    const { services, signal } = context;
    if (batch !== undefined) {
      const card = runningCard('/diagnose');
      return {
        card,
        json: null,
        exitStatus: 0,
        lines: diagnoseBatch(batch, async (input) => diagnosisSchema.parse(await services.diagnose(input, { signal }))),
      };
    }
    const input = await readInput(text, file, context);
    const diagnosis = await services.diagnose(input, { signal });
    const card = diagnosisCard(diagnosis, { audience: context.audience });
    return { card, json: diagnosisSchema.parse(diagnosis), exitStatus: diagnosis.errorType === 'Unknown' ? 1 : 0 };
  },
});

/** The text, the one file, or standard input. */
async function readInput(
  text: string | undefined,
  file: string | undefined,
  context: CommandContext,
): Promise<string | Uint8Array> {
  const source: InputFile | undefined =
    file !== undefined ? openPath(file) : text === '-' ? openPath('-') : context.files[0];
  if (source !== undefined)
    return readAll(await source.open(), { limit: MAX_BYTES, what: source.name, signal: context.signal });
  if (text !== undefined && text.trim() !== '') return text;
  throw new MissingArgument('/diagnose needs the words of a reply, a LED string or a bounce.', {
    example: '/diagnose 550 5.1.1 User unknown',
  });
}
