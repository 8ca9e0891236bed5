import { isIP } from 'node:net';
import { z } from 'zod';
import { asciiHostName } from '../src/dns/host-name.ts';
import { UserError } from '../src/errors.ts';
import type { ProbeTarget } from '../src/probe/request.ts';
import { unwrapChatMarkup } from './unwrap.ts';

const EXAMPLE = '/probe contoso.com';

/**
 * Reads a target as people write it: `contoso.com`, `mx1.contoso.com:25`, `192.0.2.10`, `[2001:db8::1]:25`,
 * `kim@contoso.com`, with whatever a chat client wrapped around it.
 * @throws UserError that says what is wrong and shows a line that works.
 */
export function parseTarget(typed: string): ProbeTarget {
  const text = strip(unwrapChatMarkup(typed));
  if (text === '')
    throw new UserError('There is no target. Give a domain, a host or an address.', { example: EXAMPLE });
  if (/\p{Cc}/u.test(text)) {
    throw new UserError(`${quoted(text)} has a line end or another control character in it. Give a name or address.`, {
      example: EXAMPLE,
    });
  }
  if (text.includes('%') && !text.includes('@')) {
    throw new UserError(`${quoted(text)} has a % in it. Give an address without a zone, or a name.`, {
      example: EXAMPLE,
    });
  }
  if (text.length > 320) throw new UserError('That is too long for a name or an address.', { example: EXAMPLE });
  const at = text.lastIndexOf('@');
  if (at >= 0) return mailboxTarget(text, at);
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed) return ipTarget(bracketed[1] ?? '', bracketed[2], text);
  if (isIP(text) !== 0) return { kind: 'ip', ip: text };
  const [name, port, more] = text.split(':');
  if (more !== undefined) {
    throw new UserError(
      `${quoted(text)} is not a host or address. An IPv6 address with a port is written in brackets.`,
      {
        example: '/probe [2001:db8::1]:25',
      },
    );
  }
  if (port === undefined) return { kind: 'domain', domain: asciiName(name ?? '', text) };
  if (isIP(name ?? '') !== 0) return ipTarget(name ?? '', port, text);
  return { kind: 'host', host: asciiName(name ?? '', text), port: parsePort(port, text) };
}

/**
 * A target as the argument of `/<command>`: what was typed and what it means. A target that cannot be read ends the
 * parsing, with an example of that command.
 */
export function targetArg(command: string) {
  return z.string().transform((text) => {
    try {
      const target = parseTarget(text);
      // The text becomes part of the line behind a button, where what stands after a blank would be read as options.
      return { text: /\s/.test(text) ? strip(unwrapChatMarkup(text)) : text, target };
    } catch (error) {
      if (!(error instanceof UserError) || error.example === undefined) throw error;
      throw new UserError(error.message, { example: error.example.replace('/probe', `/${command}`), cause: error });
    }
  });
}

/** Quotes, a URL's scheme and path, a trailing dot, punctuation of the sentence around it. */
function strip(text: string): string {
  return text
    .trim()
    .replace(/^["'`(]+/, '')
    .replace(/["'`),;!?]+$/, '')
    .replace(/^(?:smtps?|https?|mailto):(?:\/\/)?/i, '')
    .replace(/[/?#].*$/s, '')
    .replace(/(?<!\.)\.$/, '');
}

function mailboxTarget(text: string, at: number): ProbeTarget {
  const local = text.slice(0, at);
  const domainPart = text.slice(at + 1);
  if (local === '')
    throw new UserError(`${quoted(text)} has nothing before the @.`, { example: '/probe kim@contoso.com' });
  // RFC 5321 4.1.2: an @ before the last one stands in quotes.
  if (local.length > 64 || /[\s<>\r\n\0]/.test(local) || (local.includes('@') && !/^".*"$/.test(local))) {
    throw new UserError(`${quoted(text)} is not an address.`, { example: '/probe kim@contoso.com' });
  }
  const domain = asciiName(domainPart, text);
  return { kind: 'domain', domain, mailbox: `${local}@${domain}` };
}

function ipTarget(ip: string, port: string | undefined, text: string): ProbeTarget {
  const plain = ip.replace(/^ipv6:/i, '');
  if (isIP(plain) === 0)
    throw new UserError(`${quoted(text)} is not an address.`, { example: '/probe [2001:db8::1]:25' });
  return port === undefined ? { kind: 'ip', ip: plain } : { kind: 'ip', ip: plain, port: parsePort(port, text) };
}

function parsePort(digits: string, text: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65535) {
    throw new UserError(`${quoted(text)} has no valid port. Ports are 1 to 65535.`, {
      example: '/probe mx1.contoso.com:25',
    });
  }
  return port;
}

/** A DNS name as A-labels (RFC 5890), in lower case. */
function asciiName(name: string, text: string): string {
  const ascii = asciiHostName(name)?.toLowerCase();
  // A name of digits only is a mistyped address, not a host (RFC 3696 2).
  if (ascii !== undefined && !/^[\d.]+$/.test(ascii)) return ascii;
  throw new UserError(`${quoted(text)} is not a domain, host or address.`, { example: EXAMPLE });
}

/** What was typed, bounded, with nothing in it that could draw a line of its own. */
function quoted(text: string): string {
  return `"${text.slice(0, 80).replace(/\p{Cc}/gu, '?')}"`;
}
