import { describe, expect, test } from 'vitest';
import { mailServer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber } from './harness.ts';

interface Turned {
  text: string;
  fault: string;
}

/** What Exchange, Postfix, postscreen, Gmail, Outlook.com and Yahoo say instead of serving us. */
const TURNED_AWAY: Turned[] = [
  { text: '421 4.3.2 Service not available', fault: 'ServerBusy busy recipient' },
  { text: '421 4.3.2 Service not available, closing transmission channel', fault: 'ServerBusy busy recipient' },
  {
    text: '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
    fault: 'ServerBusy too-many-connections sender',
  },
  {
    text: '421 4.3.2 The maximum number of concurrent server connections has exceeded a per-source limit, closing transmission channel',
    fault: 'ServerBusy too-many-connections sender',
  },
  { text: '421 4.4.2 Connection dropped due to ConnectionReset', fault: 'ServerBusy busy recipient' },
  { text: '421 4.4.2 Connection dropped due to SocketError', fault: 'ServerBusy busy recipient' },
  { text: '421 4.4.1 Connection timed out', fault: 'ServerBusy busy recipient' },
  {
    text: '421 4.4.2 Message submission rate for this client has exceeded the configured limit',
    fault: 'ServerBusy throttled sender',
  },
  {
    text: '421 4.7.0 mx.contoso.example Error: too many connections from 192.0.2.1',
    fault: 'ServerBusy too-many-connections sender',
  },
  {
    text: '421 Too many concurrent SMTP connections; please try again later.',
    fault: 'ServerBusy too-many-connections sender',
  },
  { text: '554 Too many connections', fault: 'ServerBusy too-many-connections sender' },
  { text: '421 mx.contoso.example cannot accept any more mail', fault: 'ServerBusy busy recipient' },
  { text: '450 4.3.2 Service currently unavailable', fault: 'ServerBusy busy recipient' },
  { text: '451 Temporary local problem - please try later', fault: 'ServerBusy busy recipient' },
  { text: '421', fault: 'ServerBusy busy recipient' },
  { text: '450 .', fault: 'ServerBusy busy recipient' },
  { text: '451 hm', fault: 'ServerBusy busy recipient' },
  {
    text: '421-4.7.0 unsolicited mail originating from your IP address.  To protect our\r\n421 4.7.0 users, mail has been temporarily rate limited. x1si - gsmtp',
    fault: 'ServerBusy throttled sender',
  },
  {
    text: '421 4.7.0 Try again later, closing connection. (CONNECT) a1-20020 - gsmtp',
    fault: 'ServerBusy busy recipient',
  },
  {
    text: '421 RP-001 (BAY0-MC1) Unfortunately, some messages from 192.0.2.1 were not sent. The mail server IP connecting to Outlook.com server has exceeded the rate limit allowed.',
    fault: 'ServerBusy throttled sender',
  },
  {
    text: "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
    fault: 'ReputationBlock listed-ip sender',
  },
  {
    text: '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1',
    fault: 'ServerBusy throttled sender',
  },
  {
    text: '521 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org',
    fault: 'ReputationBlock listed-ip sender',
  },
  {
    text: '550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org',
    fault: 'ReputationBlock listed-ip sender',
  },
  {
    text: '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.spamcop.net',
    fault: 'ReputationBlock listed-ip sender',
  },
  {
    text: "554-mx1.contoso.example\r\n554 Your access to this mail system has been rejected due to the sending MTA's poor reputation.",
    fault: 'ReputationBlock low-reputation sender',
  },
];

