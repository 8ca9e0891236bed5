import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { ScriptedStage, ServerScript } from '../site.ts';
import type { Greylist } from './greylist.ts';
import type { SmtpLimits } from './limits.ts';
import { type MessageDraft, type ReceivedMessage, startDraft } from './received-message.ts';
import { fillIn } from './reply-text.ts';

/** The server's part in a conversation: everything that stays the same from command to command. */
export interface ServerRole {
  host: string;
  /** Mail for addresses of this domain is taken; for others it is refused as relaying. */
  domain: string;
  script: ServerScript;
  limits: SmtpLimits;
  clock: Clock;
  greylist: Greylist;
  /** Keeps a message that was accepted. */
  accept(message: ReceivedMessage): void;
}

/** What a session has said so far. */
export interface SmtpState {
  role: ServerRole;
  sessionId: string;
  secure: boolean;
  greeted: boolean;
  /** Turned away at the banner: nothing but QUIT is answered well (RFC 5321 section 3.1). */
  turnedAway: boolean;
  /** Envelope sender; undefined outside a transaction. */
  from: string | undefined;
  recipients: string[];
  draft: MessageDraft;
  /** A message is on its way in chunks. */
  chunking: boolean;
  mistakes: number;
}

/** What the server does next. Lines of a reply are joined by LF; without `next` it waits for a command. */
export interface Step {
  reply?: string;
  next?: { kind: 'data' } | { kind: 'chunk'; octets: number; last: boolean } | { kind: 'starttls' } | { kind: 'close' };
}

/** Answers one command; `args` is what follows the verb. */
export type SmtpCommand = (state: SmtpState, args: string) => Step;

/** A session before its banner. */
export function startConversation(role: ServerRole, secure: boolean): SmtpState {
  return {
    role,
    sessionId: randomBytes(8).toString('hex').toUpperCase(),
    secure,
    greeted: false,
    turnedAway: false,
    from: undefined,
    recipients: [],
    draft: startDraft(0),
    chunking: false,
    mistakes: 0,
  };
}

/** A refusal; too many of them end the session as they do on Exchange. */
export function refuse(state: SmtpState, reply: string, next?: Step['next']): Step {
  state.mistakes += 1;
  if (state.mistakes > state.role.limits.mistakes) {
    return {
      reply: '421 4.7.0 Too many errors on this connection, closing transmission channel',
      next: { kind: 'close' },
    };
  }
  return { reply, ...(next === undefined ? {} : { next }) };
}

/** The reply that the script has for this stage, filled in. */
export function scripted(state: SmtpState, stage: ScriptedStage, to = ''): string | undefined {
  const template = state.role.script.replies?.[stage];
  return template === undefined ? undefined : fillIn(template, state.role.host, to);
}

/** Forgets sender, recipients and message, as RSET, EHLO and the end of a message do. */
export function resetTransaction(state: SmtpState): void {
  state.from = undefined;
  state.recipients = [];
  state.chunking = false;
}
