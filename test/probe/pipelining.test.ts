import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeReport } from '../../src/probe/report.ts';
import { mailServer, type Script, type ScriptedPeer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { probe, requestFor, testConfig, testProber } from './harness.ts';
import { transactionCases } from './hostile-cases.ts';

const STAGE_S = 0.4;
const BOTH = ['auto', 'off'] as const;
const prober = testProber({ config: testConfig({ stageTimeoutS: STAGE_S, greylistWaitS: 0 }) });

/** What a report says of the peer. */
function fault({ verdict, errorType, cause, stage }: ProbeReport): string {
  return `${verdict} ${errorType} ${cause} ${stage}`;
}

const EHLO = '250-mx.contoso.example\r\n250 PIPELINING\r\n';

/** Handles each packet as one command: what is sent together with it is lost, or answered with `together`. */
function onePerPacket(together?: (peer: ScriptedPeer) => void): Script {
  return (peer) => {
    peer.send('220 mx.contoso.example ESMTP\r\n');
    peer.socket.removeAllListeners('data');
    peer.socket.on('data', (data: Buffer) => {
      const lines = data.toString('latin1').split('\r\n').slice(0, -1);
      if (lines.length > 1 && together !== undefined) return together(peer);
      peer.send(lines[0]?.startsWith('EHLO') ? EHLO : '250 OK\r\n');
    });
  };
}

/** Answers each verb with these bytes in one packet, the usual otherwise. */
function answering(replies: Record<string, string>, pauseMs = 0): Script {
  return async (peer) => {
    peer.send('220 mx.contoso.example ESMTP\r\n');
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      const verb = line.split(/[ :]/, 1)[0] ?? '';
      if (pauseMs > 0 && verb !== 'EHLO') await new Promise((resolve) => setTimeout(resolve, pauseMs));
      peer.send(verb === 'EHLO' ? EHLO : (replies[verb] ?? '250 OK\r\n'));
      if (replies[verb]?.startsWith('421') === true) return peer.end();
    }
  };
}

