import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { UserError } from '../../src/errors.ts';
import { mayBeTold } from '../../src/probe/attempt/auth-plan.ts';
import { planProbe } from '../../src/probe/plan.ts';
import type { ProbeReport } from '../../src/probe/report.ts';
import type { ProbeRequest } from '../../src/probe/request.ts';
import { type Authority, createAuthority, type Identity, selfSigned } from '../support/certificates.ts';
import { mailServer, type Script, type ScriptedPeer, startScriptedServer } from '../support/hostile-smtp-server.ts';
import { requestFor, testConfig, testProber, zoneResolver } from './harness.ts';

const HOST = 'smtp.contoso.example';
const USER = 'probe@contoso.example';
const PASSWORD = 'corréct-horse-42';
const TOKEN = 'ya29.token-that-nobody-may-see';
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const PLAIN = base64(`\0${USER}\0${PASSWORD}`);
const XOAUTH2 = base64(`user=${USER}\x01auth=Bearer ${TOKEN}\x01\x01`);
/** Every form of the secrets that may not be found anywhere. */
const SECRETS = [PASSWORD, TOKEN, base64(PASSWORD), PLAIN, XOAUTH2, PLAIN.slice(4, 40), TOKEN.slice(5)];

const SETTINGS: Partial<Config['probe']> = {
  authUser: USER,
  authPassword: PASSWORD,
  authToken: TOKEN,
  authHosts: [HOST],
  greylistWaitS: 0,
};

let root: Authority;
let identity: Identity;
beforeAll(async () => {
  root = await createAuthority('Test root');
  identity = await root.issue({ names: [HOST] });
});

/** Where the log-in goes: the lines that follow the EHLO inside TLS. */
type LogIn = (peer: ScriptedPeer, first: string) => void | Promise<void>;

function authServer(logIn: LogIn, options: { offers?: string[]; identity?: Identity } = {}): Script {
  const { offers = ['AUTH PLAIN LOGIN XOAUTH2', 'PIPELINING'] } = options;
  const shown = options.identity ?? identity;
  return async (peer) => {
    const lines = (capabilities: string[]): string =>
      ['mx', ...capabilities].map((text, at, all) => `250${at === all.length - 1 ? ' ' : '-'}${text}\r\n`).join('');
    peer.send('220 smtp.contoso.example ESMTP\r\n');
    let secure = false;
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      if (line.startsWith('EHLO')) peer.send(lines(secure ? offers : ['STARTTLS', ...offers]));
      else if (line.startsWith('AUTH')) await logIn(peer, line);
      else if (line === 'STARTTLS') {
        peer.send('220 go\r\n');
        await peer.startTls({ ...shown });
        secure = true;
      } else if (line === 'QUIT') return void peer.send('221 bye\r\n');
      else peer.send('250 OK\r\n');
    }
  };
}

interface Trial {
  report: ProbeReport;
  received: string[];
  logs: string;
}

async function logIn(
  script: Script,
  overrides: Partial<ProbeRequest> = {},
  settings: Partial<Config['probe']> = {},
): Promise<Trial> {
  const server = await startScriptedServer(script);
  const logs: string[] = [];
  const logger = pino(
    { level: 'trace' },
    new Writable({ write: (line, _, done) => done(void logs.push(String(line))) }),
  );
  const prober = testProber({
    config: testConfig({ ...SETTINGS, stageTimeoutS: 0.6, ...settings }),
    resolver: zoneResolver({ a: { [HOST]: ['127.0.0.1'], 'other.example': ['127.0.0.1'] } }),
    ca: [root.cert],
    logger,
  });
  const request = requestFor(server.port, {
    text: HOST,
    target: { kind: 'host', host: HOST, port: server.port },
    auth: 'plain',
    ...overrides,
  });
  const progress: unknown[] = [];
  const report = await prober.probe(request, {
    signal: new AbortController().signal,
    onProgress: (seen) => progress.push(seen),
  });
  await server.close();
  const said = JSON.stringify([report, progress, logs]);
  for (const secret of SECRETS) expect(said).not.toContain(secret);
  return { report, received: server.received, logs: logs.join('') };
}

