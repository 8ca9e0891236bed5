import type { Script } from '../support/hostile-smtp-server.ts';
import { mailServer } from '../support/hostile-smtp-server.ts';

/** One way to misbehave and what the probe must say of it. */
export interface HostileCase {
  name: string;
  script: Script;
  errorType: string;
  cause: string;
  stage: string;
  verdict?: 'failed' | 'degraded';
}

const BANNER = '220 mx.contoso.example ESMTP\r\n';
const EHLO_TLS = '250-mx.contoso.example\r\n250 STARTTLS\r\n';

/** Greets, answers EHLO, takes STARTTLS, then does what it is told in place of a handshake. */
function afterStartTls(then: Script, reply = '220 go ahead\r\n'): Script {
  return async (peer) => {
    peer.send(BANNER);
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      if (line.startsWith('EHLO')) peer.send(EHLO_TLS);
      else if (line === 'STARTTLS') {
        peer.send(reply);
        // A client hello is binary, but some line end in it (or the client's leaving) wakes the script.
        return then(peer);
      } else peer.send('250 OK\r\n');
    }
  };
}

/** Greets, offers STARTTLS and does what it is told when it is asked for; without it everything is fine. */
function insteadOfStartTls(then: Script): Script {
  return async (peer) => {
    peer.send(BANNER);
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      if (line === 'STARTTLS') return then(peer);
      peer.send(line.startsWith('EHLO') ? EHLO_TLS : '250 OK\r\n');
    }
  };
}

/** Behaves until the verb, then does what it is told. */
function atVerb(verb: string, then: Script, offered: readonly string[] = []): Script {
  const ehlo = ['mx.contoso.example', ...offered].map((line, at) => `250${at < offered.length ? '-' : ' '}${line}\r\n`);
  return async (peer) => {
    peer.send(BANNER);
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      if (line.toUpperCase().startsWith(verb)) return then(peer);
      peer.send(line.startsWith('EHLO') ? ehlo.join('') : '250 OK\r\n');
    }
  };
}

/** Sends as long as the client listens. */
function endlessly(bytes: string, first = ''): Script {
  return async (peer) => {
    peer.send(first);
    while (!peer.socket.destroyed) {
      if (!peer.socket.write(bytes))
        await new Promise((resolve) => peer.socket.once('drain', resolve).once('close', resolve));
      else await new Promise((resolve) => setImmediate(resolve));
    }
  };
}

/** A byte now and then: every read succeeds, nothing ever completes. */
function slowly(bytes: string, everyMs = 50): Script {
  return (peer) => {
    const timer = setInterval(() => (peer.socket.destroyed ? clearInterval(timer) : peer.send(bytes)), everyMs);
    peer.socket.on('close', () => clearInterval(timer));
  };
}

const nothing: Script = () => undefined;

/** What can go wrong with MAIL and RCPT; with PIPELINING among the capabilities they arrive together. */
export function transactionCases(offered: readonly string[]): HostileCase[] {
  return [
    {
      name: 'hangs at MAIL',
      script: atVerb('MAIL', nothing, offered),
      errorType: 'ProbeTimeout',
      cause: 'mail',
      stage: 'mail',
    },
    {
      name: 'hangs at RCPT',
      script: atVerb('RCPT', nothing, offered),
      errorType: 'ProbeTimeout',
      cause: 'rcpt',
      stage: 'rcpt',
    },
    {
      name: 'RST at MAIL',
      script: atVerb('MAIL', (peer) => peer.reset(), offered),
      errorType: 'ConnectionLost',
      cause: 'reset',
      stage: 'mail',
    },
    {
      name: 'RST at RCPT',
      script: atVerb('RCPT', (peer) => peer.reset(), offered),
      errorType: 'ConnectionLost',
      cause: 'reset',
      stage: 'rcpt',
    },
    {
      name: 'FIN at RCPT',
      script: atVerb('RCPT', (peer) => peer.end(), offered),
      errorType: 'ConnectionLost',
      cause: 'closed-by-peer',
      stage: 'rcpt',
    },
    {
      name: 'garbage at RCPT',
      script: atVerb('RCPT', (peer) => peer.send('\x00\x01\x02\r\n'), offered),
      errorType: 'ProtocolError',
      cause: 'malformed-reply',
      stage: 'rcpt',
    },
    {
      name: 'refuses MAIL and is gone',
      script: atVerb(
        'MAIL',
        (peer) => {
          peer.send('550 5.7.1 no\r\n');
          peer.end();
        },
        offered,
      ),
      errorType: 'PolicyRejected',
      cause: 'policy',
      stage: 'mail',
    },
    {
      name: 'half a reply to RCPT, then FIN',
      script: atVerb(
        'RCPT',
        (peer) => {
          peer.send('250-half');
          peer.end();
        },
        offered,
      ),
      errorType: 'ConnectionLost',
      cause: 'closed-by-peer',
      stage: 'rcpt',
    },
  ];
}

