import { withTimeLimit } from '../dns/deadline.ts';
import { fetchPolicyText } from './fetch-policy.ts';
import { lookupMtaStsRecord } from './mta-sts-record.ts';
import { type MtaStsPolicy, parsePolicy } from './parse-mta-sts.ts';
import type { PolicyDeps } from './policy-deps.ts';

export { type MtaStsPolicy, policyNames } from './parse-mta-sts.ts';
export type { PolicyDeps } from './policy-deps.ts';

/** What came of asking a domain for its policy. */
export type MtaStsResult =
  /** Nothing is published. */
  | { state: 'none' }
  /** Senders act on it; `warnings` are what its owner should mend all the same. */
  | { state: 'policy'; policy: MtaStsPolicy; warnings: string[] }
  /** Published but unusable: senders act as if there were none. */
  | { state: 'broken'; words: string }
  /** The DNS did not answer. */
  | { state: 'unknown'; words: string };

/**
 * Looks up and fetches the MTA-STS policy of a mail domain (RFC 8461 3). Whatever the domain's servers do is a state with
 * words; rejects only with the reason of `deps.signal`.
 */
export async function fetchMtaSts(domain: string, deps: PolicyDeps): Promise<MtaStsResult> {
  const began = performance.now();
  const record = await withTimeLimit(deps.resolver, deps.timeoutMs, deps.signal, (resolver) =>
    lookupMtaStsRecord(domain, resolver),
  );
  if (record.state !== 'record') return record;
  const leftMs = Math.max(1, deps.timeoutMs - (performance.now() - began));
  const fetched = await fetchPolicyText(domain, { ...deps, timeoutMs: leftMs });
  if ('unknown' in fetched) return { state: 'unknown', words: fetched.unknown };
  if ('broken' in fetched) return { state: 'broken', words: fetched.broken };
  const parsed = parsePolicy(fetched.text);
  const served = fetched.mediaType === 'text/plain' ? '' : `served as ${fetched.mediaType || 'no media type'}`;
  if ('broken' in parsed) {
    const words = `the policy ${parsed.broken}`;
    return { state: 'broken', words: served === '' ? words : `${words}; it is ${served}, not text/plain` };
  }
  const warnings = served === '' ? parsed.warnings : [`the policy is ${served}, not text/plain`, ...parsed.warnings];
  return { state: 'policy', policy: { id: record.id, ...parsed.policy }, warnings };
}
