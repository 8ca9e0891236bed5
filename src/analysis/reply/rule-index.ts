import { createGramIndex } from './gram-index.ts';
import { requiredLiterals } from './required-literals.ts';
import type { Rule, RuleSubject } from './rule.ts';

/** Finds the first rule of a table that fits, without trying them all. */
export interface RuleIndex {
  find(subject: RuleSubject): Rule | undefined;
  /** Ids of text rules that have no literal to be filed under and are tried on every text. */
  readonly unfiled: string[];
}

/**
 * Compiles a table once. Earlier rows win. Text rules are filed under the literals they need, so that only those whose
 * literals occur in the text are tried; code rules under their enhanced or reply code.
 */
export function createRuleIndex(rules: readonly Rule[]): RuleIndex {
  const byCode = new Map<string, number[]>();
  const always: number[] = [];
  const literals = rules.map((rule) => (rule.text === undefined ? [] : requiredLiterals(rule.text)));
  const grams = createGramIndex(literals.map((list) => list ?? []));
  const enhanced = rules.map((rule) =>
    rule.enhanced === undefined ? undefined : new Set(expandEnhanced(rule.enhanced)),
  );
  for (const [index, rule] of rules.entries()) {
    if (rule.text !== undefined) {
      if (literals[index] === undefined) always.push(index);
      continue;
    }
    for (const key of enhanced[index] ?? [rule.code ?? '']) byCode.set(key, [...(byCode.get(key) ?? []), index]);
  }

  function candidates(subject: RuleSubject): number[] {
    const found = [...always];
    grams.candidates(subject.folded, (index) => found.push(index));
    if (subject.enhanced !== null) {
      found.push(...(byCode.get(subject.enhanced) ?? []), ...(byCode.get(`x${subject.enhanced.slice(1)}`) ?? []));
    }
    if (subject.code !== null) found.push(...(byCode.get(subject.code) ?? []));
    return found.sort((one, other) => one - other);
  }

  return {
    find(subject) {
      for (const index of candidates(subject)) {
        const rule = rules[index];
        if (rule !== undefined && fits(rule, enhanced[index], subject)) return rule;
      }
      return undefined;
    },
    unfiled: always.map((index) => rules[index]?.id ?? ''),
  };
}

/** All conditions of a rule hold. */
function fits(rule: Rule, enhanced: ReadonlySet<string> | undefined, subject: RuleSubject): boolean {
  if (rule.issuer !== undefined && rule.issuer !== subject.issuer) return false;
  if (rule.code !== undefined && !(subject.code?.startsWith(rule.code) ?? false)) return false;
  if (enhanced !== undefined) {
    if (subject.enhanced === null) return false;
    if (!enhanced.has(subject.enhanced) && !enhanced.has(`x${subject.enhanced.slice(1)}`)) return false;
  }
  return rule.text === undefined || rule.text.test(subject.folded);
}

/** `5.7.606-649` as the list of its codes. */
function expandEnhanced(wanted: string): string[] {
  const [, head = '', from = '', to = from] = /^([245x]\.\d+\.)(\d+)(?:-(\d+))?$/.exec(wanted) ?? [];
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, offset) => `${head}${Number(from) + offset}`);
}
