import { setTimeout as pause } from 'node:timers/promises';
import type { Attempt } from '../attempt/attempt-context.ts';
import type { AttemptRecord } from '../attempt/attempt-record.ts';
import type { Problem } from '../faults/problem.ts';
import type { ProbeAttempt } from '../report.ts';
import { SCANNED_PROTOCOLS, type ScannedProtocol } from '../tls-vocabulary.ts';
import { handshakeAside } from './handshake-aside.ts';
import type { TlsFacts } from './tls-facts.ts';
import { tlsName } from './tls-failure.ts';

type Scanned = NonNullable<ProbeAttempt['tls']['scan']>[number];

/** What came of one version: the peer's answer, or why there is none. */
type Answer =
  | { kind: 'accepted'; facts: TlsFacts }
  | { kind: 'declined'; problem: Problem }
  | { kind: 'unasked'; words: string };

/** Between two connections, so that a scan does not look like a flood. */
const PAUSE_MS = 150;
const TIME_UP = 'the time of the probe was up';
/** Node's timers may fire up to a millisecond early. */
const TIMER_SLACK_MS = 2;

/** Handshakes that end in one of these ways say no to what was offered. */
const DECLINES = ['protocol-version', 'cipher', 'handshake', 'reset'];

/**
 * Offers each TLS version alone, one connection each, and records which the peer takes. Nothing that goes wrong here is a
 * finding about mail flow; a version that could not be asked about is never reported as declined.
 */
export async function scanTls(attempt: Attempt): Promise<void> {
  const { record, settings } = attempt;
  if (!wantsAnswer(attempt)) return;
  const answers: [ScannedProtocol, Answer][] = [];
  let stopped: string | undefined;
  for (const protocol of SCANNED_PROTOCOLS) {
    if (stopped === undefined && answers.length > 0) await pause(PAUSE_MS, undefined, { signal: settings.signal });
    if (isTimeUp(attempt)) stopped ??= TIME_UP;
    const answer: Answer = stopped === undefined ? await offer(attempt, protocol) : { kind: 'unasked', words: stopped };
    // A peer that is out of reach or patience would not answer the next question either.
    if (answer.kind === 'unasked') stopped ??= isTimeUp(attempt) ? TIME_UP : answer.words;
    answers.push([protocol, stopped === undefined ? answer : { kind: 'unasked', words: stopped }]);
  }
  const unreliable = answers.some(([protocol, answer]) => cutsAnyway(attempt, protocol, answer));
  record.scan = answers.map(([protocol, answer]) => scanned(protocol, unreliable ? withoutCuts(answer) : answer));
  for (const { protocol, error, cipher } of record.scan) {
    record.transcript.event(`${tlsName(protocol)} alone: ${error ?? `accepted (${cipher})`}`);
  }
  noteOutdated(record, record.scan);
}

function isTimeUp({ settings }: Attempt): boolean {
  return settings.clock.elapsed() >= settings.deadlineAt - TIMER_SLACK_MS;
}

/** A connection that was cut is then no answer. */
function withoutCuts(answer: Answer): Answer {
  if (answer.kind !== 'declined' || answer.problem.cause !== 'reset') return answer;
  return { kind: 'unasked', words: 'the server cuts connections, also for a version that it takes' };
}

/** Only a peer that offers TLS can be asked, and one that could not be reached was asked enough. */
function wantsAnswer({ record, settings }: Attempt): boolean {
  if (settings.depth === 'connect' || settings.tlsMode === 'off') return false;
  if (record.problem()?.stage === 'connect') return false;
  return settings.implicitTls || record.tlsOffered === true;
}

async function offer(attempt: Attempt, protocol: ScannedProtocol): Promise<Answer> {
  const found = await handshakeAside(attempt, protocol);
  if (found.facts !== undefined) return { kind: 'accepted', facts: found.facts };
  const { problem, tried } = found;
  if (problem !== undefined && tried && DECLINES.includes(problem.cause)) return { kind: 'declined', problem };
  return { kind: 'unasked', words: problem?.words ?? 'the server did not come so far' };
}

/** A version that has worked before and is cut off now: this peer cuts connections for another reason than their version. */
function cutsAnyway({ record }: Attempt, protocol: ScannedProtocol, answer: Answer): boolean {
  return answer.kind === 'declined' && answer.problem.cause === 'reset' && record.protocol === protocol;
}

function declineWords({ cause, words }: Problem): string {
  switch (cause) {
    case 'protocol-version':
      return 'not accepted';
    case 'cipher':
      return 'not accepted: no cipher in common';
    case 'reset':
      return 'not accepted: the connection is cut when it is offered';
    default:
      return `not accepted: ${words}`;
  }
}

function scanned(protocol: ScannedProtocol, answer: Answer): Scanned {
  if (answer.kind === 'accepted') return { protocol, accepted: true, cipher: answer.facts.cipher, error: null };
  return { protocol, accepted: false, cipher: null, error: outcome(answer) };
}

function outcome(answer: Answer): string {
  switch (answer.kind) {
    case 'accepted':
      return `accepted (${answer.facts.cipher ?? 'unknown cipher'})`;
    case 'declined':
      return declineWords(answer.problem);
    case 'unasked':
      return `could not be asked: ${answer.words}`;
  }
}

/** Versions that RFC 8996 has retired harm nobody who speaks newer ones, but they are worth a word. */
function noteOutdated(record: AttemptRecord, scan: readonly Scanned[]): void {
  const accepted = scan.filter((one) => one.accepted).map(({ protocol }) => protocol);
  const outdated = accepted.filter((protocol) => protocol === 'TLSv1' || protocol === 'TLSv1.1');
  if (outdated.length === 0 || outdated.length === accepted.length) return;
  const which = outdated.map(tlsName).join(' and ');
  record.notes.add(
    `${which} ${outdated.length === 1 ? 'is' : 'are'} accepted beside newer versions (retired by RFC 8996).`,
  );
}
