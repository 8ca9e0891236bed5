import { type MtaStsResult, policyNames } from '../../transport-policy/mta-sts.ts';
import type { CertificateProblem } from './certificate.ts';
import type { Trust } from './trust.ts';

/** How a sender that follows the domain's policy looks at a host (RFC 8461 4). */
export interface MtaStsView {
  /** As in the JSON contract. */
  state: 'match' | 'mismatch' | 'testing' | 'none' | 'broken' | 'unknown';
  /** Why it does or does not match, or why there is nothing to match. */
  words: string;
  /** Where the policy does not name the MX host: the words for that alone. */
  unlisted?: string;
}

/** What the peer showed; `undefined` problems where TLS did not come up. */
export interface MtaStsEvidence {
  host: string;
  /** What is wrong with its certificate when it is held to the name of the MX host only (RFC 8461 4.2), and matters here. */
  problems: readonly CertificateProblem[] | undefined;
}

/** Holds the MX host to the policy: it must be named, offer TLS, and show a trusted certificate for its own name. */
export function viewMtaSts(result: MtaStsResult, { host, problems }: MtaStsEvidence): MtaStsView {
  if (result.state !== 'policy') {
    const words = result.state === 'none' ? 'the domain publishes no MTA-STS policy' : result.words;
    return { state: result.state, words };
  }
  const { policy } = result;
  if (policy.mode === 'none') {
    return { state: 'none', words: 'the MTA-STS policy has mode none' };
  }
  const unlisted = policyNames(policy, host)
    ? undefined
    : `the policy does not name ${host} (it names ${listOf(policy.mx)})`;
  const faults = [
    ...(unlisted === undefined ? [] : [unlisted]),
    ...(problems === undefined ? ['TLS does not come up'] : problems.map(({ words }) => `the certificate ${words}`)),
  ];
  if (faults.length === 0) {
    const words = `the MTA-STS policy (${policy.mode}) names ${host} and its certificate is valid`;
    return { state: 'match', words };
  }
  const state = policy.mode === 'testing' ? 'testing' : 'mismatch';
  return { state, words: faults.join('; '), ...(unlisted === undefined ? {} : { unlisted }) };
}

/** The view as a line beside the other kinds of senders. */
export function mtaStsTrust({ state, words }: MtaStsView, cause: string): Trust {
  const model = 'mta-sts';
  switch (state) {
    case 'match':
      return { model, state: 'ok', delivers: true, words: `Senders that follow MTA-STS deliver: ${words}.` };
    case 'mismatch':
      return { model, state: cause, delivers: false, words: `Senders that follow MTA-STS refuse: ${words}.` };
    case 'testing':
      return {
        model,
        state,
        delivers: true,
        words: `Senders that follow MTA-STS deliver and report, because the policy is in testing mode: ${words}.`,
      };
    case 'broken':
      return {
        model,
        state,
        delivers: null,
        words: `The MTA-STS policy cannot be used, so senders go on as if there were none: ${words}.`,
      };
    case 'unknown':
      return { model, state, delivers: null, words: `Whether there is an MTA-STS policy is not known: ${words}.` };
    case 'none':
      return { model, state, delivers: null, words: `MTA-STS does not apply: ${words}.` };
  }
}

function listOf(hosts: readonly string[]): string {
  return hosts.length <= 3
    ? hosts.join(', ') || 'none'
    : `${hosts.slice(0, 3).join(', ')} and ${hosts.length - 3} more`;
}
