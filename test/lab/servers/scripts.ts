import { setTimeout as sleep } from 'node:timers/promises';
import type tls from 'node:tls';
import type { Script, ScriptedPeer } from '../../support/hostile-smtp-server.ts';
import type { Place } from '../place.ts';

/** What a server does at one point: it says something (without its line end), or acts. */
export type Turn = string | ((peer: ScriptedPeer) => void | Promise<void>);

/** Where a scripted server departs from good behaviour. */
export interface Turns {
  banner?: Turn;
  /** Said with EHLO; STARTTLS is added where there is a certificate and no TLS yet. */
  capabilities?: readonly string[];
  ehlo?: Turn;
  starttls?: Turn;
  auth?: Turn;
  mail?: Turn;
  rcpt?: Turn;
  data?: Turn;
  /** The answer to the message, after DATA or BDAT. */
  message?: Turn;
  implicitTls?: boolean;
  tls?: tls.TLSSocketOptions;
}

/** Capabilities of Exchange Online's front end. */
export const EXCHANGE = ['SIZE 157286400', 'PIPELINING', 'DSN', 'ENHANCEDSTATUSCODES', '8BITMIME', 'CHUNKING'];

/** Says nothing, ever. */
export const silence: Turn = () => undefined;
/** FIN instead of an answer. */
export const hangUp: Turn = (peer) => peer.end();
/** RST instead of an answer. */
export const reset: Turn = (peer) => peer.reset();

/** Says it and closes, as servers do after 421. */
export function bye(line: string): Turn {
  return (peer) => {
    peer.send(`${line}\r\n`);
    peer.end();
  };
}

/** The same bytes again and again, until the client has had enough. */
export function drip(bytes: string, everyMs: number): Turn {
  return (peer) => {
    const timer = setInterval(() => (peer.socket.destroyed ? clearInterval(timer) : peer.send(bytes)), everyMs);
  };
}

/** Bytes one by one, as from a very slow server. */
export function slowly(text: string, everyMs: number): Turn {
  return async (peer) => {
    for (const byte of text) {
      peer.send(byte);
      await sleep(everyMs);
    }
  };
}

/** Bytes as they are. */
export function raw(bytes: string): Turn {
  return (peer) => peer.send(bytes);
}

/** A mail server that behaves, but for the turns that it is given. */
export function mailScript(turns: Turns = {}): (place: Place) => Script {
  return (place) => async (peer) => {
    const tlsOptions = { ...place.issued, ...turns.tls };
    let secure = false;
    if (turns.implicitTls === true) {
      await peer.startTls(tlsOptions);
      secure = true;
    }
    await take(peer, turns.banner ?? `220 ${place.host} ESMTP`);
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
      if (verb === 'EHLO') await take(peer, turns.ehlo ?? greeting(place, turns, secure));
      else if (verb === 'STARTTLS' && turns.starttls !== undefined) await take(peer, turns.starttls);
      else if (verb === 'STARTTLS') {
        await take(peer, '220 2.0.0 Ready to start TLS');
        await peer.startTls(tlsOptions);
        secure = true;
      } else if (verb === 'AUTH') await take(peer, turns.auth ?? '503 5.5.1 Error: authentication not enabled');
      else if (verb === 'MAIL') await take(peer, turns.mail ?? '250 2.1.0 Sender OK');
      else if (verb === 'RCPT') await take(peer, turns.rcpt ?? '250 2.1.5 Recipient OK');
      else if (verb === 'DATA') await takeData(peer, turns);
      else if (verb === 'BDAT') await takeChunk(peer, line, turns);
      else if (verb === 'QUIT') await take(peer, bye('221 2.0.0 Bye'));
      else await take(peer, '250 2.0.0 OK');
    }
  };
}

async function take(peer: ScriptedPeer, turn: Turn): Promise<void> {
  if (typeof turn === 'string') peer.send(`${turn}\r\n`);
  else await turn(peer);
}

function greeting({ host, issued }: Place, { capabilities = EXCHANGE }: Turns, secure: boolean): string {
  const lines = [`${host} greets you`, ...capabilities, ...(issued !== undefined && !secure ? ['STARTTLS'] : [])];
  return lines.map((line, at) => `250${at === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n');
}

async function takeData(peer: ScriptedPeer, turns: Turns): Promise<void> {
  if (turns.data !== undefined) return take(peer, turns.data);
  await take(peer, '354 Start mail input; end with <CRLF>.<CRLF>');
  for (let line = await peer.line(); line !== '.'; line = await peer.line()) if (line === undefined) return;
  await take(peer, turns.message ?? '250 2.6.0 Queued mail for delivery');
}

async function takeChunk(peer: ScriptedPeer, command: string, turns: Turns): Promise<void> {
  let left = Number(command.split(' ')[1]);
  while (left > 0) {
    const line = await peer.line();
    if (line === undefined) return;
    left -= line.length + 2;
  }
  await take(peer, turns.message ?? '250 2.6.0 Queued mail for delivery');
}