/** The hostile cases of the smtp-client study, each with the fault that names it. */
export const HOSTILE_CASES: HostileCase[] = [
  { name: 'silent after connect', script: nothing, errorType: 'ProbeTimeout', cause: 'banner', stage: 'banner' },
  {
    name: 'RST before the banner',
    script: (peer) => peer.reset(),
    errorType: 'ConnectionLost',
    cause: 'reset',
    stage: 'banner',
  },
  {
    name: 'FIN before the banner',
    script: (peer) => peer.end(),
    errorType: 'ConnectionLost',
    cause: 'closed-by-peer',
    stage: 'banner',
  },
  {
    name: 'half a banner, then FIN',
    script: (peer) => {
      peer.send('220 mx');
      peer.end();
    },
    errorType: 'ConnectionLost',
    cause: 'closed-by-peer',
    stage: 'banner',
  },
  {
    name: 'banner drips byte by byte',
    script: slowly('2'),
    errorType: 'ProbeTimeout',
    cause: 'banner',
    stage: 'banner',
  },
  {
    name: 'continuation lines drip',
    script: slowly('220-wait\r\n'),
    errorType: 'ProbeTimeout',
    cause: 'banner',
    stage: 'banner',
  },
  {
    name: 'endless continuation lines',
    script: endlessly('220-more to come\r\n'.repeat(50)),
    errorType: 'ProtocolError',
    cause: 'reply-too-long',
    stage: 'banner',
  },
  {
    name: 'endless line',
    script: endlessly('x'.repeat(1000), '220 '),
    errorType: 'ProtocolError',
    cause: 'reply-too-long',
    stage: 'banner',
  },
  {
    name: 'endless EHLO answer',
    script: atVerb('EHLO', endlessly('250-X-CAPABILITY of no use\r\n'.repeat(50))),
    errorType: 'ProtocolError',
    cause: 'reply-too-long',
    stage: 'ehlo',
  },
  {
    name: 'binary garbage',
    script: (peer) => peer.send(Buffer.from([0, 255, 1, 254, 10, 13, 10])),
    errorType: 'ProtocolError',
    cause: 'malformed-reply',
    stage: 'banner',
  },
  {
    name: 'HTTP server',
    script: (peer) => peer.send('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
    errorType: 'ProtocolError',
    cause: 'malformed-reply',
    stage: 'banner',
  },
  {
    name: 'SSH server',
    script: (peer) => peer.send('SSH-2.0-OpenSSH_9.9\r\n'),
    errorType: 'ProtocolError',
    cause: 'malformed-reply',
    stage: 'banner',
  },
  {
    name: 'reply code out of range',
    script: (peer) => peer.send('999 hello\r\n'),
    errorType: 'ProtocolError',
    cause: 'malformed-reply',
    stage: 'banner',
  },
  {
    name: 'banner mangled by a firewall',
    script: mailServer({ banner: '220 **********************************' }),
    errorType: 'ProtocolError',
    cause: 'banner-mangled',
    stage: 'banner',
    verdict: 'degraded',
  },
  {
    name: 'capability masked by a firewall',
    script: mailServer({ capabilities: ['SIZE', 'XXXXXXXA'] }),
    errorType: 'ProtocolError',
    cause: 'capability-masked',
    stage: 'ehlo',
    verdict: 'degraded',
  },
  {
    name: 'STARTTLS not offered',
    script: mailServer(),
    errorType: 'TlsNotOffered',
    cause: 'starttls-missing',
    stage: 'starttls',
    verdict: 'degraded',
  },
  {
    name: 'STARTTLS refused',
    script: mailServer({ capabilities: ['STARTTLS'], replies: { STARTTLS: '454 4.7.0 TLS not available' } }),
    errorType: 'TlsNotOffered',
    cause: 'starttls-refused',
    stage: 'starttls',
    verdict: 'degraded',
  },
  {
    name: 'plain text glued to the STARTTLS reply',
    script: afterStartTls(nothing, '220 go ahead\r\n250-PLAINTEXTPREFIX'),
    errorType: 'ProtocolError',
    cause: 'starttls-injection',
    stage: 'starttls',
  },
  {
    name: 'whole reply glued to the STARTTLS reply',
    script: afterStartTls(nothing, '220 go ahead\r\n250 injected\r\n'),
    errorType: 'ProtocolError',
    cause: 'starttls-injection',
    stage: 'starttls',
  },
  {
    name: 'words glued to the STARTTLS reply',
    script: afterStartTls(nothing, '220 go ahead\r\nnot even SMTP\r\n'),
    errorType: 'ProtocolError',
    cause: 'starttls-injection',
    stage: 'starttls',
  },
  {
    name: 'RST in the handshake',
    script: afterStartTls((peer) => peer.reset()),
    errorType: 'TlsHandshakeFailure',
    cause: 'reset',
    stage: 'tls',
    verdict: 'degraded',
  },
  {
    name: 'FIN in the handshake',
    script: afterStartTls((peer) => peer.end()),
    errorType: 'TlsHandshakeFailure',
    cause: 'reset',
    stage: 'tls',
    verdict: 'degraded',
  },
  {
    name: 'silence in the handshake',
    script: afterStartTls(nothing),
    errorType: 'TlsHandshakeFailure',
    cause: 'timeout',
    stage: 'tls',
    verdict: 'degraded',
  },
  {
    name: 'plain text instead of a handshake',
    script: afterStartTls((peer) => {
      // Only after the client's hello: earlier it would be an injection.
      peer.socket.once('data', () => peer.send('250 what hello?\r\n'));
    }),
    errorType: 'TlsHandshakeFailure',
    cause: 'handshake',
    stage: 'tls',
    verdict: 'degraded',
  },
  {
    name: 'FIN in answer to STARTTLS',
    script: insteadOfStartTls((peer) => peer.end()),
    errorType: 'ConnectionLost',
    cause: 'closed-by-peer',
    stage: 'starttls',
    verdict: 'degraded',
  },
  {
    name: 'RST in answer to STARTTLS',
    script: insteadOfStartTls((peer) => peer.reset()),
    errorType: 'ConnectionLost',
    cause: 'reset',
    stage: 'starttls',
    verdict: 'degraded',
  },
  {
    name: 'hangs at STARTTLS',
    script: insteadOfStartTls(nothing),
    errorType: 'ProbeTimeout',
    cause: 'starttls',
    stage: 'starttls',
    verdict: 'degraded',
  },
  { name: 'hangs at EHLO', script: atVerb('EHLO', nothing), errorType: 'ProbeTimeout', cause: 'ehlo', stage: 'ehlo' },
  {
    name: 'greets with 250',
    script: mailServer({ banner: '250 hello' }),
    errorType: 'ProtocolError',
    cause: 'protocol',
    stage: 'banner',
  },
  {
    name: 'answers MAIL with 354',
    script: mailServer({ replies: { MAIL: '354 go on' } }),
    errorType: 'ProtocolError',
    cause: 'protocol',
    stage: 'mail',
  },
  ...transactionCases([]),
];
