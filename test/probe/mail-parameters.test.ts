import { describe, expect, test } from 'vitest';
import { envelopeParameters } from '../../src/probe/attempt/envelope.ts';
import type { ProbeRequest } from '../../src/probe/request.ts';
import { mailServer, type Script, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';

const MAILBOX = 'monitor@contoso.example';
const config = testConfig({ stageTimeoutS: 0.5 }, { MAILMEDIC_MAILBOXES: MAILBOX });

async function submitTo(script: Script, overrides: Partial<ProbeRequest> = {}) {
  const server = await startScriptedServer(script);
  const request = requestFor(server.port, { tls: 'off', depth: 'submit', to: MAILBOX, ...overrides });
  const report = await probe(testProber({ config }), request);
  await server.close();
  return { report, received: server.received.filter((line) => /^(?:MAIL|RCPT|DATA|BDAT)/.test(line)) };
}

test.each([
  { offered: ['SIZE 1000', 'DSN'], bytes: 700, mail: ' SIZE=700 RET=HDRS', rcpt: ' NOTIFY=NEVER' },
  { offered: ['size'], bytes: 700, mail: ' SIZE=700', rcpt: '' },
  { offered: ['DSN'], bytes: 700, mail: ' RET=HDRS', rcpt: ' NOTIFY=NEVER' },
  { offered: ['SIZE 1000', 'DSN'], bytes: undefined, mail: '', rcpt: '' },
  { offered: [], bytes: 700, mail: '', rcpt: '' },
])('$offered for $bytes bytes', ({ offered, bytes, mail, rcpt }) => {
  expect(envelopeParameters(offered, bytes)).toEqual({ mail, rcpt });
});

/** Refuses every line of the verb that carries something behind the address. */
function refusing(verb: string, text: string, capabilities: string[]): Script {
  const plain = mailServer({ capabilities });
  return async (peer) => {
    const line = peer.line.bind(peer);
    peer.line = async () => {
      for (;;) {
        const next = await line();
        if (next === undefined || !next.startsWith(verb) || !/> /.test(next)) return next;
        peer.send(`${text}\r\n`);
        // What comes with a refused MAIL is out of place.
        if (verb === 'MAIL' && capabilities.includes('PIPELINING')) {
          await line();
          peer.send('503 5.5.1 need MAIL\r\n');
        }
      }
    };
    await plain(peer);
  };
}

describe('parameters of MAIL and RCPT', () => {
  test('the size is that of the message, and no DSN is wanted', async () => {
    const messages: string[] = [];
    const capabilities = ['SIZE 10000', 'DSN', 'PIPELINING'];
    const { report, received } = await submitTo(mailServer({ capabilities, onMessage: (m) => messages.push(m) }));
    expect(report.verdict).toBe('ok');
    expect(received).toEqual([
      `MAIL FROM:<> SIZE=${messages[0]?.length} RET=HDRS`,
      `RCPT TO:<${MAILBOX}> NOTIFY=NEVER`,
      'DATA',
    ]);
  });

  const refusals = ['MAIL', 'RCPT'].flatMap((verb) =>
    ['555 5.5.4 Unsupported option', '501 5.5.4 Syntax', '504 5.5.4 not implemented'].flatMap((text) =>
      [
        ['SIZE', 'DSN'],
        ['SIZE', 'DSN', 'PIPELINING'],
      ].map((offered) => ({ verb, text, offered })),
    ),
  );
  test.concurrent.each(refusals)(
    '$verb $text, offered $offered: once more without',
    async ({ verb, text, offered }) => {
      const { report, received } = await submitTo(refusing(verb, text, offered));
      expect(report.verdict).toBe('ok');
      expect(report.attempts[0]?.notes.join()).toMatch(
        new RegExp(
          `^The server refuses .* at ${verb} \\(${text.slice(0, 3)}\\) although it offers it; asked again without.$`,
        ),
      );
      expect(received.filter((line) => line.startsWith(verb)).at(-1)).toMatch(/>$/);
    },
  );

  test('a 501 that is about the address stays one', async () => {
    const { report } = await submitTo(
      mailServer({ capabilities: ['DSN'], replies: { RCPT: '501 5.1.3 Bad recipient address syntax' } }),
    );
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'RecipientRejected',
      stage: 'rcpt',
      attempts: [{ notes: [] }],
    });
  });

  test('a message larger than the server takes is not sent', async () => {
    const { report, received } = await submitTo(mailServer({ capabilities: ['SIZE 100'] }));
    expect(report).toMatchObject({
      verdict: 'failed',
      errorType: 'MessageTooLarge',
      cause: 'size-limit',
      stage: 'mail',
      attempts: [{ timingsMs: { mail: null } }],
    });
    expect(report.search.messageId).toBeNull();
    expect(received).toEqual([]);
  });

  test.each(['SIZE', 'SIZE 0', 'SIZE many'])('%s sets no maximum', async (size) => {
    const { report } = await submitTo(mailServer({ capabilities: [size] }));
    expect(report.verdict).toBe('ok');
  });
});

describe('the id of the probe', () => {
  test('stands in Message-ID and subject also when the EHLO name is chosen, even as a bare address', async () => {
    const messages: string[] = [];
    const script = mailServer({ onMessage: (m) => messages.push(m) });
    const { report } = await submitTo(script, { helo: '2001:db8::25' });
    expect(report.search).toMatchObject({
      helo: '[IPv6:2001:db8::25]',
      messageId: `<${report.probeId}@[IPv6:2001:db8::25]>`,
      subject: `mailmedic probe ${report.probeId}`,
    });
    expect(messages[0]).toContain(`Message-ID: ${report.search.messageId}\r\n`);
    expect(messages[0]).toContain(`Subject: ${report.search.subject}\r\n`);
  });

  test('is in no message where none was sent', async () => {
    const { report } = await submitTo(mailServer({ replies: { DATA: '554 5.7.1 no' } }));
    expect(report).toMatchObject({ verdict: 'failed', stage: 'data', search: { messageId: null, subject: null } });
  });
});
