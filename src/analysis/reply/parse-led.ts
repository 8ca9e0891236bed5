import { isIP } from 'node:net';
import { parseCultureDate } from './culture-date.ts';

/** A "last error details" string of Exchange: what a queue, a trace and a Defer reason print. */
export interface Led {
  /** The reply itself, with its tags: `450 4.4.316 Connection refused [Message=…]`. */
  led: string;
  /** Low-level detail: `Socket error code 10061`. */
  msg: string | undefined;
  /** The host that answered or was tried; can be an address. */
  fqdn: string | undefined;
  ip: string | undefined;
  /** Last retry time, ISO 8601; without `Z` the zone is not known. */
  lrt: string | undefined;
  lastAttemptedServer: string | undefined;
  lastAttemptedIp: string | undefined;
  outboundProxyTargetIp: string | undefined;
  outboundProxyTargetHost: string | undefined;
  /** The Exchange server that wrote the reply, with its session. */
  session: LedSession | undefined;
  /** Content of `[Message=…]` in the reply. */
  message: string | undefined;
  /** The service cut the string: closing braces are missing. */
  truncated: boolean;
}

/** The `[HOST time session]` at the end of a reply. */
export interface LedSession {
  server: string;
  /** ISO 8601, as printed. */
  time: string | undefined;
  id: string | undefined;
}

/** Characters of an artefact that are looked at; longer text is cut. */
const MAX_LED = 16_384;
const KEY = /\{(LED|MSG|FQDN|IP|LRT|Last ?attempted ?server ?name)=/gi;
const SESSION = /\[([A-Z0-9-]+(?:\.[A-Z0-9-]+)+)(?: (\d{4}-\d\d-\d\dT[\d:.]+Z?))?(?: ([0-9A-F]{16}))?\]/i;
const SESSIONS = new RegExp(SESSION, 'gi');
const TAGS = ['Message', 'LastAttemptedServerName', 'LastAttemptedIP', 'LastAttemptedServerIP', 'SmtpSecurity'];

/** Reads a LED string in any order and damage; undefined when the text holds none. Linear in the length of the text. */
export function parseLed(text: string): Led | undefined {
  const flat = text.slice(0, MAX_LED).replace(/\\[rn]|[\r\n]+[ \t]*/g, ' ');
  const parts = readParts(flat);
  if (parts === undefined) return undefined;
  const tail = readTail(flat);
  const { values, truncated } = parts;
  const led = values.get('led') ?? '';
  const session = readSession(led);
  const lastAttemptedIp = readTag(led, 'LastAttemptedIP') ?? readTag(led, 'LastAttemptedServerIP');
  const lrt = values.get('lrt');
  return {
    led,
    msg: filled(values.get('msg')),
    fqdn: squeezed(values.get('fqdn') ?? values.get('lastattemptedservername')),
    ip: withoutPort(squeezed(values.get('ip'))),
    lrt: lrt === undefined ? undefined : parseCultureDate(lrt, session?.time),
    lastAttemptedServer: filled(readTag(led, 'LastAttemptedServerName')),
    lastAttemptedIp: withoutPort(filled(lastAttemptedIp)),
    ...tail,
    session,
    message: filled(readTag(led, 'Message')),
    truncated,
  };
}

/** The value of a `[Name=…]` tag; a missing bracket ends it at the next tag. */
export function readTag(text: string, name: string): string | undefined {
  const start = text.indexOf(`[${name}=`);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  if (name !== 'Message') return text.slice(from).split(/[\s\]]/, 1)[0];
  const ends = TAGS.map((tag) => text.indexOf(` [${tag}=`, from)).filter((index) => index >= 0);
  const rest = text.slice(from);
  const session = SESSION.exec(rest);
  if (session !== null && session.index > 0) ends.push(from + session.index);
  const value = text.slice(from, ends.length > 0 ? Math.min(...ends) : undefined).trimEnd();
  const bracket = value.lastIndexOf(']');
  return bracket < 0 ? value : value.slice(0, bracket);
}

/** The Exchange server that signed a reply at its end: `[HOST time session]`. */
export function readSession(text: string): LedSession | undefined {
  for (const [, server, time, id] of text.matchAll(SESSIONS)) {
    if (server !== undefined && isIP(server) === 0) return { server, time, id };
  }
  return undefined;
}

/** `203.0.113.25:25` and `[2001:db8::1]:25` without the port; Exchange always prints one after LastAttemptedIP. */
export function withoutPort(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const bracketed = /^\[([0-9a-f:.]+)\]?/i.exec(address)?.[1];
  if (bracketed !== undefined) return bracketed;
  const bare = address.replace(/:(?:25|2525|465|587)$/, '');
  return isIP(bare) !== 0 ? bare : address;
}

function readParts(flat: string): { values: Map<string, string>; truncated: boolean } | undefined {
  const values = new Map<string, string>();
  const found = [...flat.matchAll(KEY)];
  const tailAt = tailIndex(flat);
  if (found.length === 0) {
    const bare = flat.indexOf('LED=');
    if (bare < 0) return undefined;
    values.set('led', flat.slice(bare + 4, tailAt).trim());
    return { values, truncated: true };
  }
  let truncated = false;
  for (const [index, match] of found.entries()) {
    const from = match.index + match[0].length;
    const next = found[index + 1]?.index;
    const raw = flat.slice(from, next ?? tailAt).trimEnd();
    const value = next === undefined ? closeLast(raw) : closeInner(raw);
    truncated ||= value === undefined;
    values.set((match[1] ?? '').toLowerCase().replaceAll(' ', ''), (value ?? cutRemains(raw)).trim());
  }
  if (!values.has('led')) return undefined;
  return { values, truncated };
}

function closeInner(raw: string): string | undefined {
  const bare = raw.endsWith(';') ? raw.slice(0, -1).trimEnd() : raw;
  return bare.endsWith('}') ? bare.slice(0, -1) : undefined;
}

function closeLast(raw: string): string | undefined {
  const bare = raw.replace(/[.;,]$|; ?\{[A-Za-z ]{0,25}$/, '').trimEnd();
  for (const end of ['}]}', '}]', '}']) if (bare.endsWith(end)) return bare.slice(0, -end.length);
  return undefined;
}

/** What is left of a value whose end was cut: dots that the cutter put in its place are no part of it. */
function cutRemains(raw: string): string {
  return raw.replace(/[.…\s]{1,4}$/, '');
}

function tailIndex(flat: string): number | undefined {
  const at = flat.search(/OutboundProxyTarget(?:IP|HostName)/);
  return at < 0 ? undefined : at;
}

function readTail(flat: string): Pick<Led, 'outboundProxyTargetIp' | 'outboundProxyTargetHost'> {
  return {
    outboundProxyTargetIp: filled(/OutboundProxyTargetIP(?:Address)?[:=] ?([0-9a-f:.]*[0-9a-f])/i.exec(flat)?.[1]),
    outboundProxyTargetHost: filled(/OutboundProxyTargetHostName[:=] ?([\w-]+(?:\.[\w-]+)*)/i.exec(flat)?.[1]),
  };
}

function filled(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed;
}

function squeezed(value: string | undefined): string | undefined {
  return filled(value?.replace(/\s+/g, ''));
}
