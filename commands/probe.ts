import { isIP } from 'node:net';
import { z } from 'zod';
import { probeCard } from '../cards/probe-card.ts';
import { probeProgressCard } from '../cards/probe-progress-card.ts';
import { UserError } from '../src/errors.ts';
import type { ProbeProgress } from '../src/probe/probe.ts';
import { repeatProbe } from '../src/probe/repeat.ts';
import { probeReportSchema } from '../src/probe/report.ts';
import type { ProbeRequest } from '../src/probe/request.ts';
import { defineCommand } from './command.ts';
import { kebab } from './parse-args.ts';
import { targetArg } from './target.ts';

/** Longest that the pauses of a repeated probe may take together in a conversation, where somebody waits for the card. */
const CHAT_PAUSE_S = 1800;

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
  pipelining: z.enum(['auto', 'off'], 'must be auto or off').default('auto'),
  tlsScan: z.boolean().default(false),
  auth: z.enum(['plain', 'login', 'xoauth2'], 'must be plain, login or xoauth2').optional(),
  repeat: wholeNumber(1, 20).default(1),
  interval: wholeNumber(0, 300).optional(),
  all: z.boolean().default(false),
  timeout: z.coerce
    .number('must be a number of seconds')
    .positive('must be more than 0')
    .max(600, 'must be at most 600 seconds')
    .optional(),
});

/** Options that make no sense together: which one, and what it needs. */
const CONFLICTS: readonly { option: keyof ProbeArgs; needs: string; when: (given: ProbeArgs) => boolean }[] = [
  {
    option: 'interval',
    needs: 'needs --repeat 2 or more',
    when: ({ interval, repeat }) => interval !== undefined && repeat < 2,
  },
  {
    option: 'tlsScan',
    needs: 'needs TLS; leave --tls off away',
    when: ({ tlsScan, tls }) => tlsScan && tls === 'off',
  },
  {
    option: 'tlsScan',
    needs: 'needs --depth tls or deeper',
    when: ({ tlsScan, depth }) => tlsScan && depth === 'connect',
  },
];

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
  args: args.superRefine((given, context) => {
    for (const { option, needs, when } of CONFLICTS) {
      if (when(given)) context.addIssue({ code: 'custom', path: [option], message: needs });
    }
  }),
  positional: ['target'],
  // The everyday ones first: help shows them ten at a time.
  options: {
    depth: {
      kind: 'value',
      hint: 'connect|tls|rcpt|submit',
      help: 'how far to go; tls for a domain, rcpt for an address',
    },
    all: { kind: 'flag', help: 'try every address, also when the first works' },
    repeat: { kind: 'value', hint: 'N', help: 'probe N times, to see what comes and goes, and with what' },
    interval: { kind: 'value', hint: 'SECONDS', help: 'pause between the rounds of --repeat' },
    tls: { kind: 'value', hint: 'opportunistic|require|off|implicit', help: 'require makes TLS trouble a failure' },
    tlsScan: { kind: 'flag', help: 'also ask which TLS versions, 1.0 to 1.3, it takes' },
    port: { kind: 'value', hint: 'N', help: 'another port; the default is 25' },
    host: { kind: 'value', hint: 'IP', help: 'dial this address instead of what DNS says' },
    to: { kind: 'value', hint: 'ADDRESS', help: 'the envelope recipient' },
    timeout: { kind: 'value', hint: 'SECONDS', help: 'the deadline of one probe' },
    from: { kind: 'value', hint: 'ADDRESS', help: 'the envelope sender; empty by default' },
    helo: { kind: 'value', hint: 'NAME', help: 'the name to greet with' },
    auth: { kind: 'value', hint: 'plain|login|xoauth2', help: 'log in with the secret of the environment' },
    chunking: { kind: 'value', hint: 'auto|bdat|data', help: 'how to send the message of --depth submit' },
    pipelining: { kind: 'value', hint: 'auto|off', help: 'off sends one command at a time' },
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
    const { services, signal, userId } = context;
    const of = given.repeat;
    if (context.surface === 'chat') checkPauses(given);
    const show = (progress: ProbeProgress, at: number): void =>
      context.progress(probeProgressCard(of === 1 ? progress : { ...progress, round: { at, of } }, { line }));
    const report = await repeatProbe({
      times: of,
      intervalS: given.interval ?? 0,
      signal,
      probe: (at) => services.probe(request, { signal, userId, onProgress: (progress) => show(progress, at) }),
      onWait: (waiting, at) => show({ target: request.text, mx: [], attempts: [], waiting }, at),
    });
    const card = probeCard(report, { line, audience: context.audience, mailboxes: services.config.mailboxes });
    return { card, json: probeReportSchema.parse(report), exitStatus: report.verdict === 'failed' ? 1 : 0 };
  },
});

type ProbeArgs = z.infer<typeof args>;

/** @throws UserError when the rounds would take longer than a card is watched. */
function checkPauses({ repeat, interval = 0 }: ProbeArgs): void {
  if ((repeat - 1) * interval <= CHAT_PAUSE_S) return;
  throw new UserError(
    `${repeat} rounds with ${interval} s between them take more than ${CHAT_PAUSE_S / 60} minutes. Give fewer rounds or a shorter --interval.`,
    { example: '/probe contoso.com --repeat 10 --interval 60' },
  );
}

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
    pipelining: given.pipelining,
    tlsScan: given.tlsScan,
    all: given.all,
    ...(given.auth === undefined ? {} : { auth: given.auth }),
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
  const defaults: Partial<Record<string, unknown>> = {
    chunking: 'auto',
    pipelining: 'auto',
    tlsScan: false,
    repeat: 1,
    all: false,
  };
  const options = Object.entries(given).flatMap(([key, value]) => {
    if (key === 'target' || value === undefined || value === defaults[key]) return [];
    return value === true ? [`--${kebab(key)}`] : [`--${kebab(key)}`, String(value)];
  });
  return ['/probe', given.target.text, ...options].join(' ');
}
