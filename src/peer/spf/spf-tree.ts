import type { DnsResolver } from '../../dns/resolver.ts';
import { clip } from '../clip.ts';
import { type DnsFailure, failureWords, isUnanswered } from '../lookup-state.ts';
import { isSpfRecord, needsLookup, parseSpf, type SpfTerm, termProblem } from './spf-record.ts';

/** Bounds of the walk: a tree may be wider than a receiver follows, to say how wide, but not without end. */
const MAX_RECORDS = 40;
const MAX_DEPTH = 10;
const MAX_LINES = 200;

/** An SPF record with what it includes, as far as it can be followed without knowing the sender. */
export interface SpfTree {
  lines: { depth: number; text: string }[];
  /** DNS terms of the whole tree. */
  lookups: number;
  /** What makes a receiver give up (permerror). */
  problems: string[];
  /** Includes that the DNS did not answer for. */
  unanswered: { name: string; status: DnsFailure }[];
  usesPtr: boolean;
}

/** Follows a record's includes and redirects. Terms with macros are counted and not followed. */
export async function walkSpf(domain: string, record: string, resolver: DnsResolver): Promise<SpfTree> {
  const tree: SpfTree = { lines: [], lookups: 0, problems: [], unanswered: [], usesPtr: false };
  let records = 1;

  async function visit(name: string, text: string, path: readonly string[]): Promise<void> {
    const terms = parseSpf(text);
    const hasAll = terms.some(({ kind }) => kind === 'all');
    for (const term of terms) {
      const ignored = term.kind === 'redirect' && hasAll;
      if (tree.lines.length < MAX_LINES) tree.lines.push({ depth: path.length, text: clip(term.text, 200) });
      const problem = termProblem(term);
      if (problem !== undefined) tree.problems.push(path.length === 0 ? problem : `${problem} (in ${name})`);
      if (ignored) continue;
      if (term.kind === 'ptr') tree.usesPtr = true;
      if (needsLookup(term)) tree.lookups += 1;
      if (term.kind === 'include' || term.kind === 'redirect') await follow(term, [...path, name]);
      // What stands behind `all` is never reached (RFC 7208 5.1).
      if (term.kind === 'all') return;
    }
  }

  async function follow(term: SpfTerm, path: readonly string[]): Promise<void> {
    const target = term.value.toLowerCase().replace(/\.$/, '');
    if (target === '' || target.includes('%') || path.length > MAX_DEPTH || records >= MAX_RECORDS) return;
    if (path.includes(target)) {
      tree.problems.push(`${term.text} leads back to itself`);
      return;
    }
    records += 1;
    const answer = await resolver.txt(target);
    if (isUnanswered(answer.status) && answer.status !== 'ok') {
      tree.unanswered.push({ name: target, status: answer.status });
      return;
    }
    const found = answer.records.filter(isSpfRecord);
    const [only] = found;
    if (only === undefined) {
      // RFC 7208 5.2: an include of a domain without SPF is an error, not a mismatch.
      tree.problems.push(
        answer.status === 'ok' || answer.status === 'nodata'
          ? `${clip(term.text, 100)} names a domain without SPF`
          : failureWords(clip(term.text, 100), answer.status).replace(/\.$/, ''),
      );
    } else if (found.length > 1) {
      tree.problems.push(`${clip(term.text, 100)} has ${found.length} SPF records`);
    } else {
      await visit(target, only, path);
    }
  }

  await visit(domain, record, []);
  return tree;
}
