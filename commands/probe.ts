import { isIP } from 'node:net';
import { z } from 'zod';
import { probeCard, probeProgressCard } from '../cards/probe-card.ts';
import { repeatProbe } from '../src/probe/repeat.ts';
import { probeReportSchema } from '../src/probe/report.ts';
import type { ProbeRequest } from '../src/probe/request.ts';
import { defineCommand } from './command.ts';
import { kebab } from './parse-args.ts';
import { targetArg } from './target.ts';

const args = z.object({
  target: targetArg('probe').describe('a domain, host or address'),
  depth: z.enum(['connect', 'tls', 'rcpt', 'submit'], 'must be connect, tls, rcpt or submit').optional(),
  port: wholeNumber(1, 65535).optional(),
  tls: z
    .enum(['opportunistic', 'require', 'off', 'implicit'], 'must be opportunistic, require, off or implicit')
    .optional(),
  host: z
    .string()
    .transform((text) => text.replace(/^\[(.*)\]$/, '$1'))
    .refine(
      (text) => isIP(text) !== 0 && !text.includes('%'),
      'must be an IP address such as 192.0.2.10; to probe a host by its name give it as the target',
    )
    .optional(),
  helo: z
    .string()
    .max(255)
    .regex(/^[A-Za-z0-9.:_[\]-]+$/, 'must be a host name or an address literal')
    .optional(),
  from: z
    .string()
    .max(320)
    .regex(/^(?:<>|[^\s@<>]+@[^\s@<>]+)$/, 'must be an address such as kim@contoso.com, or <> for none')
    .optional(),
  to: z
    .string()
    .max(320)
    .regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be an address such as kim@contoso.com')
    .optional(),
  chunking: z.enum(['auto', 'bdat', 'data'], 'must be auto, bdat or data').default('auto'),
  repeat: wholeNumber(1, 20).default(1),
  all: z.boolean().default(false),
  timeout: z.coerce
    .number('must be a number of seconds')
    .positive('must be more than 0')
    .max(600, 'must be at most 600 seconds')
    .optional(),
});

function wholeNumber(min: number, max: number) {
  const words = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(words).int(words).min(min, words).max(max, words);
}

/** `/probe`: walks the path that a sender's mail would take and says where it breaks. */
export const probeCommand = defineCommand({
  name: 'probe',
  slash: true,
  looksOut: true,
  summary: 'Walk the path mail would take to a domain or host; say what broke and whose it is',
  usage: '<domain | host[:port] | [v6]:port | user@domain> [--depth connect|tls|rcpt|submit] [--all]',
  examples: ['/probe contoso.com', '/probe mx1.contoso.com:25 --depth tls', '/probe kim@contoso.com --all'],
  args,
  positional: ['target'],
  options: {
    depth: {
      kind: 'value',
      hint: 'connect|tls|rcpt|submit',
      help: 'how far to go; tls for a domain, rcpt for an address',
    },
    all: { kind: 'flag', help: 'try every address, also when the first works' },
    port: { kind: 'value', hint: 'N', help: 'another port; the default is 25' },
    tls: { kind: 'value', hint: 'opportunistic|require|off|implicit', help: 'require makes TLS trouble a failure' },
    host: { kind: 'value', hint: 'IP', help: 'dial this address instead of what DNS says' },
    helo: { kind: 'value', hint: 'NAME', help: 'the name to greet with' },
    from: { kind: 'value', hint: 'ADDRESS', help: 'the envelope sender; empty by default' },
    to: { kind: 'value', hint: 'ADDRESS', help: 'the envelope recipient' },
    chunking: { kind: 'value', hint: 'auto|bdat|data', help: 'how to send the message of --depth submit' },
    repeat: { kind: 'value', hint: 'N', help: 'probe N times, to see what comes and goes' },
    timeout: { kind: 'value', hint: 'SECONDS', help: 'the deadline of one probe' },
  },
  form: {
    command: 'probe',
    title: 'Probe a mail path',
    submit: 'Probe',
    fields: [
      { type: 'text', id: 'target', label: 'Domain, host or address', placeholder: 'contoso.com', maxLength: 320 },
      {
        type: 'choice',
        id: 'depth',
        label: 'How far',
        optional: true,
        options: [
          { value: 'connect', label: 'Connect and read the banner' },
          { value: 'tls', label: 'TLS and certificate' },
          { value: 'rcpt', label: 'Ask for the recipient' },
          { value: 'submit', label: 'Deliver to a monitoring mailbox' },
        ],
      },
    ],
  },
  async run(given, context) {
    const request = probeRequest(given);
    const line = probeLine(given);
    const report = await repeatProbe(given.repeat, () =>
      context.services.probe(request, {
        signal: context.signal,
        userId: context.userId,
        onProgress: (progress) => context.progress(probeProgressCard(progress, { line })),
      }),
    );
    const card = probeCard(report, { line, audience: context.audience });
    return { card, json: probeReportSchema.parse(report), exitStatus: report.verdict === 'failed' ? 1 : 0 };
  },
});

type ProbeArgs = z.infer<typeof args>;

/** The request of the probe core; the depth follows from the target when it was not given. */
function probeRequest(given: ProbeArgs): ProbeRequest {
  const { text, target } = given.target;
  const hasMailbox = (target.kind === 'domain' && target.mailbox !== undefined) || given.to !== undefined;
  return {
    text,
    target,
    depth: given.depth ?? (hasMailbox ? 'rcpt' : 'tls'),
    tls: given.tls ?? 'opportunistic',
    chunking: given.chunking,
    pipelining: 'auto',
    tlsScan: false,
    all: given.all,
    ...(given.port === undefined ? {} : { port: given.port }),
    ...(given.host === undefined ? {} : { hostIp: given.host }),
    ...(given.helo === undefined ? {} : { helo: given.helo }),
    ...(given.from === undefined ? {} : { from: given.from === '<>' ? '' : given.from }),
    ...(given.to === undefined ? {} : { to: given.to }),
    ...(given.timeout === undefined ? {} : { timeoutS: given.timeout }),
  };
}

/** The line that repeats this probe, with only the options that were given. */
function probeLine(given: ProbeArgs): string {
  const defaults: Partial<Record<string, unknown>> = { chunking: 'auto', repeat: 1, all: false };
  const options = Object.entries(given).flatMap(([key, value]) => {
    if (key === 'target' || value === undefined || value === defaults[key]) return [];
    return value === true ? [`--${kebab(key)}`] : [`--${kebab(key)}`, String(value)];
  });
  return ['/probe', given.target.text, ...options].join(' ');
}
