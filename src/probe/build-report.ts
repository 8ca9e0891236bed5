import type { GuideValues, Knowledge } from '../analysis/knowledge/knowledge.ts';
import { isCauseOf } from '../vocabulary.ts';
import type { ProbePlan } from './plan.ts';
import type { Problem } from './problem.ts';
import type { ProbeAttempt, ProbeReport } from './report.ts';
import type { ProbeRequest } from './request.ts';
import type { Route } from './resolve-route.ts';
import type { Tried } from './try-addresses.ts';
import { decideVerdict, whyUntried } from './verdict.ts';

interface Findings {
  request: ProbeRequest;
  plan: ProbePlan;
  route: Route;
  tried: Tried;
  startedAt: Date;
  durationMs: number;
  probeId: string;
  helo: string;
  knowledge: Pick<Knowledge, 'guide'>;
}

const NO_TIME: Problem = {
  errorType: 'ProbeTimeout',
  cause: 'dns',
  owner: 'dns',
  stage: 'dns',
  words: 'the time of the probe was up before DNS had answered',
};

/** The report of a whole probe, with what to do about its fault. */
export function buildReport(findings: Findings): ProbeReport {
  const { request, route, tried } = findings;
  const set = decideVerdict(tried.outcomes);
  const attempts = tried.outcomes.map(({ report }) => report);
  const first = attempts[0];
  first?.notes.push(...route.notes, ...untriedNote(tried.untried), ...setAsideNotes(attempts));
  const unreached = route.problem ?? (attempts.length === 0 ? NO_TIME : undefined);
  const fault = unreached ?? set.telling;
  const base = {
    target: request.text,
    mx: route.mx,
    attempts,
    probeId: findings.probeId,
    search: { helo: findings.helo, messageId: null, subject: null, lines: [] },
    dnssec: 'unknown' as const,
    control: null,
    correlation: null,
    rounds: {
      total: 1,
      failed: Number(unreached !== undefined || set.verdict === 'failed'),
      degraded: Number(unreached === undefined && set.verdict === 'degraded'),
    },
    lastGood: null,
    startedAt: findings.startedAt.toISOString(),
    durationMs: Math.round(findings.durationMs * 10) / 10,
  };
  if (fault === undefined || fault.errorType === null) {
    const verdict = { verdict: set.verdict, errorType: null, cause: null, stage: null, owner: 'none' as const };
    return { ...base, ...verdict, summary: set.summary, mitigation: [], runbooks: [] };
  }
  const { errorType, cause, stage, owner } = fault;
  const known = cause !== null && isCauseOf(errorType, cause) ? cause : null;
  const guidance = findings.knowledge.guide(
    { errorType, cause: known, owner, stage },
    guideValues(findings, set.telling),
  );
  return {
    ...base,
    verdict: unreached === undefined ? set.verdict : 'failed',
    errorType,
    cause,
    stage,
    owner,
    summary: unreached === undefined ? set.summary : `${unreached.words}.`,
    mitigation: guidance.mitigation,
    runbooks: guidance.runbooks,
  };
}

function guideValues({ plan, request, route }: Findings, telling: ProbeAttempt | undefined): GuideValues {
  return {
    host: telling?.host ?? route.mx[0]?.host ?? (plan.viaMx ? null : plan.name),
    ip: telling?.ip ?? null,
    port: telling === undefined ? null : String(telling.port),
    domain: plan.viaMx ? plan.name : null,
    recipient: request.depth === 'rcpt' || request.depth === 'submit' ? plan.to : null,
    sender: plan.from || null,
    code: telling?.lastReply?.code ?? null,
    enhanced: telling?.lastReply?.enhanced ?? null,
    text: telling?.lastReply?.text ?? null,
  };
}

function untriedNote(untried: number): string[] {
  if (untried === 0) return [];
  return [
    `${untried} more ${untried === 1 ? 'address was' : 'addresses were'} not tried: the time of the probe was up.`,
  ];
}

/** Addresses that were set aside are mentioned, so that nobody takes them for tested. */
function setAsideNotes(attempts: readonly ProbeAttempt[]): string[] {
  const reasons = attempts.map(whyUntried);
  if (!reasons.includes(undefined)) return [];
  const notes: string[] = [];
  if (reasons.includes('no-ipv6')) {
    notes.push('IPv6 could not be tried: this machine has no route. That says nothing about the server.');
  }
  if (reasons.includes('egress')) notes.push('Addresses that the egress policy does not allow were not tried.');
  return notes;
}