describe('a log-in', () => {
  const mechanisms: { auth: NonNullable<ProbeRequest['auth']>; server: LogIn; says: string[] }[] = [
    {
      auth: 'plain',
      server: (peer, line) => peer.send(line === `AUTH PLAIN ${PLAIN}` ? '235 2.7.0 OK\r\n' : '535 no\r\n'),
      says: ['C AUTH PLAIN ***', 'S 235 2.7.0 OK'],
    },
    {
      auth: 'plain',
      // An old server that does not know of initial responses.
      server: async (peer) => {
        peer.send('334 \r\n');
        peer.send((await peer.line()) === PLAIN ? '235 2.7.0 OK\r\n' : '535 no\r\n');
      },
      says: ['C AUTH PLAIN ***', 'S 334 ', 'C ***', 'S 235 2.7.0 OK'],
    },
    {
      auth: 'login',
      server: async (peer) => {
        peer.send(`334 ${base64('Username:')}\r\n`);
        const user = await peer.line();
        peer.send(`334 ${base64('Password:')}\r\n`);
        const password = await peer.line();
        peer.send(user === base64(USER) && password === base64(PASSWORD) ? '235 2.7.0 OK\r\n' : '535 no\r\n');
      },
      says: ['C AUTH LOGIN', 'S 334 VXNlcm5hbWU6', 'C ***', 'S 334 UGFzc3dvcmQ6', 'C ***', 'S 235 2.7.0 OK'],
    },
    {
      auth: 'xoauth2',
      server: (peer, line) => peer.send(line === `AUTH XOAUTH2 ${XOAUTH2}` ? '235 2.7.0 OK\r\n' : '535 no\r\n'),
      says: ['C AUTH XOAUTH2 ***', 'S 235 2.7.0 OK'],
    },
  ];
  test.concurrent.each(mechanisms)('with $auth, said as $says', async ({ auth, server, says }) => {
    const { report, received } = await logIn(authServer(server), { auth });
    expect(report).toMatchObject({
      verdict: 'ok',
      attempts: [{ auth: { offered: ['PLAIN', 'LOGIN', 'XOAUTH2'], mechanism: auth.toUpperCase(), accepted: true } }],
    });
    const said = report.attempts[0]?.transcript.map(({ dir, text }) => `${dir} ${text}`) ?? [];
    const from = said.indexOf(says[0] ?? '');
    expect(said.slice(from, from + says.length)).toEqual(says);
    // Logged in before the transaction, and inside TLS; who logs in is the sender.
    const verbs = received.map((line) => line.split(/[ :]/)[0]);
    expect(verbs.indexOf('AUTH')).toBeGreaterThan(verbs.lastIndexOf('EHLO'));
    expect(verbs.indexOf('AUTH')).toBeLessThan(verbs.indexOf('MAIL'));
    expect(received).toContain(`MAIL FROM:<${USER}>`);
    expect(report.attempts[0]?.replies.map(({ stage }) => stage)).toContain('auth');
  });

  test('at depth tls it is the last thing tried', async () => {
    const { report, received } = await logIn(
      authServer((peer) => peer.send('235 OK\r\n')),
      { depth: 'tls' },
    );
    expect(report).toMatchObject({ verdict: 'ok', attempts: [{ auth: { accepted: true } }] });
    expect(report.summary).toContain(`lets ${USER} log in (AUTH PLAIN)`);
    expect(received.at(-1)).toBe('QUIT');
  });
});

describe('a log-in elsewhere', () => {
  test('with TLS from the start', async () => {
    const script: Script = async (peer) => {
      await peer.startTls({ ...identity });
      peer.send('220 smtp.contoso.example ESMTP\r\n');
      for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
        if (line.startsWith('EHLO')) peer.send('250-mx\r\n250 AUTH PLAIN\r\n');
        else peer.send(line === `AUTH PLAIN ${PLAIN}` ? '235 OK\r\n' : '250 OK\r\n');
      }
    };
    const { report } = await logIn(script, { tls: 'implicit' });
    expect(report).toMatchObject({
      verdict: 'ok',
      attempts: [{ auth: { accepted: true }, capabilitiesBeforeTls: null }],
    });
  });

  test('that is not reached shows as asked for', async () => {
    const { report } = await logIn(mailServer({ banner: '421 4.3.2 busy' }));
    expect(report.attempts[0]?.auth).toEqual({ offered: [], mechanism: null, accepted: null });
  });

  test('is concealed from the first byte, should the peer know it from the connection before', async () => {
    const { report } = await logIn(mailServer({ banner: `220 ${HOST} hello ${PASSWORD}` }));
    expect(report.attempts[0]?.banner?.text).toBe(`${HOST} hello ***`);
  });

  test.each([false, true])('with a refused secret is not tried at the next address (all: %s)', async (all) => {
    const server = await startScriptedServer(authServer((peer) => peer.send('535 5.7.8 no\r\n')));
    const prober = testProber({
      config: testConfig(SETTINGS),
      resolver: zoneResolver({ a: { [HOST]: ['127.0.0.1', '127.0.0.2'] } }),
      ca: [root.cert],
      dial: () => ({ host: '127.0.0.1', port: server.port }),
    });
    const target = { kind: 'host', host: HOST } as const;
    const report = await prober.probe(requestFor(server.port, { target, auth: 'plain', all }), {
      signal: new AbortController().signal,
    });
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'AuthFailure', cause: 'rejected' });
    expect(server.received.filter((line) => line.startsWith('AUTH'))).toHaveLength(1);
    const note = '1 more address was not tried: a secret that was refused is not offered again.';
    expect(report.attempts[0]?.notes.includes(note)).toBe(all);
    await server.close();
  });
});

