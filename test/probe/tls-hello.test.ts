import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retiredSuite } from '../../src/probe/tls/cipher-suites.ts';
import { clientHello, readServerFlight } from '../../src/probe/tls/tls-hello.ts';
import { type Script, type ScriptedPeer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { until } from '../support/until.ts';
import { probe, requestFor, testProber } from './harness.ts';
import { certificateMessage, record, serverHello } from './tls-bytes.ts';

describe('the answer to a hello', () => {
  const hello = serverHello(0x0303, 0x0005);
  const certificates = certificateMessage([Buffer.from('one'), Buffer.from('two')]);
  const expected = {
    state: 'flight',
    flight: { version: 0x0303, cipher: 5, certificates: [Buffer.from('one'), Buffer.from('two')] },
  };

  test('is read however it is cut', () => {
    const whole = Buffer.concat([record(22, hello), record(22, certificates)]);
    const joined = record(22, Buffer.concat([hello, certificates]));
    const split = Buffer.concat([
      record(22, hello.subarray(0, 10)),
      record(22, hello.subarray(10)),
      record(22, certificates),
    ]);
    for (const bytes of [whole, joined, split]) {
      expect(readServerFlight(bytes)).toEqual(expected);
      for (let at = 0; at < bytes.length; at += 1) {
        expect(readServerFlight(bytes.subarray(0, at)).state).toBe('more');
      }
    }
  });

  test('without certificates ends with what follows them', () => {
    const done = Buffer.from([14, 0, 0, 0]);
    expect(readServerFlight(record(22, Buffer.concat([hello, done])))).toEqual({
      state: 'flight',
      flight: { version: 0x0303, cipher: 5, certificates: [] },
    });
  });

  test.each([
    ['an alert', record(21, Buffer.from([2, 40])), { state: 'alert', code: 40 }],
    ['plain text', Buffer.from('500 what?\r\n'), { state: 'broken' }],
    [
      'endless records',
      Buffer.concat(Array.from({ length: 5 }, () => record(22, Buffer.alloc(16_000)))),
      { state: 'broken' },
    ],
  ])('%s', (_, bytes, reading) => {
    expect(readServerFlight(bytes)).toEqual(reading);
  });

  test('may be any bytes', () => {
    const nearly = fc
      .tuple(fc.constantFrom(21, 22, 23), fc.uint8Array({ maxLength: 300 }))
      .map(([type, body]) => record(type, Buffer.from(body)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), nearly), (bytes) => {
        expect(['more', 'flight', 'alert', 'broken']).toContain(readServerFlight(Buffer.from(bytes)).state);
      }),
    );
  });

  test('may be any handshake message', () => {
    fc.assert(
      fc.property(fc.constantFrom(2, 11, 12), fc.uint8Array({ maxLength: 120 }), (type, body) => {
        const message = Buffer.concat([
          Buffer.from([type, 0, body.length >> 8, body.length & 0xff]),
          Buffer.from(body),
        ]);
        expect(['more', 'flight']).toContain(readServerFlight(record(22, Buffer.concat([hello, message]))).state);
      }),
    );
  });
});

test('our hello is one record that names the host and the suites', () => {
  const bytes = clientHello([0x0005, 0x000a], 'mx1.contoso.example');
  expect(bytes.readUInt16BE(3)).toBe(bytes.length - 5);
  expect(bytes.includes(Buffer.from([0, 4, 0x00, 0x05, 0x00, 0x0a]))).toBe(true);
  expect(bytes.includes('mx1.contoso.example')).toBe(true);
});

/** A server that takes one suite only, and only TLS before 1.3: the hello is read for it, anything else is refused. */
function onlySuite(version: number, suite: number): Script {
  return async (peer: ScriptedPeer) => {
    peer.send('220 mx1\r\n');
    await peer.line();
    peer.send('250-mx1\r\n250 STARTTLS\r\n');
    await peer.line();
    peer.socket.removeAllListeners('data');
    peer.socket.once('data', (hello: Buffer) => {
      const offered = offeredSuites(hello);
      if (offered.includes(suite)) {
        peer.send(Buffer.concat([record(22, serverHello(version, suite)), record(22, certificateMessage([]))]));
      } else {
        peer.send(record(21, Buffer.from([2, 40])));
        peer.end();
      }
    });
    peer.send('220 go ahead\r\n');
  };
}

function offeredSuites(hello: Buffer): number[] {
  const at = 5 + 4 + 2 + 32 + 1 + (hello[43] ?? 0);
  const length = hello.readUInt16BE(at);
  return Array.from({ length: length / 2 }, (_, index) => hello.readUInt16BE(at + 2 + 2 * index));
}

describe('a server that takes only what OpenSSL has forgotten', () => {
  const cases: { version: number; suite: number; cause: string; words: string }[] = [
    { version: 0x0303, suite: 0x0005, cause: 'cipher', words: 'takes only RC4 (TLS_RSA_WITH_RC4_128_SHA)' },
    { version: 0x0301, suite: 0x000a, cause: 'cipher', words: 'takes only 3DES (TLS_RSA_WITH_3DES_EDE_CBC_SHA)' },
    { version: 0x0301, suite: 0x0003, cause: 'cipher', words: 'takes only export ciphers' },
    { version: 0x0303, suite: 0x0002, cause: 'cipher', words: 'takes only ciphers that do not encrypt' },
    { version: 0x0300, suite: 0x0005, cause: 'protocol-version', words: 'speaks only SSL 3.0' },
  ];
  test.each(cases)('$words', async ({ version, suite, cause, words }) => {
    const server = await startScriptedServer(onlySuite(version, suite));
    const report = await probe(testProber(), requestFor(server.port, { depth: 'tls' }));
    expect(report).toMatchObject({ verdict: 'degraded', errorType: 'TlsHandshakeFailure', cause, stage: 'tls' });
    expect(report.summary).toContain(words);
    await until('the connections to close', () => (server.open === 0 ? true : undefined));
    await server.close();
  });

  test('a suite that nobody knows stays what it was', async () => {
    expect(retiredSuite(0x1301)).toBeUndefined();
    const server = await startScriptedServer(onlySuite(0x0303, 0x1399));
    const report = await probe(testProber(), requestFor(server.port, { depth: 'tls' }));
    expect(report.summary).toContain('no cipher in common');
    await server.close();
  });
});
