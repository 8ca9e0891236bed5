import { readTag } from './parse-led.ts';

/** One peeled wrapper: what was around, and what was inside. */
export interface Peeled {
  /** Short name of the wrapper for the evidence. */
  kind:
    | 'verification'
    | 'reason'
    | 'arrow'
    | 'message-tag'
    | 'quoted'
    | 'said'
    | 'suspended'
    | 'last-error'
    | 'response';
  inner: string;
}

/** Wrappers nest (a queue's last error holds a Defer reason that holds a reply), but not without end. */
export const MAX_LAYERS = 5;

const QUOTED =
  /(?:responded with|responded|communicating with primary target ip address|error was|returned|response was|with error)[:=]?\s{0,3}["']/i;
const SAID = /\b(?:said|says|refused to talk to me): ?/i;
const REMOTE_ERROR =
  /(?:smtp error from remote mail(?:er| server)|lmtp error from remote mail server) after (?:[^:\n]{1,60}(?::<[^>\n]{0,300}>(?: SIZE=\d{1,12})?)?)[:,]\s{0,8}(?:host [^:\n]{1,300}:\s{0,8})?/i;
const RESPONSE = /(?:the )?response (?:from the remote server )?was:\s{0,8}/i;
const LAST_ERROR = /(?:last error(?: was)?|last ?error|last attempt(?: failed)?|reason was|final error)[:=]\s{0,3}/i;
const SUSPENDED = /delivery temporarily suspended:\s{0,3}/i;
const VERIFICATION = /(?:unverified|undeliverable) (?:address|sender|recipient): (?=.{12})/i;
const EXPIRED_REASON = /message expired, [^()]{3,80}\((.{2,600})\)["'.]?\s*$/i;
const REPLIED_TO = /\s{0,3}\(in reply to [^()]{1,80}\)?\s*\)?\s*$/i;

/** Takes one wrapper off; undefined when the text is the innermost one. */
export function peel(text: string): Peeled | undefined {
  return (
    afterArrow(text) ??
    messageTag(text) ??
    after(text, SUSPENDED, 'suspended') ??
    after(text, VERIFICATION, 'verification') ??
    quoted(text) ??
    after(text, REMOTE_ERROR, 'said') ??
    said(text) ??
    after(text, RESPONSE, 'response') ??
    after(text, LAST_ERROR, 'last-error') ??
    expiredReason(text)
  );
}

function afterArrow(text: string): Peeled | undefined {
  const at = text.indexOf(' -> ');
  if (at < 0) return undefined;
  const inner = text.slice(at + 4).trim();
  return /^["']?[245]\d\d\b/.test(inner) || /^[a-z]/i.test(inner) ? { kind: 'arrow', inner } : undefined;
}

/** `550 5.4.317 Message expired, cannot connect to remote server(SubjectMismatch)`: the reason stands in parentheses. */
function expiredReason(text: string): Peeled | undefined {
  const inner = EXPIRED_REASON.exec(text)?.[1]?.trim();
  return inner === undefined || inner === '' ? undefined : { kind: 'reason', inner };
}

function messageTag(text: string): Peeled | undefined {
  const inner = readTag(text, 'Message')?.trim();
  return inner === undefined || inner === '' ? undefined : { kind: 'message-tag', inner };
}

/** The quote ends at the last quote sign of its kind: replies quote names themselves. */
function quoted(text: string): Peeled | undefined {
  const match = QUOTED.exec(text);
  if (match === null) return undefined;
  const from = match.index + match[0].length;
  const sign = text[from - 1] ?? '"';
  const double = sign === '"' ? text.indexOf('"', from) : text.lastIndexOf("'");
  const inner = text.slice(from, double > from ? double : undefined).trim();
  return inner === '' ? undefined : { kind: 'quoted', inner };
}

function said(text: string): Peeled | undefined {
  const match = SAID.exec(text);
  if (match === null) return undefined;
  const inner = text
    .slice(match.index + match[0].length)
    .replace(REPLIED_TO, '')
    .trim();
  return inner === '' ? undefined : { kind: 'said', inner };
}

function after(text: string, pattern: RegExp, kind: Peeled['kind']): Peeled | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const inner = text.slice(match.index + match[0].length).trim();
  return inner === '' ? undefined : { kind, inner };
}
