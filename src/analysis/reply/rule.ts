import type { Cause, ErrorType, Owner } from '../../vocabulary.ts';

/** One row of the rule tables: when all its conditions hold, the fault is the row's. */
export interface Rule {
  /** Unique, `<family>-<name>`. */
  id: string;
  /** Only when these words come from this system (see issuer.ts). */
  issuer?: string;
  /** Reply code, or its first digit: `552`, `4`. */
  code?: string;
  /** `5.7.606`, a range in the last part `5.7.606-649`, or any class `x.1.1`. */
  enhanced?: string;
  /** Tested on folded text (fold.ts): lower case, no accents, one space. Must run in linear time. */
  text?: RegExp;
  /** Null when nothing is wrong. */
  errorType: ErrorType | null;
  cause: Cause | 'ok';
  owner: Owner;
  /** How sure the row is when it matches, 0 to 1. */
  confidence: number;
  /** One sentence for people. */
  meaning: string;
  /** URL or RFC section on which the row rests. */
  source: string;
  /** A text that this row decides; checked by a test. */
  example: string;
}

/** What a rule is asked about. */
export interface RuleSubject {
  code: string | null;
  enhanced: string | null;
  /** Folded words of the reply. */
  folded: string;
  issuer: string | null;
}