describe('a refused log-in', () => {
  const explained = base64('{"status":"401","schemes":"Bearer","scope":"https://outlook.office.com/"}');
  const refusals: { text: string; errorType?: string; cause: string; auth?: ProbeRequest['auth']; words?: RegExp }[] = [
    { text: '535 5.7.8 Authentication credentials invalid', cause: 'rejected' },
    { text: '535 5.7.3 Authentication unsuccessful', cause: 'rejected', words: /AUTH PLAIN\): 535 5\.7\.3/ },
    {
      text: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
      cause: 'disabled',
    },
    { text: '534 5.7.9 Authentication mechanism is too weak', cause: 'disabled' },
    { text: '534-5.7.9 Application-specific password required.\r\n534 5.7.9 go on - gsmtp', cause: 'rejected' },
    { text: '538 5.7.11 Encryption required for requested authentication mechanism', cause: 'disabled' },
    { text: '504 5.7.4 Unrecognized authentication type', cause: 'disabled' },
    { text: '502 5.5.1 Command not implemented', cause: 'disabled' },
    { text: '503 5.5.1 AUTH not allowed here', cause: 'disabled' },
    { text: '550 5.7.1 no', cause: 'rejected' },
    { text: '421 4.7.0 Too many connections from 192.0.2.1', errorType: 'ServerBusy', cause: 'too-many-connections' },
    { text: '250 as you like', errorType: 'ProtocolError', cause: 'protocol' },
    // A server that gives back what it was told.
    { text: `535 5.7.8 wrong: ${PASSWORD} ${PLAIN}`, cause: 'rejected', words: /wrong: \*\*\* \*\*\*/ },
  ];
  test.concurrent.each(refusals)('$text is $cause', async ({ text, errorType = 'AuthFailure', cause, words = /./ }) => {
    const { report, received } = await logIn(authServer((peer) => peer.send(Buffer.from(`${text}\r\n`))));
    expect(report).toMatchObject({ verdict: 'failed', errorType, cause, stage: 'auth' });
    expect(report.summary).toMatch(words);
    expect(report.attempts[0]?.auth).toMatchObject({ mechanism: 'PLAIN', accepted: false });
    expect(received.some((line) => line.startsWith('MAIL'))).toBe(false);
  });

  test('XOAUTH2 explains itself in its challenge, which is answered with an empty line', async () => {
    const { report, received } = await logIn(
      authServer(async (peer) => {
        peer.send(`334 ${explained}\r\n`);
        peer.send((await peer.line()) === '' ? '535 5.7.3 Authentication unsuccessful\r\n' : '500 what\r\n');
      }),
      { auth: 'xoauth2' },
    );
    expect(report).toMatchObject({ errorType: 'AuthFailure', cause: 'rejected', stage: 'auth' });
    expect(report.summary).toMatch(
      /5\.7\.3 Authentication unsuccessful; it explains: \{"status":"401".*office\.com\/"\}/,
    );
    expect(received).toContain('');
  });

  const hostile: { name: string; server: LogIn; errorType: string; cause: string }[] = [
    {
      name: 'challenges without end',
      server: async (peer) => {
        for (let line: string | undefined = 'AUTH'; line !== undefined && line !== '*'; line = await peer.line()) {
          peer.send(`334 ${base64('and again')}\r\n`);
        }
        peer.send('501 cancelled\r\n');
      },
      errorType: 'ProtocolError',
      cause: 'protocol',
    },
    {
      name: 'challenges with the secret in JSON',
      server: async (peer) => {
        peer.send(`334 ${base64(`{"you said":"${PASSWORD}\x1b[31m"}`)}\r\n`);
        await peer.line();
        peer.send('535 no\r\n');
      },
      errorType: 'AuthFailure',
      cause: 'rejected',
    },
    { name: 'silence', server: () => undefined, errorType: 'ProbeTimeout', cause: 'auth' },
    { name: 'FIN', server: (peer) => peer.end(), errorType: 'ConnectionLost', cause: 'closed-by-peer' },
    {
      name: 'no reply but what it was told',
      server: (peer, line) => peer.send(`${line} ${PASSWORD}\r\n`),
      errorType: 'ProtocolError',
      cause: 'malformed-reply',
    },
  ];
  test.concurrent.each(hostile)('$name ends as $errorType $cause', async ({ server, errorType, cause }) => {
    const { report } = await logIn(authServer(server));
    expect(report).toMatchObject({ verdict: 'failed', errorType, cause, stage: 'auth' });
    expect(report.attempts[0]?.replies.filter(({ stage }) => stage === 'auth').length ?? 0).toBeLessThan(8);
  });
});

