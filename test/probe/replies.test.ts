import { describe, expect, test } from 'vitest';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber } from './harness.ts';

describe('a refusing reply', () => {
  const cases = [
    {
      at: 'banner',
      text: '421 4.3.2 Service not available, closing transmission channel',
      errorType: 'ServerBusy',
      stage: 'banner',
    },
    {
      at: 'banner',
      text: '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
      errorType: 'ReputationBlock',
      stage: 'banner',
    },
    { at: 'EHLO', text: '421 4.7.0 Too many connections', errorType: 'ServerBusy', stage: 'ehlo' },
    {
      at: 'MAIL',
      text: '451 4.7.500 Server busy. Please try again later from [192.0.2.1].',
      errorType: 'ServerBusy',
      stage: 'mail',
    },
    {
      at: 'RCPT',
      text: '550 5.1.1 <postmaster>: Recipient address rejected: User unknown',
      errorType: 'RecipientRejected',
      stage: 'rcpt',
    },
    { at: 'RCPT', text: '552 5.2.2 Mailbox full', errorType: 'MailboxFull', stage: 'rcpt' },
    { at: 'RCPT', text: '599 hm', errorType: 'ProtocolError', stage: 'rcpt' },
    { at: 'RCPT', text: '421 xyzzy', errorType: 'ServerBusy', stage: 'rcpt' },
  ];
  test.concurrent.each(cases)('$text is $errorType at $stage', async ({ at, text, errorType, stage }) => {
    const server = await startScriptedServer(
      mailServer(at === 'banner' ? { banner: text } : { replies: { [at]: text } }),
    );
    const report = await probe(testProber(), requestFor(server.port, { tls: 'off' }));
    expect(report).toMatchObject({ verdict: 'failed', errorType, stage });
    expect(report.attempts[0]?.tls.protocol).toBeNull();
    if (errorType !== 'ProtocolError') {
      expect(report.attempts[0]?.lastReply?.code).toBe(text.slice(0, 3));
      expect(server.received.at(-1)).toBe('QUIT');
    }
    await server.close();
  });
});

test('a 421 that nobody asked for says why the connection ends', async () => {
  const server = await startScriptedServer(async (peer) => {
    peer.send('220 mx.contoso.example ESMTP\r\n');
    await peer.line();
    peer.send('250 mx.contoso.example\r\n421 4.3.2 Service not available, shutting down\r\n');
    peer.end();
  });
  const report = await probe(testProber(), requestFor(server.port, { tls: 'off' }));
  expect(report).toMatchObject({
    verdict: 'failed',
    errorType: 'ServerBusy',
    stage: 'mail',
    attempts: [{ lastReply: { code: '421', enhanced: '4.3.2' }, notes: [] }],
  });
  await server.close();
});