/** What is about our address only because it is said before we have said anything. */
const GREETINGS: Turned[] = [
  { text: '521 mx.contoso.example 192.0.2.1 blocked', fault: 'ReputationBlock ip-reputation sender' },
  { text: '550 Blocked', fault: 'ReputationBlock ip-reputation sender' },
  { text: '554 IP listed', fault: 'ReputationBlock ip-reputation sender' },
  { text: '554 5.7.1 Access denied', fault: 'ReputationBlock ip-reputation sender' },
  { text: '554 5.7.25 Client host rejected: cannot find your hostname', fault: 'PolicyRejected ptr-missing sender' },
  { text: '521 5.3.2 mx.contoso.example does not accept mail', fault: 'RecipientRejected null-mx recipient' },
  { text: '521', fault: 'RecipientRejected null-mx recipient' },
  { text: '554', fault: 'Unknown permanent unknown' },
  { text: '554 No SMTP service here', fault: 'Unknown permanent unknown' },
  { text: '554 5.7.1 No SMTP service here', fault: 'Unknown permanent unknown' },
  { text: '554 mx.contoso.example', fault: 'Unknown permanent unknown' },
  { text: '550', fault: 'Unknown permanent unknown' },
  { text: '500 what', fault: 'Unknown permanent unknown' },
];

const said = ({ errorType, cause, owner }: { errorType: string | null; cause: string | null; owner: string }): string =>
  `${errorType} ${cause} ${owner}`;

describe('a greeting that turns us away', () => {
  test.concurrent.each([...TURNED_AWAY, ...GREETINGS])('$text is $fault', async ({ text, fault }) => {
    const server = await startScriptedServer(mailServer({ banner: text }));
    const report = await probe(testProber(), requestFor(server.port));
    expect(said(report)).toBe(fault);
    expect(report).toMatchObject({ verdict: 'failed', stage: 'banner', attempts: [{ tls: { offered: null } }] });
    expect(report.attempts[0]?.banner).not.toBeNull();
    expect(server.received).toEqual(['QUIT']);
    await server.close();
  });
});

describe('EHLO whose name is minded', () => {
  test.each([
    '450 4.7.1 <probe.contoso.example>: Helo command rejected: Host not found',
    '504 5.5.2 <probe>: Helo command rejected: need fully-qualified hostname',
    '554 5.7.1 <probe.contoso.example>: Helo command rejected: Access denied',
    '554 5.7.1 Your HELO name is not acceptable',
    '550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)',
  ])('%s is about our name, not our address', async (text) => {
    const server = await startScriptedServer(mailServer({ replies: { EHLO: text, HELO: text } }));
    const report = await probe(testProber(), requestFor(server.port));
    expect(report).toMatchObject({ verdict: 'failed', stage: 'ehlo', errorType: 'ProtocolError', owner: 'sender' });
    await server.close();
  });
});

describe('EHLO that is answered so', () => {
  test.concurrent.each(TURNED_AWAY)('$text is $fault, and HELO is not tried', async ({ text, fault }) => {
    const server = await startScriptedServer(mailServer({ replies: { EHLO: text } }));
    const report = await probe(testProber(), requestFor(server.port));
    expect(said(report)).toBe(fault);
    expect(report).toMatchObject({ verdict: 'failed', stage: 'ehlo', attempts: [{ tls: { offered: null } }] });
    expect(server.received.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'QUIT']);
    await server.close();
  });

  const unknown = ['500 what', '502 5.5.1 not implemented', '501 5.5.4 Invalid', '504 no', '550 no'];
  test.concurrent.each(unknown)('%s: HELO is tried', async (text) => {
    const server = await startScriptedServer(mailServer({ replies: { EHLO: text } }));
    const report = await probe(testProber(), requestFor(server.port, { tls: 'off' }));
    expect(report.verdict).toBe('ok');
    expect(server.received[1]).toMatch(/^HELO /);
    await server.close();
  });

  test.concurrent.each([
    { text: '554 no', fault: 'Unknown permanent unknown' },
    { text: '550 5.7.1 Access denied, your IP is blocked', fault: 'ReputationBlock ip-reputation sender' },
  ])('$text: it is not', async ({ text, fault }) => {
    const server = await startScriptedServer(mailServer({ replies: { EHLO: text } }));
    const report = await probe(testProber(), requestFor(server.port, { tls: 'off' }));
    expect(report).toMatchObject({ verdict: 'failed', stage: 'ehlo' });
    expect(said(report)).toBe(fault);
    expect(server.received.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'QUIT']);
    await server.close();
  });
});
