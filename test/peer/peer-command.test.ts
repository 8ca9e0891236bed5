import { describe, expect, test } from 'vitest';
import { type Card, plainText } from '../../cards/card.ts';
import type { CommandContext } from '../../commands/command.ts';
import { MissingArgument, parseLine, parseWords } from '../../commands/parse-args.ts';
import { peerCommand } from '../../commands/peer.ts';
import type { Services } from '../../commands/services.ts';
import { UserError } from '../../src/errors.ts';
import { emptyPeerReport } from '../../src/peer/empty-report.ts';
import type { PeerLookupRequest } from '../../src/peer/lookup-peer.ts';
import type { PeerReport } from '../../src/peer/report.ts';
import { peerReport } from '../cards/sample-reports.ts';

/** Services that only know peers; anything else is not asked of them. */
function contextOf(surface: 'chat' | 'terminal', report: PeerReport = peerReport()) {
  const asked: [string, Pick<PeerLookupRequest, 'domain'>][] = [];
  const shown: Card[] = [];
  const services: Partial<Services> = {
    async lookupPeer(target, { domain, onProgress }) {
      asked.push([target, domain === undefined ? {} : { domain }]);
      onProgress?.(emptyPeerReport(target, 'domain', '2026-11-20T12:00:00.000Z'));
      return report;
    },
    async refreshRanges() {
      const ranges = { date: '2026-12-01', source: 'https://endpoints.example/', ranges: ['40.92.0.0/15'] };
      return { ranges, added: ['40.92.0.0/15'], removed: [] };
    },
  };
  const context: CommandContext = {
    services: services as Services,
    files: [],
    signal: new AbortController().signal,
    progress: (card) => void shown.push(card),
    userId: 'u',
    audience: 'shared',
    surface,
    commands: [],
  };
  return { context, asked, shown };
}

const chat = { surface: 'chat', hasFiles: false } as const;

describe('/peer', () => {
  test.each([
    ['contoso.com', 'contoso.com', {}],
    ['kim@contoso.com', 'contoso.com', {}],
    ['[2001:db8::1]:25', '2001:db8::1', {}],
    ['mx1.contoso.com:587', 'mx1.contoso.com', {}],
    ['192.0.2.1 --domain Contoso.COM.', '192.0.2.1', { domain: 'contoso.com' }],
  ])('%s', async (line, target, more) => {
    const { context, asked, shown } = contextOf('chat');
    const outcome = await peerCommand.run(parseLine(peerCommand, line, chat), context);
    expect(asked).toEqual([[target, more]]);
    expect(shown).toMatchObject([{ kind: 'peer', state: 'running' }]);
    expect(outcome).toMatchObject({ card: { kind: 'peer' }, json: { target: 'contoso.example' }, exitStatus: 0 });
  });

  test('an error is an exit status of 1, a warning is not', async () => {
    const failing = peerReport({ findings: [{ severity: 'error', text: 'x' }] });
    const run = async (report: PeerReport) =>
      (await peerCommand.run(parseLine(peerCommand, 'a.com', chat), contextOf('chat', report).context)).exitStatus;
    expect(await run(failing)).toBe(1);
    expect(await run(peerReport({ findings: [{ severity: 'warning', text: 'x' }] }))).toBe(0);
  });

  test('without a target the form opens', () => {
    expect(() => parseLine(peerCommand, '', chat)).toThrow(MissingArgument);
    expect(() => parseLine(peerCommand, '--domain contoso.com', chat)).toThrow(MissingArgument);
  });

  test.each(['192.0.2.1', 'a b', 'nodot', '<!channel>', 'a..b', `${'a.'.repeat(200)}b`])(
    '--domain %j is refused',
    (domain) => {
      expect(() =>
        parseWords(peerCommand, ['192.0.2.1', '--domain', domain], { surface: 'terminal', hasFiles: false }),
      ).toThrow(UserError);
    },
  );

  test('the ranges are refreshed from the terminal only', async () => {
    const terminal = { surface: 'terminal', hasFiles: false } as const;
    const args = parseWords(peerCommand, ['--refresh-ranges'], terminal);
    const { card, json, exitStatus } = await peerCommand.run(args, contextOf('terminal').context);
    expect(plainText(card.title)).toBe("Exchange Online's ranges have changed: 1 added, 0 gone");
    expect(json).toMatchObject({ ranges: { date: '2026-12-01' } });
    expect(exitStatus).toBe(0);
    const inChat = peerCommand.run(parseLine(peerCommand, '--refresh-ranges', chat), contextOf('chat').context);
    await expect(inChat).rejects.toThrow(/terminal only/);
  });
});
