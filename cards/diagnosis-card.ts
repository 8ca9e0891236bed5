import type { Diagnosis } from '../src/analysis/diagnosis.ts';
import type { Card, CardAction, CardBlock, CardDetail, CardState, Span } from './card.ts';
import { maskCard } from './mask.ts';
import { ownerLine } from './owner-line.ts';
import { runbookAction } from './runbook-action.ts';
import { asClause, splitSentence } from './say.ts';
import { foldSteps, spans, stepText } from './steps.ts';

/** Below this the answer says that it is not certain (DESIGN section 4: 0.8 and more means sure). */
const SURE = 0.8;

/** The answer of a diagnosis: what it means, whose it is, what to do, and what it rests on. */
export function diagnosisCard(diagnosis: Diagnosis, options: { audience?: 'shared' | 'private' } = {}): Card {
  // What follows the first sentence (host, retry) stands in the lines below already.
  const [headline] = splitSentence(diagnosis.explanation);
  const folded = foldSteps(diagnosis.mitigation);
  const card: Card = {
    kind: 'diagnosis',
    state: stateOf(diagnosis),
    title: named(headline, diagnosis),
    meta: metaOf(diagnosis),
    ...ownerOf(diagnosis),
    steps: folded.steps,
    blocks: blocksOf(diagnosis),
    details: [...folded.more, ...detailsOf(diagnosis)],
    actions: actionsOf(diagnosis),
  };
  return options.audience === 'shared' ? maskCard(card) : card;
}

/** The title names the host it is about, where the words themselves do not. */
function named(headline: string, { remoteHost, remoteIp }: Diagnosis): string {
  const name = remoteHost ?? remoteIp;
  return name === null || name === '' || headline.includes(name) ? headline : `${name}: ${asClause(headline)}`;
}

function stateOf({ errorType, permanent }: Diagnosis): CardState {
  if (errorType === null) return 'ok';
  if (errorType === 'Unknown') return 'unknown';
  // Being asked to come back later is how mail works: it still arrives.
  return errorType === 'ServerBusy' && permanent === false ? 'degraded' : 'failed';
}

function metaOf(diagnosis: Diagnosis): string {
  const { errorType, cause, reply, issuer, remoteHost, remoteIp } = diagnosis;
  const kind = errorType === null ? null : [errorType, cause].filter((part) => part !== null).join(' ');
  const code = [reply?.code, reply?.enhanced].filter((part) => part).join(' ');
  const where = [remoteHost, remoteIp].filter((part) => part !== null).join(' ');
  const whose = issuer === null ? null : `said by ${issuer}`;
  return [kind, code, where, whose].filter((part) => part !== null && part !== '').join(' · ');
}

function ownerOf({ errorType, owner, permanent, confidence }: Diagnosis): Pick<Card, 'owner'> {
  if (errorType === null) return {};
  const percent = Math.round(confidence * 100);
  const sentences = [
    ...(permanent === null
      ? []
      : [permanent ? 'Retrying has ended: the sender got the mail back.' : 'Mail is queued and retried.']),
    ...(confidence < SURE ? [`Likely, not certain (confidence ${percent} %).`] : []),
  ];
  return { owner: ownerLine(owner, sentences.join(' ')) };
}

function blocksOf(diagnosis: Diagnosis): CardBlock[] {
  const blocks: CardBlock[] = [];
  if (diagnosis.reply !== null) {
    const { code, enhanced, text } = diagnosis.reply;
    const words = [code, enhanced, text].filter((part) => part !== null && part !== '').join(' ');
    if (words !== '') blocks.push({ type: 'code', text: words, caption: 'The reply' });
  }
  if (diagnosis.next.length > 0) {
    const lines = diagnosis.next.flatMap((line): Span[] => [{ text: '\n? ' }, ...spans(stepText(line))]);
    blocks.push({ type: 'text', text: [{ text: 'What would settle it', style: 'bold' }, ...lines] });
  }
  return blocks;
}

function detailsOf(diagnosis: Diagnosis): CardDetail[] {
  if (diagnosis.evidence.length === 0) return [];
  const rows = diagnosis.evidence.map(({ kind, text }) => [kind, text]);
  return [{ id: 'evidence', title: 'Evidence', blocks: [{ type: 'table', columns: ['What', 'Words'], rows }] }];
}

function actionsOf(diagnosis: Diagnosis): CardAction[] {
  const peer = lookable(diagnosis.remoteHost) ?? lookable(diagnosis.remoteIp);
  const actions = runbookAction(diagnosis.errorType, diagnosis.runbooks);
  if (peer === undefined) return actions;
  return [
    { type: 'run', label: 'Probe it', line: `/probe ${peer}`, where: 'thread', primary: true },
    ...actions,
    { type: 'run', label: 'Peer', line: `/peer ${peer}`, where: 'thread' },
  ];
}

/** A name or address that may stand in a command line: nothing else of a remote's words gets there. */
function lookable(name: string | null): string | undefined {
  return name !== null && /^[\p{L}\p{N}][\p{L}\p{N}.:_-]{0,254}$/u.test(name) ? name : undefined;
}
