import type { Owner } from '../../vocabulary.ts';
import type { Article, Attempt, Step } from './article.ts';

/** What decides which steps fit; undefined fields mean that nobody asked about a certain case. */
export interface StepContext {
  owner?: Owner;
  tried?: Attempt;
}

const NAMES: Record<Attempt, string> = {
  'exchange-online': 'Exchange Online',
  probe: 'a probe',
  other: 'another server',
};

/**
 * The templates of the steps that fit. Where the context leaves a condition open, or the owner is one for whom no step
 * was written, the step names its condition instead of disappearing.
 */
export function chooseSteps(steps: readonly Step[], context: StepContext): string[] {
  const owners = new Set(steps.map((step) => (typeof step === 'string' ? undefined : step.owner)));
  const known = context.owner !== undefined && owners.has(context.owner) ? context.owner : undefined;
  return steps.flatMap((step) => {
    if (typeof step === 'string') return [step];
    const { text, owner, tried } = step;
    if (owner !== undefined && known !== undefined && known !== owner) return [];
    if (tried !== undefined && context.tried !== undefined && !tried.includes(context.tried)) return [];
    const conditions: string[] = [];
    if (owner !== undefined && known === undefined) conditions.push(`the ${owner} must act`);
    if (tried !== undefined && context.tried === undefined) {
      conditions.push(`${tried.map((attempt) => NAMES[attempt]).join(' or ')} tried`);
    }
    return [conditions.length === 0 ? text : `When ${conditions.join(' and ')}: ${lowerFirst(text)}`];
  });
}

/** Where the cause is not known: the first move for each cause, then what helps in every case. */
export function overviewSteps({ causes, steps }: Article, context: StepContext): string[] {
  const firstMoves = new Map<string, string[]>();
  for (const [cause, entry] of Object.entries(causes)) {
    for (const text of chooseSteps(entry.steps.slice(0, 1), context)) {
      firstMoves.set(text, [...(firstMoves.get(text) ?? []), `\`${cause}\``]);
    }
  }
  const named = [...firstMoves].map(([text, names]) => `For ${names.join(', ')}: ${lowerFirst(text)}`);
  return [...named, ...chooseSteps(steps, context)];
}

/** Abbreviations and code keep their capitals; the sentence may stand inside a clause. */
function lowerFirst(text: string): string {
  return text.replace(
    /^((?:\[\?\w+ )?)([A-Z])(?=[a-z ])/,
    (_, clause: string, first: string) => clause + first.toLowerCase(),
  );
}
