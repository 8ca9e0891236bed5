import fc from 'fast-check';
import type { ProbeRequest } from '../../src/probe/request.ts';
import type { Action, Program } from './fuzz-server.ts';

/** One probe of one fuzzed server. */
export interface FuzzCase {
  program: Program;
  request: Pick<ProbeRequest, 'depth' | 'tls' | 'chunking' | 'pipelining' | 'tlsScan'> & Partial<ProbeRequest>;
  /** The probe is given up after so many milliseconds; null lets it end. */
  cancelMs: number | null;
}

const KNOWN_REPLIES = [
  '220 mx1.contoso.example ESMTP',
  '220 2.0.0 Ready to start TLS',
  '220 ****************************',
  '221 2.0.0 Bye',
  '235 2.7.0 Accepted',
  '250 2.1.5 Recipient OK',
  '250-mx1.contoso.example\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250-PIPELINING\r\n250 CHUNKING',
  '250-mx1.contoso.example\r\n250-XXXXXXXA\r\n250 SIZE 1',
  '252 2.5.2 Cannot VRFY user',
  '334 VXNlcm5hbWU6',
  '334 eyJzdGF0dXMiOiI0MDEifQ==',
  '354 End data with <CR><LF>.<CR><LF>',
  '421 4.3.2 Service not available',
  '450 4.7.1 Greylisted, please try again in 300 seconds',
  '451 4.7.1 Greylisted, try again in 00:00:00',
  '451 4.7.0 Greylisted for 99999999999999999999 s',
  '451 4.4.0 PRX2',
  '454 4.7.0 TLS not available',
  '501 5.5.4 Invalid arguments',
  '502 5.5.1 Command not implemented',
  '530 5.7.0 Must issue a STARTTLS command first',
  '535 5.7.8 Authentication credentials invalid',
  '550 5.1.1 User unknown',
  '554 5.7.1 Service unavailable; client blocked using zen.spamhaus.org',
  '555 5.5.4 Unsupported parameter',
  'HTTP/1.1 400 Bad Request',
  'SSH-2.0-OpenSSH_9.2',
  '* OK IMAP4rev1',
];

const lineEnd = fc.oneof(
  { weight: 8, arbitrary: fc.constant('\r\n') },
  { weight: 4, arbitrary: fc.constantFrom('\n', '\r', '', '\r\r\n', '\n\r', '\0\r\n', '\v\r\n') },
);

const latin1 = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

/** Text outside ASCII, cut where it hurts. */
const cutUtf8 = fc
  .tuple(fc.constantFrom('Grüße', '€€€', '\u{1f4e7}\u{1f4e7}', '\u202egnp.exe', 'a\u0301'), fc.nat({ max: 8 }))
  .map(([text, length]) => Buffer.from(text).subarray(0, length).toString('latin1'));

const words = fc.oneof(fc.constantFrom('', 'OK', '5.7.1 no', '\x1b[2J', '\x07', '<!channel>', ' '), cutUtf8, latin1);

/** Three digits, or nearly, and what follows. */
const nearlyReply = fc
  .tuple(
    fc.oneof(fc.constantFrom('220', '250', '354', '421', '451', '550', '99', '2500', '000', ''), fc.nat({ max: 999 })),
    fc.constantFrom(' ', '-', '', '\t', '+'),
    words,
    lineEnd,
  )
  .map(([code, separator, text, end]) => `${code}${separator}${text}${end}`);

const knownReply = fc.tuple(fc.constantFrom(...KNOWN_REPLIES), lineEnd).map(([reply, end]) => reply + end);

/** A known reply with one place overwritten, cut or doubled. */
const mutatedReply = fc
  .tuple(knownReply, fc.nat({ max: 60 }), fc.nat({ max: 8 }), words)
  .map(([reply, at, cut, put]) => reply.slice(0, at) + put + reply.slice(at + cut));

/** Too much of something. */
const huge = fc
  .tuple(
    fc.constantFrom('A', '250-x\r\n', '220 ', '\0', '\r', '334 \r\n', '250 OK\r\n', '\xff'),
    fc.integer({ min: 1000, max: 300_000 }),
  )
  .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length)));

/** The beginning of a TLS record: handshake, alert or nonsense. */
const tlsGarbage = fc
  .tuple(
    fc.constantFrom('\x16\x03\x03', '\x15\x03\x03\x00\x02', '\x16\x03\x01\x00\x05', '\x17\x03\x03\xff\xff'),
    latin1,
  )
  .map(([head, rest]) => head + rest);

