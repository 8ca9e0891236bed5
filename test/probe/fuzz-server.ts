import type net from 'node:net';
import type { TLSSocketOptions } from 'node:tls';
import type { Script, ScriptedPeer } from '../support/hostile-smtp-server.ts';

/** One thing a fuzzed server does; the next follows when it is done. */
export type Action =
  /** Bytes as latin1 characters, in so many pieces with a pause between them. */
  | { do: 'send'; bytes: string; pieces: number; pauseMs: number }
  | { do: 'wait'; ms: number }
  /** Waits for one line of the client. */
  | { do: 'line' }
  /** Behaves well until this verb comes, which is left for the next action to answer. */
  | { do: 'behave'; until: string; capabilities: string[]; identity: number }
  /** Answers a handshake. */
  | { do: 'tls'; identity: number; version: 'TLSv1' | 'TLSv1.2' | 'TLSv1.3' }
  /** Reads nothing from here on. */
  | { do: 'deaf' }
  | { do: 'end' | 'reset' | 'close' };

/** What each connection in turn does; further ones do what the last one did. Afterwards a connection stays open and silent. */
export type Program = Action[][];

/** The script that carries out a program; `identities`: what the `tls` action can show. */
export function programScript(program: Program, identities: readonly TLSSocketOptions[]): Script {
  let connection = 0;
  return async (peer) => {
    const actions = program[Math.min(connection, program.length - 1)] ?? [];
    connection += 1;
    const raw = peer.socket;
    for (const action of actions) {
      if (raw.destroyed) return;
      await perform(peer, raw, action, identities);
    }
  };
}

async function perform(
  peer: ScriptedPeer,
  raw: net.Socket,
  action: Action,
  identities: readonly TLSSocketOptions[],
): Promise<void> {
  switch (action.do) {
    case 'send':
      return send(peer, action);
    case 'wait':
      return pause(action.ms);
    case 'line':
      await peer.line();
      return;
    case 'behave':
      return behave(peer, action, identities[action.identity] ?? {});
    case 'tls':
      return startTls(peer, { ...identities[action.identity % identities.length], ...versions(action.version) });
    case 'deaf':
      peer.socket.pause();
      return;
    case 'end':
      peer.end();
      return;
    case 'close':
      peer.socket.destroy();
      return;
    case 'reset':
      // The socket below a TLS session must not be destroyed on its own (Node 20 to 24 crash), and one that is being shut
      // down cannot be reset: its handle would stay open for good.
      if (peer.socket === raw && !raw.writableEnded) raw.resetAndDestroy();
      else peer.socket.destroy();
  }
}

/** OpenSSL 3 speaks TLS 1.0 only when it is let. */
function versions(version: 'TLSv1' | 'TLSv1.2' | 'TLSv1.3'): TLSSocketOptions {
  const old = version === 'TLSv1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
  return { minVersion: version, maxVersion: version, ...old } as TLSSocketOptions;
}

async function startTls(peer: ScriptedPeer, options: TLSSocketOptions): Promise<void> {
  if (!('encrypted' in peer.socket)) await peer.startTls(options);
}

async function send(peer: ScriptedPeer, { bytes, pieces, pauseMs }: Extract<Action, { do: 'send' }>): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length && !peer.socket.destroyed; at += size) {
    if (at > 0) await pause(pauseMs);
    peer.send(bytes.slice(at, at + size));
  }
}

/** A mail server as it should be. */
async function behave(
  peer: ScriptedPeer,
  { until, capabilities }: Extract<Action, { do: 'behave' }>,
  identity: TLSSocketOptions,
): Promise<void> {
  if (until === 'greeting') return;
  peer.send('220 mx1.contoso.example ESMTP\r\n');
  for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
    const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
    if (verb === until) return;
    if (verb === 'EHLO')
      peer.send(['250-mx1.contoso.example', ...capabilities.map((one) => `250-${one}`), '250 OK\r\n'].join('\r\n'));
    else if (verb === 'STARTTLS') {
      peer.send('220 2.0.0 Ready\r\n');
      await startTls(peer, identity);
    } else if (verb === 'AUTH') peer.send('235 2.7.0 Accepted\r\n');
    else if (verb === 'DATA') {
      peer.send('354 Go ahead\r\n');
      while (!['.', undefined].includes(await peer.line()));
      if (until === 'end-of-data') return;
      peer.send('250 2.0.0 Queued\r\n');
    } else if (verb === 'BDAT') {
      for (let left = Number(line.split(' ')[1]); left > 0; ) left -= ((await peer.line())?.length ?? left) + 2;
      if (until === 'end-of-data') return;
      peer.send('250 2.0.0 Queued\r\n');
    } else if (verb === 'QUIT') {
      peer.send('221 2.0.0 Bye\r\n');
      peer.end();
    } else peer.send('250 2.1.0 OK\r\n');
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
