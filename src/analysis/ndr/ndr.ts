import type { ReplyVerdict } from '../reply/verdict.ts';

/** A piece of a bounce in which a server's words stand. */
export interface Finding {
  /** Recipient that the words are about, when the mail says so. */
  recipient: string | null;
  /** The words themselves: a reply, a Diagnostic-Code, a transcript line. */
  text: string;
  remoteHost: string | null;
  remoteIp: string | null;
  /** The outermost, final words, when `text` is an earlier attempt that tells more. */
  final: string | null;
}

/** One recipient of a delivery status notification (RFC 3464 section 2.3). */
export interface DsnRecipient {
  recipient: string | null;
  /** `failed`, `delayed`, `delivered`, `relayed`, `expanded`; null when missing. */
  action: string | null;
  status: string | null;
  remoteHost: string | null;
  remoteIp: string | null;
  diagnostic: string | null;
}

/** The mail as far as a bounce reader needs it. */
export interface NdrDocument {
  /** Lower-case header name to first value; empty for pasted text. */
  headers: ReadonlyMap<string, string>;
  subject: string;
  /** The human part, LF line ends, without the returned message. */
  body: string;
  /** Body of the message/delivery-status part; null without one. */
  deliveryStatus: string | null;
}

/** A reader of one mail system's bounces. */
export interface NdrFormat {
  name: string;
  /** Cheap test whether this reader should try. */
  fits(document: NdrDocument): boolean;
  read(document: NdrDocument): Finding[];
}

/** What a bounce says, for the recipient that failed first. */
export interface Ndr {
  /** Which reader understood the body: `exchange`, `postfix`, `qmail` …; null when only the DSN part, or nothing, was. */
  shape: string | null;
  /** The mail looks like a bounce: a DSN part, a bounce's sender or subject, or the phrases of one. */
  bounce: boolean;
  /** Delivery was delayed, not given up. */
  delayed: boolean;
  reportingMta: string | null;
  recipients: DsnRecipient[];
  /** The judgement; null when the mail holds no server's words at all. */
  verdict: ReplyVerdict | null;
}
