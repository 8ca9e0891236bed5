import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, replyWords } from '../../src/probe/session/smtp-reply.ts';
import { createAuthority } from '../support/certificates.ts';
import { mailServer, type Script, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testProber } from './harness.ts';

async function summaryOf(script: Script): Promise<string> {
  const server = await startScriptedServer(script);
  try {
    return (await probe(testProber(), requestFor(server.port))).summary;
  } finally {
    await server.close();
  }
}

describe('what a peer says cannot steer the terminal of whoever reads the summary', () => {
  test('a line that is no reply, with DEL and C1 controls', async () => {
    const summary = await summaryOf((peer) => peer.send('\x7f\x9b2J220 hello\r\n'));
    expect(summary).toContain('not an SMTP reply: "\ufffd\ufffd2J220 hello"');
  });

  test('a reply with escape sequences', async () => {
    const summary = await summaryOf(mailServer({ replies: { MAIL: '354 \x1b[2J\x9b\0gone' } }));
    expect(summary).toContain('\ufffd[2J\ufffd\ufffdgone');
    expect(summary).not.toMatch(/\p{Cc}/u);
  });

  test('the name of an authority', async () => {
    const identity = await (await createAuthority('\x1b[2J\x9bRoot')).issue({ names: ['mx1.contoso.example'] });
    const summary = await summaryOf(mailServer({ identity }));
    expect(summary).toContain('(\ufffd[2J\ufffdRoot)');
  });

  test('any reply', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/\p{Cc}/u);
        expect(printable(text)).toHaveLength(text.length);
        expect(replyWords({ code: 550, lines: [`550 ${text}`] })).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
