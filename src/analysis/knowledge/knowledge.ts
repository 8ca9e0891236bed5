import { z } from 'zod';
import { runbookSchema } from '../../schema.ts';
import type { Cause, ErrorType, Owner, Stage } from '../../vocabulary.ts';
import type { Attempt } from './article.ts';
import { ARTICLES } from './error-types/index.ts';
import { fill } from './fill.ts';
import { chooseSteps, overviewSteps } from './steps.ts';
import { derive, type GuideValues } from './values.ts';

export type { GuideValues } from './values.ts';

/** What the knowledge base is asked about; a null cause, or one it does not know, gets the general advice. */
export interface GuidedFault {
  errorType: ErrorType;
  cause: Cause | null;
  owner: Owner;
  stage?: Stage | null;
}

const guidanceSchema = z.object({
  /** One or two sentences: what it means. */
  meaning: z.string(),
  /** Steps in order, one action each; commands, filters and paths stand in backticks. */
  mitigation: z.array(z.string()),
  runbooks: z.array(runbookSchema),
  /** How to prove that this is the fault. */
  confirm: z.array(z.string()),
  /** What to ask or look at next when the words do not settle it. */
  next: z.array(z.string()),
  /** What to send along when the owner is somebody else. */
  attach: z.array(z.string()),
});

/** Guidance for one fault. */
export type Guidance = z.infer<typeof guidanceSchema>;

/** The knowledge base: what to do about each error type and cause. */
export interface Knowledge {
  guide(fault: GuidedFault, values?: GuideValues): Guidance;
  /** Title and link of the runbook of an error type. */
  runbook(errorType: ErrorType): { title: string; url: string };
}

/** Where the links of a knowledge base point. */
export interface KnowledgeOptions {
  runbookUrl: (errorType: ErrorType) => string;
  /** Runbook URL by error type, over `runbookUrl`. */
  overrides?: Record<string, string>;
}

/** Makes the knowledge base; it is pure apart from the links it is given. */
export function createKnowledge(options: KnowledgeOptions): Knowledge {
  const runbook = (errorType: ErrorType): { title: string; url: string } => ({
    title: ARTICLES[errorType].title,
    url: options.overrides?.[errorType] ?? options.runbookUrl(errorType),
  });
  return {
    runbook,
    guide: (fault, values = {}) => guideFault(fault, values, runbook(fault.errorType)),
  };
}

function guideFault(fault: GuidedFault, values: GuideValues, runbook: { title: string; url: string }): Guidance {
  const article = ARTICLES[fault.errorType];
  const special = fault.cause === null ? undefined : article.causes[fault.cause];
  const known = derive(values);
  const filled = (lines: readonly string[]): string[] =>
    lines.map((line) => fill(line, known)).filter((line) => line !== '');
  const context = {
    ...(fault.owner === 'unknown' ? {} : { owner: fault.owner }),
    ...(fault.cause === null ? {} : { tried: attemptOf(fault, values) }),
  };
  const steps =
    special === undefined
      ? overviewSteps(article, context)
      : chooseSteps([...special.steps, ...(special.only ? [] : article.steps)], context);
  return {
    meaning: fill(special?.meaning ?? article.meaning, known),
    mitigation: filled(steps),
    runbooks: [runbook],
    confirm: filled([...(special?.confirm ?? []), ...article.confirm]),
    next: filled([...(special?.next ?? []), ...article.next]),
    attach: filled(article.attach),
  };
}

/** Only a probe knows the stage; x.4.3xx and x.7.32x are what Exchange Online says when it cannot hand mail over. */
function attemptOf({ stage }: GuidedFault, { enhanced }: GuideValues): Attempt {
  if (stage !== undefined && stage !== null) return 'probe';
  return /^[45]\.(?:4\.3\d\d|7\.32\d)$/.test(enhanced ?? '') ? 'exchange-online' : 'other';
}
