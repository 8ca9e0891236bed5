import { z } from 'zod';
import { traceCard, traceProgressCard } from '../cards/trace-card.ts';
import type { Guidance, Knowledge } from '../src/analysis/knowledge/knowledge.ts';
import type { TraceQuery } from '../src/analysis/trace/parse-trace.ts';
import { type TraceReport, traceReportSchema } from '../src/analysis/trace/report.ts';
import { isCauseOf } from '../src/vocabulary.ts';
import { defineCommand } from './command.ts';
import { openPath } from './open-path.ts';

const time = z
  .string()
  .max(40)
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is a time such as 2026-11-20T12:00:00Z');

const args = z.object({
  files: z.array(z.string()).optional().describe('a trace or log file'),
  messageId: z.string().max(1000).optional(),
  recipient: z.string().max(320).optional(),
  ip: z.string().max(64).optional(),
  helo: z.string().max(255).optional(),
  since: time.optional(),
  until: time.optional(),
});

/** `/trace-parse`: reads message traces and says what was delivered, delayed and lost, where and why. */
export const traceParseCommand = defineCommand({
  name: 'trace-parse',
  slash: true,
  summary: 'Read a message trace or log: what was delivered, delayed or lost, where and why',
  usage: '<file ...> [--message-id X] [--recipient X] [--ip X] [--since T] [--until T]',
  examples: [
    '/trace-parse trace.csv',
    '/trace-parse --message-id <b2e4c6a810fd@server.fabrikam.com>',
    '/trace-parse --ip 104.47.34.0/24',
  ],
  args,
  positional: [],
  rest: { key: 'files', as: 'list' },
  options: {
    messageId: { kind: 'value', hint: 'X', help: 'show the timeline of one message' },
    recipient: { kind: 'value', hint: 'ADDRESS', help: 'only this recipient' },
    ip: { kind: 'value', hint: 'IP|CIDR', help: 'only events with this address' },
    helo: { kind: 'value', hint: 'NAME', help: 'only sessions greeted with this name' },
    since: { kind: 'value', hint: 'TIME', help: 'from this time on' },
    until: { kind: 'value', hint: 'TIME', help: 'up to this time' },
  },
  form: {
    command: 'trace-parse',
    title: 'Parse a trace',
    submit: 'Parse',
    intro: 'An Exchange Online extended trace, enhanced summary or message tracking log, as it was exported.',
    fields: [
      { type: 'file', id: 'files', label: 'Trace or log files', maxFiles: 5 },
      { type: 'text', id: 'messageId', label: 'Message id, for its timeline', optional: true, maxLength: 1000 },
      { type: 'text', id: 'recipient', label: 'Recipient', optional: true, maxLength: 320 },
    ],
  },
  takesFiles: true,
  async run({ files: paths, ...query }, context) {
    const local = context.surface === 'terminal' ? (paths ?? []).map(openPath) : [];
    const files = [...context.files, ...local];
    const report = await context.services.parseTrace(files, defined(query), {
      signal: context.signal,
      onProgress: (progress) => context.progress(traceProgressCard(progress)),
    });
    const card = traceCard(report, { audience: context.audience, ...guidanceOf(report, context.services.knowledge) });
    return { card, json: traceReportSchema.parse(report), exitStatus: 0 };
  },
});

/** Without the keys that were not given. */
function defined(query: Omit<z.infer<typeof args>, 'files'>): TraceQuery {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

/** Advice for the most frequent error, with the places where it was seen. */
function guidanceOf({ errors }: TraceReport, knowledge: Knowledge): { guidance?: Guidance } {
  const [top] = errors;
  if (top === undefined) return {};
  const cause = isCauseOf(top.errorType, top.cause) ? top.cause : null;
  const values = {
    ip: top.ips[0] ?? null,
    connector: top.connectors[0] ?? null,
    server: top.servers[0] ?? null,
    code: top.code,
    enhanced: top.enhanced,
  };
  return { guidance: knowledge.guide({ errorType: top.errorType, cause, owner: top.owner }, values) };
}
