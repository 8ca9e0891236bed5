import type { Fault, Stage } from '../../vocabulary.ts';

/** One thing that is wrong at an address: the fault, where it showed, and a phrase for people without the host's name. */
export interface Problem extends Fault {
  stage: Stage;
  /** Reads after "mx1.contoso.example (203.0.113.10): ". No full stop. */
  words: string;
  /** A sender would give up instead of trying the next address (a 5xx reply inside the mail transaction). */
  endsDelivery?: boolean;
}
