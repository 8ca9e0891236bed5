import type { Evidence } from '../diagnosis.ts';
import { type Decision, decide } from './decide.ts';
import { fold } from './fold.ts';
import { identifyIssuer } from './issuer.ts';
import { type Led, parseLed } from './parse-led.ts';
import { MAX_REPLY, type ParsedReply, parseReply, unescapeLines } from './parse-reply.ts';
import { readRecipient, readRemote } from './remote.ts';
import { MAX_LAYERS, type Peeled, peel } from './unwrap.ts';
import type { ReplyHint, ReplyVerdict } from './verdict.ts';

export type { ReplyHint, ReplyVerdict } from './verdict.ts';

/** Below this a layer's own words count as saying nothing, and the wrapper around it is asked. */
const TELLING = 0.6;
const MAX_TEXT = 2000;

interface Layer {
  text: string;
  reply: ParsedReply;
  kind: Peeled['kind'] | 'outer' | 'detail';
}

/**
 * Classifies one artefact: an SMTP reply, LED string, Defer reason, queue LastError or Diagnostic-Code. Wrappers are taken
 * off and the innermost cause is judged; where its words say nothing, the wrapper is. Never throws.
 */
export function classifyReply(text: string, hint: ReplyHint = {}): ReplyVerdict {
  const bounded = spaced(unescapeLines(text.slice(0, MAX_REPLY)).replace(/[ \t]{2,}/g, ' '));
  const led = bounded.includes('LED=') ? parseLed(bounded) : undefined;
  const layers = readLayers(bounded, led);
  const decided = judge(layers, hint);
  const outer =
    layers.find((layer) => layer.reply.code !== null || layer.reply.enhanced !== null)?.reply ?? layers[0]?.reply;
  const inner = layers.slice(1).findLast((layer) => layer.reply.code !== null && layer.reply !== outer)?.reply;
  const remote = readRemote(bounded, led);
  const issuer = decided.issuer ?? identifyIssuer(fold(bounded)) ?? issuerOfRule(decided.ruleId);
  const code = outer?.code ?? null;
  const enhanced = outer?.enhanced ?? null;
  return {
    errorType: decided.errorType,
    cause: wrappedUnknown(decided, layers),
    owner: decided.owner,
    confidence: decided.confidence,
    permanent: isPermanent(code, enhanced, decided.expired) ?? wordsOf(bounded),
    code,
    enhanced,
    text: (outer?.text ?? bounded.trim()).slice(0, MAX_TEXT),
    innerCode: inner?.code ?? null,
    innerEnhanced: inner?.enhanced ?? null,
    issuer,
    remoteHost: remote.host,
    remoteIp: remote.ip,
    recipient: readRecipient(bounded),
    ruleId: decided.ruleId,
    meaning: decided.meaning,
    truncated: led?.truncated ?? text.length > MAX_REPLY,
    lastRetry: led?.lrt ?? null,
    expired: decided.expired,
    evidence: readEvidence(layers, led, decided, issuer),
  };
}

/** qmail writes its log with underscores for spaces and slashes for line ends. */
function spaced(text: string): string {
  return /[a-z]_[a-z0-9]+_[a-z0-9]/i.test(text) &&
    !text.includes('LED=') &&
    /remote_host|_i_|_said|connected_to|_\(#/i.test(text)
    ? text.replaceAll('_', ' ').replaceAll('/', '\n')
    : text;
}

function readLayers(text: string, led: Led | undefined): Layer[] {
  const layers: Layer[] = [];
  let current = led?.led ?? text;
  let kind: Layer['kind'] = 'outer';
  while (layers.length < MAX_LAYERS) {
    layers.push({ text: current, reply: parseReply(current), kind });
    const peeled = peel(current);
    if (peeled === undefined || peeled.inner.length >= current.length) break;
    current = peeled.inner;
    kind = peeled.kind;
  }
  const message = led?.msg;
  if (message !== undefined && layers.every((layer) => !layer.text.includes(message))) {
    layers.push({ text: message, reply: parseReply(message), kind: 'detail' });
  }
  return layers;
}

/** Innermost first; the first layer whose words tell something decides, else the one that tells most. */
function judge(layers: Layer[], hint: ReplyHint): Decision {
  let best: Decision | undefined;
  let expired = false;
  for (const layer of layers.toReversed()) {
    const decision = decide(layer.reply, layer.text, hint.stage);
    expired ||= decision.expired;
    const better = best === undefined || (best.confidence < TELLING && decision.confidence > best.confidence);
    if (better || (best?.errorType === 'MessageExpired' && decision.confidence >= TELLING)) best = decision;
  }
  return { ...(best ?? decide(parseReply(''), '', hint.stage)), expired };
}

/** Exchange's own codes give it away where its words do not. */
function issuerOfRule(ruleId: string | null): string | null {
  if (ruleId?.startsWith('exo-') === true) return 'exchange-online';
  return ruleId?.startsWith('exchange-') === true ? 'exchange-server' : null;
}

/** A wrapper says at least that it was the remote server that refused. */
function wrappedUnknown(decided: Decision, layers: Layer[]): Decision['cause'] {
  const wrapped = layers.some((layer) => layer.kind === 'arrow' || layer.kind === 'quoted');
  return decided.errorType === 'Unknown' && wrapped ? 'remote-error' : decided.cause;
}

/** Without a code only plain words tell whether retrying has ended. */
function wordsOf(text: string): boolean | null {
  if (/message discarded|permanent(?:ly)? (?:error|failure|fail|reject)|status=bounced|giving up|given up/i.test(text))
    return true;
  if (
    /status=deferred|\bdeferred:|will be (?:retried|reattempted)|will (?:retry|keep trying)|delivery temporarily suspended/i.test(
      text,
    )
  )
    return false;
  return null;
}

/** RFC 3463 section 2: the class of the reply wins over the class of the enhanced code (`550 4.4.7` is final). */
function isPermanent(code: string | null, enhanced: string | null, expired: boolean): boolean | null {
  const first = (code ?? enhanced)?.[0];
  if (first === undefined) return expired ? true : null;
  return first === '5';
}

function readEvidence(layers: Layer[], led: Led | undefined, decided: Decision, issuer: string | null): Evidence[] {
  const evidence: Evidence[] = [];
  const add = (kind: string, text: string | null | undefined): void => {
    if (text !== null && text !== undefined && text !== '') evidence.push({ kind, text: text.slice(0, 500) });
  };
  for (const [index, layer] of layers.entries()) {
    if (index === 0)
      add(layers.some(({ kind }) => kind !== 'outer' && kind !== 'detail') ? 'wrapper' : 'reply', layer.text.trim());
    else if (layer.kind === 'detail') add('socket-error', layer.text);
    else add(layer.reply.code === null ? 'text' : 'inner-reply', layer.text);
  }
  add('issuer', issuer);
  add('last-retry', led?.lrt);
  if (decided.expired) add('expired', 'Retrying has ended: the message grew too old.');
  add('rule', decided.ruleId);
  return evidence;
}
