import type { SecureContext } from 'node:tls';
import type { Stage } from '../../vocabulary.ts';
import type { ReplyOddity } from './reply-parser.ts';
import type { StageClock } from './stage-clock.ts';
import type { Transcript } from './transcript.ts';

/** What one SMTP connection needs to know; it asks nobody else. */
export interface SessionOptions {
  /** The address dialled. */
  host: string;
  port: number;
  /** The address as the transcript calls it. */
  peerName: string;
  /** Start with TLS (port 465) instead of STARTTLS. */
  implicitTls: boolean;
  /** Name for SNI; missing for a target that has none. */
  servername?: string | undefined;
  secureContext: SecureContext;
  transcript: Transcript;
  clock: StageClock;
  /** Milliseconds that the stage may still take, asked when it begins. */
  stageBudgetMs: (stage: Stage) => number;
  /** Aborting it ends the session as `cancelled`. */
  signal: AbortSignal;
  /** Oddities of the peer that are worth a word. */
  onNote: (note: string) => void;
  /** Told of each reply that was asked for. */
  onTiming?: (timing: ReplyTiming) => void;
}

/** When one reply came, in milliseconds after its command was sent (the greeting: after the connection stood). */
export interface ReplyTiming {
  stage: Stage;
  code: number;
  /** Its first byte. */
  firstMs: number;
  /** Its last byte. */
  lastMs: number;
}

/** Departures from the standard as words that follow "The server". */
export const ODDITY_WORDS: Readonly<Record<ReplyOddity, string>> = {
  'bare-lf': 'ends lines with a bare LF instead of CR LF (RFC 5321 2.3.8)',
  'bare-cr': 'sends a CR inside a line',
  nul: 'sends NUL bytes',
  '8-bit': 'sends 8-bit characters in replies',
  'long-line': 'sends reply lines longer than 512 bytes (RFC 5321 4.5.3.1.5)',
  'mixed-codes': 'mixes reply codes within one reply (RFC 5321 4.2.1)',
};
