import type { TlsaLookup } from '../../transport-policy/dane.ts';
import type { MtaStsResult } from '../../transport-policy/mta-sts.ts';
import type { ProbeAttempt } from '../report.ts';
import { type CertificateProblem, judgeCertificate, sentOf } from './certificate.ts';
import type { TlsFacts } from './tls-facts.ts';
import { daneMismatchWords, daneNotes, daneTrust, viewDane } from './trust-dane.ts';
import { type MtaStsView, mtaStsTrust, viewMtaSts } from './trust-mta-sts.ts';

/** One kind of sender and what it makes of the certificate. */
export type Trust = ProbeAttempt['tls']['trust'][number];

/** What was shown and what is published; undefined where it was not looked up. */
export interface TrustEvidence {
  facts: TlsFacts;
  /** Name of the MX host; undefined for a target that is an address. */
  host: string | undefined;
  /** Names of which the certificate must carry one: the host and the domain asked. */
  names: readonly string[];
  now: Date;
  tlsa: TlsaLookup | undefined;
  mtaSts: MtaStsResult | undefined;
}

/** The certificate as every kind of sender sees it, and what that means for the verdict. */
export interface TrustVerdict {
  /** Everything wrong with it for a sender that wants a trusted certificate. */
  problems: CertificateProblem[];
  trust: Trust[];
  dane: string | null;
  mtaSts: string | null;
  /** The problem that counts, if one does; `words` read after the host's name. */
  telling: CertificateProblem | undefined;
  /** Whole sentences. */
  notes: string[];
  /** DANE authenticates the host whatever a public authority says. */
  vouchedByDane: boolean;
}

/**
 * Weighs the trust models. DANE comes first, because its senders refuse whatever the mode (RFC 7672 2.2); where it matches it
 * stands in for chain, dates and name (3.1.1). Then the certificate itself, then what an enforced MTA-STS policy adds.
 */
export function judgeTrust(evidence: TrustEvidence): TrustVerdict {
  const { facts, names, now, tlsa } = evidence;
  const problems = judgeCertificate(facts, { names, now });
  // An authority counts for DANE only when the server sends it (RFC 7671 5.2.1).
  const dane = tlsa === undefined ? undefined : viewDane(tlsa, sentOf(facts), names, now);
  const policy = mtaStsOf(evidence);
  const vouchedByDane = dane?.state === 'match';
  const policyProblem = policy === undefined ? undefined : policyMismatch(policy.view, policy.problems);
  // A key that is too weak stays weak, whoever names it.
  const counting = vouchedByDane ? problems.filter(({ cause }) => cause === 'weak-key') : problems;
  const refusals = [
    dane?.state === 'mismatch' ? { cause: 'dane-mismatch' as const, words: daneMismatchWords(dane) } : undefined,
    policyProblem,
  ].filter((problem) => problem !== undefined);
  const rest = counting.filter(({ cause }) => !isTold(cause, policyProblem?.cause));
  const [refusal, ...otherRefusals] = refusals;
  const [worst, ...others] = rest;
  return {
    problems,
    trust: [
      opportunistic(problems),
      pkix(problems),
      ...(dane === undefined ? [] : [daneTrust(dane)]),
      ...(policy === undefined ? [] : [mtaStsTrust(policy.view, policyProblem?.cause ?? 'mta-sts-mismatch')]),
    ],
    dane: dane?.state ?? null,
    mtaSts: policy?.view.state ?? null,
    telling: refusal ?? (worst && { cause: worst.cause, words: `certificate ${worst.words}` }),
    notes: [
      ...otherRefusals.map(({ words }) => `Besides: ${words}.`),
      ...(refusal === undefined ? others : rest).map(
        ({ words }) => `The certificate ${words.replace(/^(?:is )?/, '$&also ')}.`,
      ),
      ...(vouchedByDane ? excused(problems) : []),
      ...(dane === undefined ? [] : daneNotes(dane)),
      ...policyNotes(policy?.view, evidence.mtaSts),
      ...(policyProblem === undefined || policyProblem.cause === 'mta-sts-mismatch' ? [] : unlistedNote(policy?.view)),
    ],
    vouchedByDane,
  };
}

/** Is this problem of the certificate part of what the policy problem says? */
function isTold(cause: string, policyCause: string | undefined): boolean {
  return cause === policyCause || (cause === 'name-mismatch' && policyCause === 'mta-sts-mismatch');
}

function mtaStsOf({ facts, host, now, mtaSts }: TrustEvidence) {
  if (mtaSts === undefined || host === undefined) return undefined;
  // Weakness that OpenSSL tolerates is no reason to refuse.
  const problems = judgeCertificate(facts, { names: [host], now }).filter(
    ({ cause }) => cause !== 'weak-key' || !facts.trusted,
  );
  return { view: viewMtaSts(mtaSts, { host, problems }), problems };
}

/**
 * An enforced policy that the host does not meet. Where the certificate itself is bad that stays the cause: mending it mends
 * the rest; where policy and host disagree about names, that is it.
 */
function policyMismatch(view: MtaStsView, problems: readonly CertificateProblem[]): CertificateProblem | undefined {
  if (view.state !== 'mismatch') return undefined;
  const own = problems.find(({ cause }) => cause !== 'name-mismatch');
  if (own !== undefined) {
    return { cause: own.cause, words: `certificate ${own.words}, ${POLICY_REFUSES}` };
  }
  return {
    cause: 'mta-sts-mismatch',
    words: `does not meet the domain's MTA-STS policy (enforce), so senders that follow it refuse: ${view.words}`,
  };
}

/** What an enforced policy adds to other trouble with TLS. */
export const POLICY_REFUSES = "and the domain's MTA-STS policy (enforce) makes senders refuse";

function opportunistic(problems: readonly CertificateProblem[]): Trust {
  const words =
    problems.length === 0
      ? 'A sender that encrypts when it can, as most do, delivers.'
      : 'A sender that encrypts when it can, as most do, delivers all the same: it checks no certificate.';
  return { model: 'opportunistic', state: 'ok', delivers: true, words };
}

function pkix(problems: readonly CertificateProblem[]): Trust {
  const worst = problems[0];
  const who = 'A sender that requires a trusted certificate';
  if (worst === undefined) return { model: 'pkix', state: 'ok', delivers: true, words: `${who} delivers.` };
  return { model: 'pkix', state: worst.cause, delivers: false, words: `${who} refuses: it ${worst.words}.` };
}

/** With DANE the rest is no fault, but senders that do not know DANE and require trust see it. */
function excused(problems: readonly CertificateProblem[]): string[] {
  const worst = problems.find(({ cause }) => cause !== 'weak-key');
  if (worst === undefined) return [];
  return [
    `DANE vouches for the certificate; senders without DANE that require a trusted one refuse it: it ${worst.words}.`,
  ];
}

/** Mending the certificate would not be enough. */
function unlistedNote(view: MtaStsView | undefined): string[] {
  return view?.unlisted === undefined ? [] : [`MTA-STS: ${view.unlisted}.`];
}

function policyNotes(view: MtaStsView | undefined, result: MtaStsResult | undefined): string[] {
  const warnings = result?.state === 'policy' ? result.warnings.map((words) => `MTA-STS: ${words}.`) : [];
  if (view === undefined || !['testing', 'broken', 'unknown'].includes(view.state)) return warnings;
  return [mtaStsTrust(view, '').words, ...warnings];
}
