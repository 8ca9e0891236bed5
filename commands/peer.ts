import { z } from 'zod';
import { peerCard } from '../cards/peer-card.ts';
import { peerReportSchema } from '../src/peer/report.ts';
import { defineCommand } from './command.ts';
import { targetArg } from './target.ts';

/** `/peer`: what DNS says about the other side. */
export const peerCommand = defineCommand({
  name: 'peer',
  slash: true,
  looksOut: true,
  summary: 'Look up a peer: its MX hosts, addresses and reverse names',
  usage: '<ip | domain | host>',
  examples: ['/peer contoso.com', '/peer 203.0.113.10'],
  args: z.object({ target: targetArg('peer').describe('an address, domain or host') }),
  positional: ['target'],
  options: {},
  form: {
    command: 'peer',
    title: 'Look up a peer',
    submit: 'Look up',
    fields: [
      { type: 'text', id: 'target', label: 'Address, domain or host', placeholder: 'contoso.com', maxLength: 320 },
    ],
  },
  async run({ target }, context) {
    const { target: found } = target;
    const name = found.kind === 'ip' ? found.ip : found.kind === 'host' ? found.host : found.domain;
    const report = await context.services.lookupPeer(name, { signal: context.signal });
    const failed = report.findings.some((finding) => finding.severity === 'error');
    return { card: peerCard(report), json: peerReportSchema.parse(report), exitStatus: failed ? 1 : 0 };
  },
});
