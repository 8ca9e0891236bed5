import type { Readable } from 'node:stream';

/** A trace file to read: a path in the terminal, an upload in chat. */
export interface TraceInput {
  name: string;
  /** Bytes, when known; used for progress only. */
  size?: number;
  open(): Promise<Readable>;
  /** A real file of this machine: a big one is then read in parallel by byte range. */
  path?: string;
}

/** What to look for; without any key the whole trace counts. */
export interface TraceQuery {
  /** Internet message id, with or without angle brackets, or the network message id. */
  messageId?: string;
  /** Recipient address, any case. */
  recipient?: string;
  /** Address or CIDR of the client, server or original client. */
  ip?: string;
  /** Name in HELO or EHLO; `*` stands for any characters. */
  helo?: string;
  /** ISO 8601; a time without zone is UTC. Inclusive. */
  since?: string;
  /** ISO 8601; a time without zone is UTC. Inclusive. */
  until?: string;
}

/** How far the reading is. */
export interface TraceProgress {
  file: string;
  rows: number;
  bytes: number;
  totalBytes?: number;
}
