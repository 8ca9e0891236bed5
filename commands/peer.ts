import { isIP } from 'node:net';
import { z } from 'zod';
import { peerCard } from '../cards/peer-card.ts';
import { peerRangesCard } from '../cards/peer-ranges-card.ts';
import { UserError } from '../src/errors.ts';
import { peerReportSchema } from '../src/peer/report.ts';
import { type CommandContext, defineCommand, type Outcome } from './command.ts';
import { targetArg } from './target.ts';

const WHAT = 'an address, domain or host';

const args = z
  .object({
    target: targetArg('peer').optional().describe(WHAT),
    domain: z
      .string()
      .max(253)
      .regex(/^(?=.*[a-z])[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?$/i, 'must be a domain such as contoso.com')
      .optional(),
    refreshRanges: z.boolean().default(false),
  })
  .refine(({ target, refreshRanges }) => target !== undefined || refreshRanges, {
    path: ['target'],
    error: 'is needed',
  });

/** `/peer`: who the other side is, what it publishes, what others say of it. */
export const peerCommand = defineCommand({
  name: 'peer',
  slash: true,
  looksOut: true,
  summary: 'Look up a peer: hosts, reverse names, SPF to DANE, block lists, provider',
  usage: '<ip | domain | host> [--domain DOMAIN]',
  examples: ['/peer contoso.com', '/peer 203.0.113.10', '/peer 203.0.113.10 --domain contoso.com'],
  args,
  positional: ['target'],
  options: {
    domain: { kind: 'value', hint: 'DOMAIN', help: 'whether this domain lets the address send for it (SPF)' },
    refreshRanges: { kind: 'flag', help: "fetch Exchange Online's published ranges (terminal only)" },
  },
  form: {
    command: 'peer',
    title: 'Look up a peer',
    submit: 'Look up',
    fields: [
      { type: 'text', id: 'target', label: 'Address, domain or host', placeholder: 'contoso.com', maxLength: 320 },
    ],
  },
  async run(given, context) {
    return given.target === undefined ? refresh(context) : lookup(given.target, given.domain, context);
  },
});

async function lookup(
  { target }: NonNullable<z.infer<typeof args>['target']>,
  domain: string | undefined,
  { services, signal, progress, audience, userId }: CommandContext,
): Promise<Outcome> {
  const name = target.kind === 'ip' ? target.ip : target.kind === 'host' ? target.host : target.domain;
  const sender = domain?.toLowerCase().replace(/\.$/, '');
  if (sender !== undefined && isIP(sender) !== 0) {
    throw new UserError('--domain takes the domain that sends, not an address.', {
      example: `/peer ${name} --domain contoso.com`,
    });
  }
  const line = sender === undefined ? `/peer ${name}` : `/peer ${name} --domain ${sender}`;
  const report = await services.lookupPeer(name, {
    signal,
    userId,
    ...(sender === undefined ? {} : { domain: sender }),
    onProgress: (known) => progress(peerCard(known, { line, audience })),
  });
  const failed = report.findings.some((finding) => finding.severity === 'error');
  return {
    card: peerCard(report, { line, audience }),
    json: peerReportSchema.parse(report),
    exitStatus: failed ? 1 : 0,
  };
}

async function refresh({ services, signal, surface }: CommandContext): Promise<Outcome> {
  if (surface === 'chat') {
    throw new UserError('--refresh-ranges changes this installation, so it works in the terminal only.', {
      example: '/peer contoso.com',
    });
  }
  const refreshed = await services.refreshRanges({ signal });
  return { card: peerRangesCard(refreshed), json: refreshed, exitStatus: 0 };
}
