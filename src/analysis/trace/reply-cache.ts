import { classifyReply, type ReplyVerdict } from '../reply/classify-reply.ts';

const MAX_VERDICTS = 4096;
/**
 * What differs in replies of one kind: the time of the last retry; `[host 2026-09-14T08:11:43.120Z 08DEF1A2B3C4D5E6]`,
 * the server and session that wrote it; ids.
 */
const VARYING =
  /\{LRT=[^{}]{0,64}\}|\[[A-Za-z0-9.-]{1,255} \d{4}-\d\d-\d\dT[^\][]{0,80}\]|\b[0-9A-Fa-f][0-9A-Fa-f-]{15,255}/g;
const ADDRESS = /[^\s<>"';,]{1,64}@[A-Za-z0-9.-]{1,255}/g;

/** Classifies replies, one of a kind once: times, sessions, ids and addresses do not make another kind. */
export class ReplyCache {
  private readonly verdicts = new Map<string, ReplyVerdict>();

  classify(reply: string): ReplyVerdict {
    const kind = kindOf(reply);
    const known = this.verdicts.get(kind);
    if (known) return known;
    const verdict = classifyReply(reply);
    if (this.verdicts.size >= MAX_VERDICTS) this.verdicts.clear();
    this.verdicts.set(kind, verdict);
    return verdict;
  }
}

function kindOf(reply: string): string {
  const kind = reply.slice(0, 4096).replace(VARYING, '#');
  return kind.includes('@') ? kind.replace(ADDRESS, '@') : kind;
}