const bytes = fc.oneof(
  { weight: 8, arbitrary: knownReply },
  { weight: 4, arbitrary: nearlyReply },
  { weight: 3, arbitrary: mutatedReply },
  { weight: 2, arbitrary: fc.array(nearlyReply, { minLength: 2, maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: latin1 },
  { weight: 1, arbitrary: huge },
  { weight: 1, arbitrary: tlsGarbage },
);

const capability = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('STARTTLS', 'PIPELINING', 'CHUNKING', 'AUTH PLAIN LOGIN XOAUTH2', 'DSN') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'SIZE',
      'SIZE 10',
      'SIZE -1',
      'SIZE 9e99',
      'AUTH',
      'AUTH=LOGIN',
      '8BITMIME',
      'SMTPUTF8',
      'XXXXXXXA',
      'starttls',
      '',
    ),
  },
  { weight: 1, arbitrary: latin1.map((text) => text.replace(/[\r\n]/g, '')) },
);

const VERBS = ['greeting', 'EHLO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'BDAT', 'end-of-data', 'RSET', 'QUIT'];

const behave: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('behave' as const),
  until: fc.constantFrom(...VERBS, 'never'),
  capabilities: fc
    .tuple(
      fc.constantFrom(['STARTTLS'], ['STARTTLS', 'AUTH PLAIN LOGIN XOAUTH2'], []),
      fc.array(capability, { maxLength: 5 }),
    )
    .map((parts) => parts.flat()),
  identity: fc.constantFrom(0, 0, 0, 1, 2, 3),
});

const sending: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('send' as const),
  bytes,
  pieces: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) }),
  pauseMs: fc.nat({ max: 20 }),
});

const tls: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('tls' as const),
  identity: fc.nat({ max: 3 }),
  version: fc.constantFrom('TLSv1' as const, 'TLSv1.2' as const, 'TLSv1.3' as const),
});

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 10, arbitrary: sending },
  { weight: 6, arbitrary: fc.constant<Action>({ do: 'line' }) },
  { weight: 2, arbitrary: fc.nat({ max: 60 }).map((ms): Action => ({ do: 'wait', ms })) },
  { weight: 2, arbitrary: tls },
  { weight: 2, arbitrary: behave },
  { weight: 1, arbitrary: fc.constantFrom<Action>({ do: 'end' }, { do: 'reset' }, { do: 'close' }, { do: 'deaf' }) },
);

/** Often well-behaved to some point, so that the deeper stages are reached, and often with an end, so that time is saved. */
const connection = fc
  .tuple(
    fc.option(behave, { nil: null, freq: 4 }),
    fc.array(action, { maxLength: 7 }),
    fc.option(fc.constantFrom<Action>({ do: 'end' }, { do: 'reset' }, { do: 'close' }), { nil: null, freq: 4 }),
  )
  .map((parts) => parts.flat().filter((part) => part !== null));

const mechanism = fc.constantFrom('plain' as const, 'login' as const, 'xoauth2' as const);

/** Any server, asked in any way. */
export const fuzzCase: fc.Arbitrary<FuzzCase> = fc
  .record({
    program: fc.array(connection, { minLength: 1, maxLength: 3 }),
    request: fc.record(
      {
        depth: fc.constantFrom('connect', 'tls', 'rcpt', 'rcpt', 'submit', 'submit'),
        tls: fc.constantFrom('opportunistic', 'opportunistic', 'require', 'off', 'implicit'),
        chunking: fc.constantFrom('auto', 'bdat', 'data'),
        pipelining: fc.constantFrom('auto', 'off'),
        tlsScan: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
        auth: mechanism,
      },
      { requiredKeys: ['depth', 'tls', 'chunking', 'pipelining', 'tlsScan'] },
    ),
    cancelMs: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat({ max: 300 }) }),
    handshakeFirst: fc.nat({ max: 3 }),
  })
  .map(({ program, request: { auth, ...request }, cancelMs, handshakeFirst }) => {
    // Without a handshake nothing behind implicit TLS would ever be reached.
    const shake = request.tls === 'implicit' && handshakeFirst > 0;
    const first: Action = { do: 'tls', identity: 0, version: 'TLSv1.3' };
    const asked = shake ? program.map((actions) => [first, ...actions]) : program;
    // These two are refused before anything is dialled.
    const mayLogIn = auth !== undefined && request.depth !== 'connect' && request.tls !== 'off';
    return { program: asked, request: mayLogIn ? { ...request, auth } : request, cancelMs };
  });
