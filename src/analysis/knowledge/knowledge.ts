import { z } from 'zod';
import { runbookSchema } from '../../schema.ts';
import type { Cause, ErrorType, Owner, Stage } from '../../vocabulary.ts';
import { ARTICLES } from './error-types/index.ts';
import { fill } from './fill.ts';

/** What was found out and can be filled into a command. Everything is optional; null means the same as missing. */
export interface GuideValues {
  /** The remote host that was tried or answered. */
  host?: string | null;
  ip?: string | null;
  /** The mail domain in question. */
  domain?: string | null;
  recipient?: string | null;
  sender?: string | null;
  /** Our own address as the remote saw it. */
  senderIp?: string | null;
  code?: string | null;
  enhanced?: string | null;
  text?: string | null;
  connector?: string | null;
  server?: string | null;
  messageId?: string | null;
}

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
  /** Steps in order, plain text, with commands that can be pasted. */
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
  const known = { ...values, domain: values.domain ?? domainOf(values.recipient) };
  const filled = (lines: readonly string[]): string[] => lines.map((line) => fill(line, known));
  return {
    meaning: fill(special?.meaning ?? article.meaning, known),
    mitigation: filled([...(special?.steps ?? []), ...(special?.only === true ? [] : article.steps)]),
    runbooks: [runbook],
    confirm: filled([...(special?.confirm ?? []), ...article.confirm]),
    next: filled([...(special?.next ?? []), ...article.next]),
    attach: filled(article.attach),
  };
}

function domainOf(recipient: string | null | undefined): string | null {
  const at = recipient?.lastIndexOf('@') ?? -1;
  return recipient === null || recipient === undefined || at < 0 ? null : recipient.slice(at + 1);
}
