import type { Fault, Stage } from '../../vocabulary.ts';
import { retryHint } from '../attempt/retry-hint.ts';

/** A reply heard by ourselves, with what its words alone say. */
export interface HeardReply {
  code: number;
  enhanced: string | null;
  text: string;
  stage: Stage;
  said: Fault | undefined;
}

type PlacedFault = Fault & { meaning?: string };

const BUSY: PlacedFault = {
  errorType: 'ServerBusy',
  cause: 'busy',
  owner: 'recipient',
  meaning: 'The server is busy or shutting down: it takes no conversation now.',
};
const GREYLISTED: PlacedFault = {
  errorType: 'ServerBusy',
  cause: 'greylisted',
  // Nobody must act: senders come again by themselves.
  owner: 'none',
  meaning: 'The server asks unknown senders to come back later (greylisting).',
};
const BLOCKED: PlacedFault = {
  errorType: 'ReputationBlock',
  cause: 'ip-reputation',
  owner: 'sender',
  meaning: 'The server refuses our address before we said who we are.',
};
/** RFC 5321 3.1 lets a host say 554 to everybody; the words do not tell that apart from a refusal of us. */
const NO_SERVICE: PlacedFault = {
  errorType: 'Unknown',
  cause: 'permanent',
  owner: 'unknown',
  meaning: 'The server gives no service, to nobody or not to us; it does not say which.',
};

/** What the server knows of us this early is our address. */
const REFUSES_US =
  /\b(?:block(?:ed|list(?:ed)?)?|listed|denied|den(?:y|ies)|reject(?:ed|s)?|ban(?:ned)?|refused|blacklist(?:ed)?)\b/i;
/** `<name>: Helo command rejected: Host not found`, as Postfix and Exim say to EHLO as well (RFC 5321 4.1.1.1). */
const OF_OUR_NAME = /\b(?:helo|ehlo)\b.{0,40}\b(?:name|host|host ?name|command rejected)\b/i;
/** What a 4xx cannot mean when it is the peer itself that says it, in answer to nothing or to our name. */
const NOT_OF_A_GREETING = new Set([
  'ConnectionLost',
  'UnableToConnect',
  'ProtocolError',
  'TlsNotOffered',
  'ProbeTimeout',
]);

/** What the place in the session adds to the words; undefined where it adds nothing. */
export function faultAtStage(reply: HeardReply): PlacedFault | undefined {
  const { code, said, stage, text } = reply;
  // Our name is what it minds, and neither our address nor how busy it is.
  if (stage === 'ehlo' && said?.errorType === 'ProtocolError' && OF_OUR_NAME.test(text)) return undefined;
  if (stage === 'banner' || stage === 'ehlo') {
    const early = code < 500 ? busyEarly(reply) : refusedEarly(reply);
    if (early !== undefined) return early;
  }
  // RFC 5321 3.8: 421 says that the server is shutting the channel down, whatever the words.
  if (code === 421 && (said === undefined || said.errorType === 'ProtocolError')) return BUSY;
  return isGreylisting(reply) ? GREYLISTED : undefined;
}

function busyEarly({ said }: HeardReply): PlacedFault | undefined {
  return said === undefined || NOT_OF_A_GREETING.has(said.errorType) ? BUSY : undefined;
}

function refusedEarly({ code, said, text, stage }: HeardReply): PlacedFault | undefined {
  // To EHLO any 5xx but these two may mean that the server does not know the word.
  const ofUs = stage === 'banner' || code === 554 || code === 521;
  const vague = said === undefined || said.errorType === 'ProtocolError' || isPlainPolicy(said);
  if (!ofUs || !vague) return undefined;
  if (REFUSES_US.test(text)) return BLOCKED;
  return said !== undefined && isPlainPolicy(said) && !/no smtp service/i.test(text) ? undefined : NO_SERVICE;
}

function isPlainPolicy({ errorType, cause }: Fault): boolean {
  return errorType === 'PolicyRejected' && cause === 'policy';
}

/** RFC 6647 2.1: a temporary refusal inside the transaction that names a time, or the policy code with a request to retry. */
function isGreylisting({ code, enhanced, text, stage, said }: HeardReply): boolean {
  if (said?.cause === 'greylisted') return true;
  if (code >= 500 || !['mail', 'rcpt', 'data', 'bdat', 'end-of-data'].includes(stage)) return false;
  if (said !== undefined && said.cause !== 'busy') return false;
  if (code !== 450 && code !== 451) return false;
  if (/unavailable|server error|internal|lookup|configuration|resources?/i.test(text)) return false;
  const asked = /\b(?:try|retry|come back)\b/i.test(text);
  return asked && (enhanced === '4.7.1' || retryHint(text) !== undefined);
}
