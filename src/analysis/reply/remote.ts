import { isIP } from 'node:net';
import { type Led, readSession, readTag, withoutPort } from './parse-led.ts';

/** The other end of the conversation, as far as the words name it. */
export interface Remote {
  host: string | null;
  ip: string | null;
}

/** A host name with at least one dot, bounded as RFC 1035 section 2.3.4 bounds labels. */
const HOST = '([A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\\.[A-Za-z0-9_-]{1,63}){0,20}\\.[A-Za-z][A-Za-z0-9-]{1,62})';
/** `host mx[192.0.2.1] said`, `host mx [192.0.2.1]`, `Server at mx (192.0.2.1) returned`, `relay=mx[192.0.2.1]:25`. */
const HOST_AND_IP = new RegExp(
  `(?:^[> \\t]{0,12}|\\n[> \\t]{0,12}|\\b(?:H=|relay=)|\\b(?:host:?|peer|with|to|by|at|(?:response|reply|answer|greeting|banner|error) from|server) )${HOST}\\.? ?[\\[(]([0-9a-fA-F:.]{3,45})[\\])]`,
  'i',
);
/** Exim's log: `mx1.fabrikam.example [192.0.2.62] Connection refused`. */
const BEFORE_TROUBLE = new RegExp(
  `(?:^|[ >])${HOST} ?\\[([0-9a-fA-F:.]{3,45})\\]:? (?:connection|network|no route|connect|timed|ssl|tls|refused|host|could not)`,
  'i',
);
/** Gmail: `[mx1.fabrikam.example. 192.0.2.62: timed out]`. */
const IN_BRACKETS = new RegExp(`\\[${HOST}\\.? ([0-9a-fA-F:.]{3,45}): `);
/** Sorts out most texts before the costlier patterns. */
const BRACKETED = /[[(][0-9a-f]{0,4}[.:]/i;
/** Words that name the host alone. */
const HOST_ALONE = new RegExp(
  `(?:connection (?:refused|timed out|reset|closed|lost) (?:by|with|from|to)|refused by|timed out with|timed out by|reset by|server at|remote host|rejected by|connect to host|connecting to|the server|mail server|recipient domain [^ ]{1,80} by|remote system: dns;) ?${HOST}\\b`,
  'i',
);
const IP_ALONE =
  /(?:last endpoint attempted was|giving up on|connected to|failed to connect to|connect to|attempted ip:?|smtp connection to|connecting to|failed to respond|remote server|econnrefused|econnreset|etimedout|ehostunreach|enetunreach|target ip(?: address)?:?) [[(]?([0-9a-f]{1,4}[0-9a-f:.]{5,41})/i;
/** qmail names the server by its address: `192.0.2.62 does not like recipient`. */
const QMAIL_IP = /(?:^|\n|> )[ \t]{0,12}(\d{1,3}(?:\.\d{1,3}){3}) (?:does not like|failed after|said)/i;
/** Front doors and hubs sign in lower case; upper case is client access, where a program submits its own mail. */
const FRONT_DOOR = /^[A-Za-z0-9-]+\.(?:[A-Za-z0-9-]+\.){0,3}(?:protection\.)?outlook\.com$/;

/** Reads the remote host and address out of a LED string and the words around and in it. */
export function readRemote(text: string, led: Led | undefined): Remote {
  if (led !== undefined) {
    const host = led.fqdn ?? led.lastAttemptedServer ?? led.outboundProxyTargetHost ?? null;
    const ip = led.ip ?? led.lastAttemptedIp ?? led.outboundProxyTargetIp ?? null;
    if (host !== null || ip !== null) return split(host, ip);
  }
  const tagged = readTag(text, 'LastAttemptedServerName');
  const taggedIp = readTag(text, 'LastAttemptedIP') ?? readTag(text, 'LastAttemptedServerIP');
  if (tagged !== undefined || taggedIp !== undefined) return split(tagged ?? null, withoutPort(taggedIp) ?? null);
  const both = BRACKETED.test(text) ? HOST_AND_IP.exec(text) : null;
  if (both?.[2] !== undefined && isIP(both[2]) !== 0) return split(both[1] ?? null, both[2]);
  const troubled = BRACKETED.test(text) ? BEFORE_TROUBLE.exec(text) : null;
  if (troubled?.[2] !== undefined && isIP(troubled[2]) !== 0) return split(troubled[1] ?? null, troubled[2]);
  const bracketed = text.includes(': ') ? IN_BRACKETS.exec(text) : null;
  if (bracketed?.[2] !== undefined && isIP(bracketed[2]) !== 0) return split(bracketed[1] ?? null, bracketed[2]);
  const host = HOST_ALONE.exec(text)?.[1];
  const ip = addressOf(QMAIL_IP.exec(text)?.[1]) ?? addressOf(IP_ALONE.exec(text)?.[1]);
  if (host !== undefined || ip !== null) return split(host?.replace(/\.$/, '') ?? null, ip);
  return { host: frontDoor(text), ip: null };
}

/** The Exchange Online front door that signed the reply. Client access and a wrapper's own session are no remote. */
function frontDoor(text: string): string | null {
  const server = readSession(text)?.server;
  if (server === undefined || !FRONT_DOOR.test(server) || !/\.prod\./.test(server)) return null;
  return /[45]\.[47]\.3[12]\d/.test(text) ? null : server;
}

function addressOf(text: string | undefined): string | null {
  const bare = withoutPort(text?.replace(/[.:,]+$/, ''));
  return bare !== undefined && isIP(bare) !== 0 ? bare : null;
}

function split(host: string | null, ip: string | null): Remote {
  if (host !== null && isIP(host) !== 0) return { host: null, ip: ip ?? host };
  return { host, ip: ip !== null && isIP(ip) !== 0 ? ip : null };
}

const LOCAL_END = /[^\s<>"'()[\],;:]{1,64}$/;
const DOMAIN_START = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?/;

/** The recipient that the words name, if any: the first address that is not said to be the sender's. */
export function readRecipient(text: string): string | null {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const local = LOCAL_END.exec(text.slice(Math.max(0, at - 64), at))?.[0];
    const domain = DOMAIN_START.exec(text.slice(at + 1, at + 254))?.[0];
    if (local === undefined || domain === undefined) continue;
    const around = text.slice(Math.max(0, at - local.length - 24), at + domain.length + 20);
    if (!/sender|mail from|from:|delist|abuse|postmaster/i.test(around)) return `${local}@${domain}`;
  }
  return null;
}
