import type { GuideValues, Knowledge } from '../../analysis/knowledge/knowledge.ts';
import { isCauseOf } from '../../vocabulary.ts';
import type { ControlResult } from '../control.ts';
import type { Problem } from '../faults/problem.ts';
import type { ProbePlan } from '../plan.ts';
import type { ProbeAttempt, ProbeReport } from '../report.ts';
import type { ProbeRequest } from '../request.ts';
import type { Path } from '../route/path.ts';
import type { Route } from '../route/resolve-route.ts';
import type { Tried } from '../route/try-addresses.ts';
import { searchFor } from './search-lines.ts';
import { setNotes } from './set-notes.ts';
import { decideVerdict } from './verdict.ts';

interface Findings {
  request: ProbeRequest;
  plan: ProbePlan;
  route: Route;
  tried: Tried;
  /** The control target's answer, when it was asked. */
  control: ControlResult | undefined;
  /** It should have been asked, but none is configured. */
  uncontrolled: boolean;
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
  const { request, route, tried, control } = findings;
  const set = decideVerdict(tried.paths);
  const attempts = tried.paths.map(({ report }) => report);
  const { untried, paths } = tried;
  attempts[0]?.notes.push(...setNotes({ route, paths, untried, uncontrolled: findings.uncontrolled }));
  const overall = control?.blocked === true ? blockedProblem(findings, control) : undefined;
  const unreached = route.problem ?? (attempts.length === 0 ? NO_TIME : overall);
  const fault = unreached ?? set.telling;
  const base = {
    target: request.text,
    mx: route.mx,
    attempts,
    probeId: findings.probeId,
    search: searchFor({ probeId: findings.probeId, helo: findings.helo, attempts, messageId: messageIdOf(paths) }),
    dnssec: route.dnssec,
    control: control?.found ?? null,
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
    const { verdict, summary } = set;
    return {
      ...base,
      verdict,
      errorType: null,
      cause: null,
      stage: null,
      owner: 'none',
      summary,
      mitigation: [],
      runbooks: [],
    };
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
    summary: unreached === undefined ? set.summary : `${capitalized(unreached.words)}.`,
    mitigation: guidance.mitigation,
    runbooks: guidance.runbooks,
  };
}

/** Neither the target nor a host that is known to answer: the trouble is on our own way out. */
function blockedProblem({ plan }: Findings, { found, port }: ControlResult): Problem {
  const where = port === plan.port ? `port ${port} anywhere` : `mail servers at port ${port} or ${plan.port}`;
  return {
    errorType: 'UnableToConnect',
    cause: 'blocked-egress',
    owner: 'network',
    stage: 'connect',
    words: `this host cannot reach ${where}: the control target ${found.target} fails too, so this says nothing about ${plan.name}`,
  };
}

function guideValues(findings: Findings, telling: ProbeAttempt | undefined): GuideValues {
  const { plan, request, route, control } = findings;
  const blockedHere = control?.blocked === true ? control.found.target : null;
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
    control: blockedHere,
    partial: findings.tried.paths.some(({ report }) => report.verdict !== 'failed') ? 'partial' : null,
    policy: telling?.cause === 'blocked-egress' ? 'policy' : null,
  };
}

/** Angle brackets included, as Exchange wants it in a search. */
function messageIdOf(paths: readonly Path[]): string | null {
  const id = paths.find(({ messageId }) => typeof messageId === 'string')?.messageId ?? null;
  return id === null || id.startsWith('<') ? id : `<${id}>`;
}

/** A sentence's first letter, unless a name begins it. */
function capitalized(words: string): string {
  return words.replace(/^(?:this|the) /, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
