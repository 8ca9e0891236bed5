import { describe, expect, test } from 'vitest';
import { searchFor } from '../../src/probe/verdict/search-lines.ts';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';
import { madeAttempt } from './made-attempts.ts';

const ID = 'mm0123456789';
const attempt = madeAttempt();
const greeted = [madeAttempt({ timingsMs: { ...attempt.timingsMs, ehlo: 3 } })];
const texts = (trace: Parameters<typeof searchFor>[0]) => searchFor(trace).lines.map(({ text }) => text);

describe('searchFor', () => {
  test('the id in the EHLO name is found in protocol logs', () => {
    expect(texts({ probeId: ID, helo: `${ID}.probe.contoso.example`, attempts: greeted, messageId: null })).toEqual([
      `Select-String -Path "$env:ExchangeInstallPath\\TransportRoles\\Logs\\FrontEnd\\ProtocolLog\\SmtpReceive\\*" -Pattern ${ID}`,
      `grep ${ID} /var/log/mail.log`,
      `grep ${ID} /var/log/exim4/mainlog`,
    ]);
  });

  test('a message is found by its id, in traces too', () => {
    const messageId = `<${ID}@probe.contoso.example>`;
    const search = searchFor({ probeId: ID, helo: 'probe.contoso.example', attempts: greeted, messageId });
    expect(search).toMatchObject({ messageId, subject: `mailmedic probe ${ID}` });
    expect(search.lines.map(({ text }) => text)).toEqual([
      expect.stringContaining(`-Pattern ${ID}`),
      `grep ${ID} /var/log/mail.log`,
      `grep ${ID} /var/log/exim4/mainlog`,
      `Get-MessageTraceV2 -MessageId "${messageId}"`,
      `Get-MessageTrackingLog -MessageId "${messageId}"`,
    ]);
  });

  test.each([
    ['nothing was said', `${ID}.h.example`, [attempt]],
    ['somebody chose the EHLO name', 'probe.contoso.example', greeted],
    ['nothing was tried', `${ID}.h.example`, []],
  ])('offers nothing where %s', (_, helo, attempts) => {
    expect(searchFor({ probeId: ID, helo, attempts, messageId: null })).toEqual({
      helo,
      messageId: null,
      subject: null,
      lines: [],
    });
  });

  test.each(['<mm01@"$(reboot)">', '<mm01@h`id`>', '<mm01@h.example> -Force', "<mm01@h';x>"])(
    'never puts %s into a command',
    (messageId) => {
      expect(texts({ probeId: ID, helo: 'h.example', attempts: greeted, messageId }).join()).not.toContain('MessageId');
    },
  );
});

describe('a probe', () => {
  test('can be found by what it really sent', async () => {
    const messages: string[] = [];
    const server = await startScriptedServer(mailServer({ onMessage: (message) => messages.push(message) }));
    const mailbox = 'monitor@contoso.example';
    const prober = testProber({ config: testConfig({}, { MAILMEDIC_MAILBOXES: mailbox }) });
    const request = requestFor(server.port, { tls: 'off', depth: 'submit', to: mailbox });
    const { search, probeId } = await probe(prober, request);
    expect(messages[0]).toContain(`Message-ID: ${search.messageId}`);
    expect(messages[0]).toContain(`Subject: ${search.subject}`);
    expect(server.received[0]).toBe(`EHLO ${search.helo}`);
    expect(search.helo).toContain(probeId);
    expect(search.lines).toHaveLength(5);
    const shallow = await probe(prober, requestFor(server.port, { depth: 'connect' }));
    expect(shallow.search).toMatchObject({ messageId: null, lines: [] });
    await server.close();
  });
});
