import { describe, expect, it } from 'vitest';
import type { Card } from '../../cards/card.ts';
import { plainText } from '../../cards/card.ts';
import type { CommandContext } from '../../commands/command.ts';
import { parseLine } from '../../commands/parse-args.ts';
import { probeCommand } from '../../commands/probe.ts';
import type { Services } from '../../commands/services.ts';
import { loadConfig } from '../../src/config.ts';
import { UserError } from '../../src/errors.ts';
import { probeReportSchema } from '../../src/probe/report.ts';
import { okReport } from '../cards/sample-reports.ts';

type Probe = Services['probe'];

/** Runs a line of /probe in a conversation, over a probe core that is given. */
async function run(line: string, probe: Probe, options: { surface?: 'chat' | 'terminal'; signal?: AbortSignal } = {}) {
  const cards: Card[] = [];
  const { surface = 'chat', signal = new AbortController().signal } = options;
  const context: CommandContext = {
    // The rest of the cores is not asked.
    services: { probe, config: loadConfig({ env: {} }) } as Services,
    files: [],
    signal,
    progress: (card) => cards.push(card),
    userId: 'test:kim',
    audience: 'private',
    surface,
    commands: [],
  };
  const outcome = await probeCommand.run(parseLine(probeCommand, line, { surface, hasFiles: false }), context);
  return { outcome, titles: cards.map(({ title }) => plainText(title)) };
}

describe('/probe', () => {
  it('hands every option on', async () => {
    let asked: unknown;
    await run(
      'smtp.contoso.example:587 --depth submit --tls require --host 192.0.2.10 --helo probe.example --from <> --to kim@contoso.example --chunking data --pipelining off --tls-scan --auth plain --all --timeout 9',
      async (request) => {
        asked = request;
        return okReport();
      },
    );
    expect(asked).toEqual({
      text: 'smtp.contoso.example:587',
      target: { kind: 'host', host: 'smtp.contoso.example', port: 587 },
      depth: 'submit',
      tls: 'require',
      hostIp: '192.0.2.10',
      helo: 'probe.example',
      from: '',
      to: 'kim@contoso.example',
      chunking: 'data',
      pipelining: 'off',
      tlsScan: true,
      auth: 'plain',
      all: true,
      timeoutS: 9,
    });
  });

  it('the card repeats the line with what was given and nothing else', async () => {
    const { outcome } = await run('contoso.example --tls-scan --repeat 2 --interval 0 --pipelining auto', async () =>
      okReport(),
    );
    const lines = outcome.card.actions?.flatMap((action) => (action.type === 'run' ? [action.line] : []));
    expect(lines?.[0]).toBe('/probe contoso.example --tls-scan --repeat 2 --interval 0');
  });

  it('shows the round, and why the next has not begun', async () => {
    const { titles, outcome } = await run('contoso.example --repeat 2 --interval 1', async (_, { onProgress }) => {
      onProgress?.({ target: 'contoso.example', mx: [], attempts: [] });
      return okReport();
    });
    expect(titles).toEqual([
      expect.stringContaining('round 1 of 2'),
      expect.stringMatching(/round 2 of 2.*next round in 1 s/),
      expect.stringContaining('round 2 of 2'),
    ]);
    expect(probeReportSchema.parse(outcome.json).rounds).toEqual({ total: 2, failed: 0, degraded: 0 });
  });

  it('answers with what was learnt when it is cancelled between rounds', async () => {
    const cancel = new AbortController();
    const { outcome } = await run(
      'contoso.example --repeat 5 --interval 300',
      async () => {
        setTimeout(() => cancel.abort(), 10);
        return okReport();
      },
      { signal: cancel.signal },
    );
    expect(outcome.exitStatus).toBe(0);
    expect(probeReportSchema.parse(outcome.json).summary).toMatch(/Stopped after 1 of 5 rounds\.$/);
  });

  it('does not take longer in a conversation than anybody watches', async () => {
    const line = 'contoso.example --repeat 20 --interval 300';
    let probed = 0;
    const probe: Probe = async () => {
      probed += 1;
      throw new Error('enough');
    };
    await expect(run(line, probe)).rejects.toThrow(UserError);
    await expect(run(line, probe)).rejects.toThrow(/more than 30 minutes.*shorter --interval/);
    expect(probed).toBe(0);
    await expect(run(line, probe, { surface: 'terminal' })).rejects.toThrow('enough');
  });
});