describe('MAIL and RCPT together (RFC 2920)', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));

  const offers = [
    { offered: ['PIPELINING'], pipelining: 'auto', packets: 1 },
    { offered: ['PIPELINING'], pipelining: 'off', packets: 2 },
    { offered: ['SIZE'], pipelining: 'auto', packets: 2 },
  ] as const;
  test.each(offers)('$offered, asked $pipelining: $packets packets', async ({ offered, pipelining, packets }) => {
    const seen: string[] = [];
    const server = await startScriptedServer((peer) => {
      peer.socket.on('data', (data: Buffer) => seen.push(data.toString('latin1')));
      return mailServer({ capabilities: [...offered] })(peer);
    });
    const report = await probe(testProber(), requestFor(server.port, { tls: 'off', pipelining }));
    expect(report.verdict).toBe('ok');
    expect(seen.filter((packet) => /MAIL|RCPT/.test(packet))).toHaveLength(packets);
    expect(report.attempts[0]?.replies.map(({ stage }) => stage)).toEqual([
      'banner',
      'ehlo',
      'mail',
      'rcpt',
      'quit',
      'quit',
    ]);
    await server.close();
  });

  describe.each(BOTH)('pipelining %s', (pipelining) => {
    test.concurrent.each(transactionCases(['PIPELINING']))('$name is $errorType $cause at $stage', async (hostile) => {
      const server = await startScriptedServer(hostile.script);
      const report = await probe(prober, requestFor(server.port, { tls: 'off', pipelining }));
      expect(fault(report)).toBe(`failed ${hostile.errorType} ${hostile.cause} ${hostile.stage}`);
      await server.close();
      expect(unhandled).toEqual([]);
    });

    const cases: { name: string; script: Script; says: string }[] = [
      {
        name: 'a server that overlooks what comes together',
        script: onePerPacket(),
        says: 'ok null null null',
      },
      {
        name: 'a server that hangs up on commands sent together',
        script: onePerPacket((peer) => peer.end()),
        says: 'ok null null null',
      },
      {
        name: 'one answer to two commands, then silence',
        script: onePerPacket((peer) => peer.send('250 OK\r\n')),
        says: 'ok null null null',
      },
      {
        name: 'MAIL answered twice, then RCPT refused',
        script: answering({ MAIL: '250 OK\r\n250 again\r\n', RCPT: '550 5.1.1 no such user\r\n' }),
        says: 'failed RecipientRejected unknown rcpt',
      },
      {
        name: 'MAIL answered twice, RCPT taken',
        script: answering({ MAIL: '250 OK\r\n250 again\r\n' }),
        says: 'ok null null null',
      },
      {
        name: 'RCPT answered twice',
        script: answering({ RCPT: '250 OK\r\n250 again\r\n' }),
        says: 'ok null null null',
      },
      {
        name: 'MAIL refused, RCPT out of place',
        script: answering({ MAIL: '550 5.7.1 no\r\n', RCPT: '503 5.5.1 need MAIL\r\n' }),
        says: 'failed PolicyRejected policy mail',
      },
      {
        name: 'MAIL taken, RCPT refused',
        script: answering({ RCPT: '550 5.1.1 no such user\r\n' }),
        says: 'failed RecipientRejected unknown rcpt',
      },
      {
        name: 'replies of several lines, slowly',
        script: answering(
          { MAIL: '250-one\r\n250 two\r\n', RCPT: '452-4.5.3\r\n452 4.5.3 Too many recipients\r\n' },
          60,
        ),
        says: 'failed ServerBusy too-many-recipients rcpt',
      },
      {
        name: '421 to MAIL, then FIN',
        script: answering({ MAIL: '421 4.3.2 shutting down\r\n' }),
        says: 'failed ServerBusy busy mail',
      },
      {
        name: '421 after the answer to MAIL, then FIN',
        script: async (peer) => {
          peer.send('220 mx ESMTP\r\n');
          for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
            if (!line.startsWith('MAIL')) peer.send(EHLO);
            else {
              peer.send('250 OK\r\n421 4.3.2 Service not available, shutting down\r\n');
              return peer.end();
            }
          }
        },
        says: 'failed ServerBusy busy rcpt',
      },
      {
        name: '354 to RCPT',
        script: answering({ RCPT: '354 go on\r\n' }),
        says: 'failed ProtocolError protocol rcpt',
      },
    ];
    test.concurrent.each(cases)('$name: $says', async ({ script, says }) => {
      const server = await startScriptedServer(script);
      const began = performance.now();
      const report = await probe(prober, requestFor(server.port, { tls: 'off', pipelining }));
      expect(fault(report)).toBe(says);
      // Two conversations with a stage that hangs each, and the polite end.
      expect(performance.now() - began).toBeLessThan(2 * STAGE_S * 1000 + 3000);
      await server.close();
      expect(unhandled).toEqual([]);
    });
  });

  test('a server that cannot do what it offers is noted, not blamed', async () => {
    const server = await startScriptedServer(onePerPacket((peer) => peer.end()));
    const report = await probe(prober, requestFor(server.port, { tls: 'off' }));
    expect(report.verdict).toBe('ok');
    expect(report.attempts[0]?.notes).toEqual([expect.stringMatching(/PIPELINING but goes wrong/)]);
    await server.close();
  });

  test('a message is not sent a second time because replies are miscounted', async () => {
    const messages: string[] = [];
    const config = testConfig({ stageTimeoutS: STAGE_S }, { MAILMEDIC_MAILBOXES: 'monitor@contoso.example' });
    const server = await startScriptedServer(
      mailServer({ capabilities: ['PIPELINING'], replies: { QUIT: '500 what' }, onMessage: (m) => messages.push(m) }),
    );
    const request = requestFor(server.port, { tls: 'off', depth: 'submit', to: 'monitor@contoso.example' });
    expect((await probe(testProber({ config }), request)).verdict).toBe('ok');
    expect(messages).toHaveLength(1);
    await server.close();
  });

  test('any replies give the same answer both ways', async () => {
    const reply = fc.constantFrom(
      '250 OK',
      '250-a\r\n250 b',
      '550 5.1.1 no such user',
      '451 4.3.2 busy',
      '354 go',
      '503 5.5.1 order',
    );
    const behaviour = fc.record({ MAIL: reply, RCPT: reply, RSET: fc.constantFrom('250 OK', '500 what') });
    await fc.assert(
      fc.asyncProperty(behaviour, async (replies) => {
        const script = answering(
          Object.fromEntries(Object.entries(replies).map(([verb, text]) => [verb, `${text}\r\n`])),
        );
        const server = await startScriptedServer(script);
        const [one, other] = await Promise.all(
          BOTH.map((pipelining) => probe(prober, requestFor(server.port, { tls: 'off', pipelining }))),
        );
        await server.close();
        expect(one === undefined ? '' : fault(one)).toBe(other === undefined ? 'none' : fault(other));
      }),
      { numRuns: 60 },
    );
  });
});
