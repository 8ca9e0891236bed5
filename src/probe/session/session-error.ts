import type { Stage } from '../../vocabulary.ts';
import type { SmtpReply } from './smtp-reply.ts';

/** Why a session ended before its conversation did. */
export type SessionErrorKind =
  /** The deadline of the stage or of the whole probe passed. */
  | 'timeout'
  | 'cancelled'
  /** A system error of the socket; `errno` says which. */
  | 'socket'
  /** The peer closed the connection in good order (FIN). */
  | 'closed'
  /** TLS could not be established; `errno` holds OpenSSL's or the system's code. */
  | 'tls'
  | 'malformed-reply'
  | 'reply-too-long'
  | 'starttls-injection'
  /** Something that must not go onto the wire, such as CR LF in an address. */
  | 'bad-argument';

/** A session that broke: the one shape whichever layer noticed. It stays inside the probe core, where it becomes a fault. */
export class SessionError extends Error {
  override name = 'SessionError';
  readonly kind: SessionErrorKind;
  /** Where it broke. */
  readonly stage: Stage;
  readonly errno: string | undefined;
  /** The 421 with which the server took its leave unasked (RFC 5321 3.8); it says why the connection ended. */
  readonly goodbye: SmtpReply | undefined;
  constructor(
    kind: SessionErrorKind,
    stage: Stage,
    message: string,
    options: { errno?: string | undefined; goodbye?: SmtpReply | undefined } = {},
  ) {
    super(message);
    this.kind = kind;
    this.stage = stage;
    this.errno = options.errno;
    this.goodbye = options.goodbye;
  }
}
