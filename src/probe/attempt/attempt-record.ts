import type { Reply } from '../../schema.ts';
import type { Stage, Verdict } from '../../vocabulary.ts';
import type { Problem } from '../faults/problem.ts';
import { LIMITS } from '../limits.ts';
import type { ProbeAttempt } from '../report.ts';
import type { ReplyTiming } from '../session/session-options.ts';
import { describeReply, type SmtpReply } from '../session/smtp-reply.ts';
import { mergeStages, roundMs, StageClock } from '../session/stage-clock.ts';
import { Transcript } from '../session/transcript.ts';
import type { CertificateProblem } from '../tls/certificate.ts';
import { describeCertificate } from '../tls/certificate.ts';
import type { TlsFacts } from '../tls/tls-facts.ts';

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
  /** The certificate as each kind of sender sees it. */
  trust: Pick<ProbeAttempt['tls'], 'dane' | 'mtaSts' | 'trust'> = { dane: null, mtaSts: null, trust: [] };
  scan: ProbeAttempt['tls']['scan'] = null;
  /** Reads after "answers with TLS 1.3 and ", where nothing is wrong with it. */
  certificateWords = 'a valid certificate';
  lastReply: SmtpReply | undefined;
  capabilities: string[] = [];
  capabilitiesBeforeTls: string[] | null = null;
  tlsOffered: boolean | null = null;
  recipientAccepted = false;
  banner: ProbeAttempt['banner'] = null;
  readonly replies: ProbeAttempt['replies'] = [];
  /** The log-in, when one is asked for. */
  auth: ProbeAttempt['auth'] = null;
  /** Of the probe message, once its text was sent: whether the peer took it, the verdict says. */
  messageId: string | null = null;
  /** The reply that only asks us to come again later (RFC 6647). */
  greylisted: { reply: SmtpReply; stage: Stage } | undefined;
  /** How long that was already waited for, in milliseconds. */
  waitedMs: number | undefined;
  /** Where the connection broke, if it did. */
  brokeAt: Stage | undefined;
  /** A connection has stood, now or before. */
  reached = false;
  /** This machine has no route to the address. */
  noRoute = false;
  /** Commands were sent together (RFC 2920). */
  pipelined = false;
  /** After that, replies and commands no longer matched. */
  outOfStep = false;
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

  /** Forgets what came of it, before the same conversation is had once more. Transcript, notes and replies stay. */
  startOver(): void {
    this.failedBy = undefined;
    this.degradedBy.length = 0;
    this.clocks.length = 0;
    this.lastReply = undefined;
    this.capabilities = [];
    this.capabilitiesBeforeTls = null;
    this.tlsOffered = null;
    this.recipientAccepted = false;
    this.greylisted = undefined;
    this.brokeAt = undefined;
    this.noRoute = false;
    this.pipelined = false;
    this.outOfStep = false;
  }

  addTiming({ stage, code, firstMs, lastMs }: ReplyTiming): void {
    if (this.replies.length >= LIMITS.replies) return;
    this.replies.push({ stage, code: String(code), firstByteMs: roundMs(firstMs), lastByteMs: roundMs(lastMs) });
  }

  /** Milliseconds that the newest connection spent in a stage. */
  spent(stage: Stage): number | undefined {
    return this.clocks.at(-1)?.spent(stage);
  }

  /** Nothing happens at this stage for a while; progress shows why. */
  wait(stage: Stage, why: string): void {
    this.transcript.event(why);
    this.clocks.at(-1)?.wait(stage, why);
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

  /** TLS version of the conversation, as Node names it. */
  get protocol(): string | null {
    return this.facts?.protocol ?? null;
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
      banner: this.banner,
      replies: [...this.replies],
      capabilities: this.capabilities,
      capabilitiesBeforeTls: this.capabilitiesBeforeTls,
      auth: this.auth,
      tls: {
        offered: this.tlsOffered,
        protocol: this.facts?.protocol ?? null,
        cipher: this.facts?.cipher ?? null,
        authorized: this.facts === undefined ? null : this.certificateProblems.length === 0,
        ...this.trust,
        scan: this.scan,
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

/** Which of several troubles explains most: what holds mail up now over broken TLS, that over masked words, a mangling middlebox over missing STARTTLS. */
function rank({ errorType, cause }: Problem): number {
  if (cause === 'greylisted') return -1;
  if (errorType === 'TlsHandshakeFailure' || errorType === 'CertificateFailure') return 0;
  if (cause === 'capability-masked') return 1;
  return cause === 'banner-mangled' ? 2 : 3;
}
