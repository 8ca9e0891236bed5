/** What an event does to the recipients it names. */
export type EventRole = 'noise' | 'intake' | 'routing' | 'handover' | 'delivery' | 'deferral' | 'failure' | 'drop';

/** Place of an event among those of one second; see {@link compareEvents}. */
type Phase = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

interface EventKind {
  role: EventRole;
  phase: Phase;
}

/**
 * Message tracking events (learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking). HAREDIRECT and
 * HADISCARD are shadow redundancy and say nothing about delivery; SENDEXTERNAL is the hop that leaves the organisation;
 * SEND is a delivery unless it goes to another server of the organisation. An event that is not listed is noise.
 */
const KINDS: Record<string, EventKind> = {
  RECEIVE: { role: 'intake', phase: 0 },
  SUBMIT: { role: 'intake', phase: 1 },
  SUBMITDEFER: { role: 'noise', phase: 1 },
  SUBMITFAIL: { role: 'noise', phase: 1 },
  INITMESSAGECREATED: { role: 'noise', phase: 1 },
  NOTIFYMAPI: { role: 'noise', phase: 1 },
  RESUBMIT: { role: 'intake', phase: 1 },
  DSN: { role: 'intake', phase: 1 },
  HARECEIVE: { role: 'noise', phase: 1 },
  HAREDIRECT: { role: 'noise', phase: 1 },
  HAREDIRECTFAIL: { role: 'noise', phase: 1 },
  EXPAND: { role: 'routing', phase: 2 },
  RESOLVE: { role: 'routing', phase: 2 },
  REDIRECT: { role: 'routing', phase: 2 },
  AGENTINFO: { role: 'noise', phase: 3 },
  JOURNAL: { role: 'noise', phase: 3 },
  PROCESS: { role: 'noise', phase: 3 },
  THROTTLE: { role: 'noise', phase: 3 },
  TRANSFER: { role: 'routing', phase: 4 },
  SEND: { role: 'handover', phase: 5 },
  SENDEXTERNAL: { role: 'delivery', phase: 5 },
  DEFER: { role: 'deferral', phase: 6 },
  DELIVER: { role: 'delivery', phase: 7 },
  DUPLICATEDELIVER: { role: 'delivery', phase: 7 },
  FAIL: { role: 'failure', phase: 7 },
  BADMAIL: { role: 'failure', phase: 7 },
  DROP: { role: 'drop', phase: 8 },
  HADISCARD: { role: 'noise', phase: 8 },
};

const NOISE: EventKind = { role: 'noise', phase: 4 };

/** What is known of an event by its name, any case. */
export function eventKind(event: string): EventKind {
  const name = event.trim().toUpperCase();
  return Object.hasOwn(KINDS, name) ? (KINDS[name] ?? NOISE) : NOISE;
}

/**
 * A SEND within the organisation: the connector between its own servers, which cannot be renamed or localised, or none.
 */
export function isInternalSend(connector: string): boolean {
  return connector === '' || /^intra-organization\b/i.test(connector);
}

interface Placed {
  /** Milliseconds since 1970. */
  ms: number;
  event: string;
  /** Place in the file. */
  order: number;
}

/**
 * Order in which events happened. Servers write rows of one second out of order (a FAIL before the agent that caused
 * it), so within a second intake comes first, then routing and agents, then what ends the hop; inside such a group
 * time decides, and for equal times the phase.
 */
export function compareEvents(a: Placed, b: Placed): number {
  const first = eventKind(a.event).phase;
  const second = eventKind(b.event).phase;
  return (
    Math.floor(a.ms / 1000) - Math.floor(b.ms / 1000) ||
    group(first) - group(second) ||
    a.ms - b.ms ||
    first - second ||
    a.order - b.order
  );
}

function group(phase: Phase): number {
  if (phase < 2) return 0;
  if (phase < 5) return 1;
  return 2;
}
