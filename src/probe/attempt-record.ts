import type { Reply } from '../schema.ts';
import type { Stage, Verdict } from '../vocabulary.ts';
import type { CertificateProblem } from './certificate.ts';
import { describeCertificate } from './certificate.ts';
import type { Problem } from './problem.ts';
import type { ProbeAttempt } from './report.ts';
import { describeReply, type SmtpReply } from './smtp-reply.ts';
import { mergeStages, StageClock } from './stage-clock.ts';
import type { TlsFacts } from './tls-facts.ts';
import { Transcript } from './transcript.ts';

/** One address to try. */
export interface AttemptPlan {
  host: string;
  ip: string;
  port: number;
  /** Milliseconds that finding the address took. */
  dnsMs: number | null;
}

/** What is learnt at one address, over all the connections that it takes. */
export class AttemptRecord {
  readonly plan: AttemptPlan;
  readonly transcript: Transcript;
  readonly notes = new Set<string>();
  readonly clocks: StageClock[] = [];
  private readonly elapsed: () => number;
  private readonly onChange: () => void;
  private failedBy: Problem | undefined;
  private readonly degradedBy: Problem[] = [];
  private facts: TlsFacts | undefined;
  private certificateProblems: CertificateProblem[] = [];
  lastReply: SmtpReply | undefined;
  capabilities: string[] = [];
  tlsOffered: boolean | null = null;
  recipientAccepted = false;
  /** What was proven when nothing failed; reads after the host's name. */
  achieved = 'answers';

  constructor(plan: AttemptPlan, elapsed: () => number, onChange: () => void) {
    this.plan = plan;
    this.elapsed = elapsed;
    this.onChange = onChange;
    this.transcript = new Transcript(elapsed);
  }

  /** A clock for one more connection. */
  newClock(): StageClock {
    const clock = new StageClock(this.elapsed, this.onChange);
    this.clocks.push(clock);
    return clock;
  }

  /** Mail does not flow because of this. The first one counts; later ones follow from it. */
  fail(problem: Problem): void {
    this.failedBy ??= problem;
    this.clocks.at(-1)?.mark(problem.stage, 'failed');
  }

  /** Something is wrong, but mail still flows. */
  degrade(problem: Problem): void {
    this.degradedBy.push(problem);
    this.clocks.at(-1)?.mark(problem.stage, 'degraded');
  }

  /** The trouble with TLS met so far, if any. */
  tlsProblem(): Problem | undefined {
    return this.degradedBy.find(({ stage }) => stage === 'starttls' || stage === 'tls' || stage === 'certificate');
  }

  setTls(facts: TlsFacts, problems: CertificateProblem[]): void {
    this.facts = facts;
    this.certificateProblems = problems;
  }

  problem(): Problem | undefined {
    return this.failedBy ?? [...this.degradedBy].sort((a, b) => rank(a) - rank(b))[0];
  }

  verdict(): Verdict {
    if (this.failedBy !== undefined) return 'failed';
    return this.degradedBy.length > 0 ? 'degraded' : 'ok';
  }

  report(): ProbeAttempt {
    const problem = this.problem();
    const others = this.degradedBy
      .filter(({ words }) => problem?.words.startsWith(words) !== true)
      .map(({ words }) => `Besides: ${words}.`);
    return {
      host: this.plan.host,
      ip: this.plan.ip,
      port: this.plan.port,
      verdict: this.verdict(),
      errorType: problem?.errorType ?? null,
      cause: problem?.cause ?? null,
      stage: problem?.stage ?? null,
      owner: problem?.owner ?? 'none',
      summary: problem === undefined ? `${this.where()} ${this.achieved}.` : `${this.where()}: ${problem.words}.`,
      lastReply: this.describeLastReply(),
      timingsMs: this.timings(),
      banner: null,
      replies: [],
      capabilities: this.capabilities,
      capabilitiesBeforeTls: null,
      auth: null,
      tls: {
        offered: this.tlsOffered,
        protocol: this.facts?.protocol ?? null,
        cipher: this.facts?.cipher ?? null,
        authorized: this.facts === undefined ? null : this.facts.trusted && this.certificateProblems.length === 0,
        dane: null,
        mtaSts: null,
        trust: [],
        scan: null,
      },
      certificate: this.facts === undefined ? null : describeCertificate(this.facts),
      transcript: [...this.transcript.entries],
      notes: [...this.notes, ...others],
    };
  }

  /** `mx1.contoso.example (203.0.113.10)`, or the address alone when it has no name. */
  where(): string {
    const { host, ip } = this.plan;
    return host === ip ? ip : `${host} (${ip})`;
  }

  private describeLastReply(): Reply | null {
    return this.lastReply === undefined ? null : describeReply(this.lastReply);
  }

  private timings(): ProbeAttempt['timingsMs'] {
    const spent = new Map<Stage, number>();
    for (const { name, ms } of mergeStages(this.clocks)) if (ms !== undefined) spent.set(name, ms);
    const ms = (stage: Stage): number | null => spent.get(stage) ?? null;
    const sending = (['data', 'bdat', 'end-of-data'] as const).flatMap((stage) => spent.get(stage) ?? []);
    return {
      dns: this.plan.dnsMs,
      connect: ms('connect'),
      banner: ms('banner'),
      ehlo: ms('ehlo'),
      starttls: ms('starttls'),
      tls: ms('tls'),
      mail: ms('mail'),
      rcpt: ms('rcpt'),
      data: sending.length === 0 ? null : Math.round(sending.reduce((sum, one) => sum + one, 0) * 10) / 10,
      total: this.transcript.now(),
    };
  }
}

/** Which of several troubles explains most: broken TLS over masked words, a mangling middlebox over missing STARTTLS. */
function rank({ errorType, cause }: Problem): number {
  if (errorType === 'TlsHandshakeFailure' || errorType === 'CertificateFailure') return 0;
  if (cause === 'capability-masked') return 1;
  return cause === 'banner-mangled' ? 2 : 3;
}
