import type { Cause, ErrorType, Owner, Stage } from '../../vocabulary.ts';
import type { Evidence } from '../diagnosis.ts';

/** What the caller knows besides the words: where in the session they were heard. */
export interface ReplyHint {
  stage?: Stage;
}

/** What one reply, LED string, Defer reason or Diagnostic-Code says. */
export interface ReplyVerdict {
  /** Null when nothing is wrong (`250 2.1.5`). */
  errorType: ErrorType | null;
  /** `ok` goes with a null `errorType`. */
  cause: Cause | 'ok';
  owner: Owner;
  /** 0 to 1; 0.8 and more means sure. */
  confidence: number;
  /** Retrying has ended; null when the words do not say. */
  permanent: boolean | null;
  /** Of the outermost reply: `450`, `4.4.316`. */
  code: string | null;
  enhanced: string | null;
  /** The outermost reply without its codes, lines joined by LF, bounded. */
  text: string;
  /** Of the reply inside a wrapper; null without one. */
  innerCode: string | null;
  innerEnhanced: string | null;
  /** Whose words these are: `exchange-online`, `gmail`, `postfix` …; null when unknown. */
  issuer: string | null;
  /** The host that answered or was tried, never the sender's own. */
  remoteHost: string | null;
  remoteIp: string | null;
  recipient: string | null;
  /** The rule that decided; null when only the class of the code did. */
  ruleId: string | null;
  /** One sentence for people. */
  meaning: string;
  /** The text was cut before it ended. */
  truncated: boolean;
  /** Time of the last attempt, ISO 8601; without `Z` the zone is not known. */
  lastRetry: string | null;
  /** Retrying ended because the message grew too old. */
  expired: boolean;
  evidence: Evidence[];
}