describe('the secret stays here', () => {
  test('when the server does not offer the mechanism', async () => {
    const script = authServer((peer) => peer.send('235 OK\r\n'), { offers: ['AUTH=LOGIN', 'AUTH GSSAPI NTLM'] });
    const { report, received } = await logIn(script);
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'AuthFailure', cause: 'disabled', stage: 'auth' });
    expect(report.summary).toContain('does not offer AUTH PLAIN: it offers only LOGIN, GSSAPI, NTLM');
    expect(report.attempts[0]?.auth).toEqual({ offered: ['LOGIN', 'GSSAPI', 'NTLM'], mechanism: null, accepted: null });
    expect(received.join('\n')).not.toContain('AUTH');
  });

  test('when there is no TLS', async () => {
    const { report, received } = await logIn(mailServer({ capabilities: ['AUTH PLAIN'] }));
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'TlsNotOffered', stage: 'starttls' });
    expect(report.summary).toContain('so the secret was not sent');
    expect(received.join('\n')).not.toMatch(/AUTH|MAIL/);
  });

  const certificates = [
    { name: 'self-signed', names: [HOST], signer: 'self', cause: 'self-signed' },
    { name: 'of another host', names: ['other.example'], signer: 'root', cause: 'name-mismatch' },
    { name: 'of the domain but not of the host', names: ['contoso.example'], signer: 'root', cause: 'name-mismatch' },
    { name: 'of an unknown authority', names: [HOST], signer: 'stranger', cause: 'untrusted' },
  ] as const;
  test.each(certificates)('when the certificate is $name', async ({ names, signer, cause }) => {
    const authority = signer === 'stranger' ? await createAuthority('Stranger') : root;
    const shown = await (signer === 'self'
      ? selfSigned({ names: [...names] })
      : authority.issue({ names: [...names] }));
    const { report, received } = await logIn(authServer((peer) => peer.send('235 OK\r\n'), { identity: shown }));
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'CertificateFailure', cause, stage: 'certificate' });
    expect(report.summary).toContain('so the secret was not sent');
    expect(received.join('\n')).not.toContain('AUTH');
  });

  test('when the MX of the domain is not listed', async () => {
    const server = await startScriptedServer(authServer((peer) => peer.send('235 OK\r\n')));
    const prober = testProber({
      config: testConfig({ ...SETTINGS, authHosts: ['.fabrikam.example'] }),
      resolver: zoneResolver({
        mx: { 'contoso.example': [{ host: HOST, preference: 10 }] },
        a: { [HOST]: ['127.0.0.1'] },
      }),
      ca: [root.cert],
    });
    const target = { kind: 'domain', domain: 'contoso.example' } as const;
    const report = await prober.probe(requestFor(server.port, { target, port: server.port, auth: 'plain' }), {
      signal: new AbortController().signal,
    });
    expect(report).toMatchObject({ verdict: 'failed', errorType: 'AuthFailure', cause: 'disabled', owner: 'none' });
    expect(report.summary).toContain('MAILMEDIC_PROBE_AUTH_HOSTS');
    expect(server.received.join('\n')).not.toContain('AUTH');
    await server.close();
  });

  const wanted: { name: string; settings: Partial<Config['probe']>; request?: Partial<ProbeRequest>; words: RegExp }[] =
    [
      { name: 'no user', settings: { authUser: undefined }, words: /Set MAILMEDIC_PROBE_AUTH_USER\./ },
      { name: 'no password', settings: { authPassword: undefined }, words: /Set MAILMEDIC_PROBE_AUTH_PASSWORD\./ },
      {
        name: 'no token',
        settings: { authToken: undefined },
        request: { auth: 'xoauth2' },
        words: /Set MAILMEDIC_PROBE_AUTH_TOKEN\./,
      },
      { name: 'no hosts', settings: { authHosts: [] }, words: /Set MAILMEDIC_PROBE_AUTH_HOSTS/ },
      { name: 'another host', settings: { authHosts: ['mx.example'] }, words: /Add it to MAILMEDIC_PROBE_AUTH_HOSTS/ },
      { name: 'TLS off', settings: {}, request: { tls: 'off' }, words: /inside TLS only/ },
      { name: 'depth connect', settings: {}, request: { depth: 'connect' }, words: /--?|Depth connect/ },
      {
        name: 'an address',
        settings: {},
        request: { target: { kind: 'ip', ip: '192.0.2.1' } },
        words: /certificate carries/,
      },
      { name: 'a line end', settings: { authPassword: 'a\r\nQUIT' }, words: /control characters/ },
    ];
  test.each(wanted)('is asked for by name with $name', ({ settings, request, words }) => {
    const config = testConfig();
    const probe = { ...config.probe, ...SETTINGS, ...settings } as Config['probe'];
    const asked = requestFor(587, { target: { kind: 'host', host: HOST }, auth: 'plain', ...request });
    const plan = (): unknown => planProbe(asked, { mailboxes: [], probe });
    expect(plan).toThrow(UserError);
    expect(plan).toThrow(words);
    try {
      plan();
    } catch (error) {
      for (const secret of [...SECRETS, 'a\r\nQUIT']) expect(inspect(error)).not.toContain(secret);
    }
  });

  test('in every way to look at the plan', () => {
    const config = testConfig(SETTINGS);
    const asked = requestFor(587, { target: { kind: 'host', host: HOST }, auth: 'plain' });
    const plan = planProbe(asked, config);
    expect(plan).toMatchObject({ port: 587, from: USER, auth: { mechanism: 'plain', user: USER } });
    const shown = JSON.stringify(plan) + inspect(plan, { depth: 9, showHidden: true }) + String(plan.auth);
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  const lists: [host: string, listed: string[], may: boolean][] = [
    ['smtp.contoso.example', ['smtp.contoso.example'], true],
    ['SMTP.Contoso.Example.', ['smtp.contoso.example'], true],
    ['smtp.contoso.example', ['.contoso.example'], true],
    ['contoso.example', ['.contoso.example'], false],
    ['evilcontoso.example', ['.contoso.example'], false],
    ['smtp.contoso.example', ['contoso.example'], false],
    ['smtp.contoso.example.evil.example', ['smtp.contoso.example', '.contoso.example'], false],
    ['smtp.xn--bcher-kva.example', ['smtp.bücher.example'], true],
    ['smtp.xn--bcher-kva.example', ['.BÜCHER.example'], true],
    ['smtp.contoso.example', [], false],
    ['smtp.contoso.example', ['.'], false],
  ];
  test.each(lists)('%s in %j: %s', (host, listed, may) => {
    expect(mayBeTold(host, listed)).toBe(may);
  });
});

describe('a server that wants a log-in', () => {
  const demands = [
    { verb: 'MAIL', text: '530 5.7.0 Authentication required' },
    { verb: 'MAIL', text: '530 5.7.57 Client not authenticated to send mail.' },
    { verb: 'RCPT', text: '530 5.7.1 Client was not authenticated' },
  ];
  test.concurrent.each(demands)('$text at $verb is AuthFailure required', async ({ verb, text }) => {
    const server = await startScriptedServer(mailServer({ replies: { [verb]: text } }));
    const prober = testProber();
    for (const tls of ['off', 'opportunistic'] as const) {
      const report = await prober.probe(requestFor(server.port, { tls }), { signal: new AbortController().signal });
      expect(report).toMatchObject({
        verdict: 'failed',
        errorType: 'AuthFailure',
        cause: 'required',
        stage: verb.toLowerCase(),
        attempts: [{ auth: null }],
      });
    }
    await server.close();
  });
});
