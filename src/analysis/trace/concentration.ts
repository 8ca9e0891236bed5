import { type ConnectorTries, DIMENSIONS, type Tries, type ValueTries } from './attempts.ts';
import { type Association, associationOf } from './chi-square.ts';
import type { TraceReport } from './report.ts';

export type Concentration = NonNullable<TraceReport['concentration']>;

/** Fewer attempts or failures say nothing about where it hurts. */
const MIN_ATTEMPTS = 8;
const MIN_FAILURES = 3;
/** A difference that comes about by accident more often than this is none. */
const MAX_CHANCE = 0.01;
/** A weaker one is real in a big trace, yet no answer to "what is it". */
const MIN_STRENGTH = 0.1;
const MAX_NAMED = 5;

const NOUNS: Record<string, string> = {
  sendingServer: 'sending servers',
  sourceSubnet: 'source subnets',
  targetIp: 'target addresses',
  connector: 'connectors',
};

interface Candidate {
  dimension: string;
  values: readonly ValueTries[];
  association: Association;
}

/**
 * Decides which dimension best tells failing attempts from working ones: sending server, source subnet and target
 * address within the connector with the most failures, or the connector itself. The strongest association wins; of
 * equally strong ones that with fewer values, which explains more. Null when there are too few attempts, or nothing
 * worked and so nothing can be told apart; verdict `spread` when the failures are everywhere.
 */
export function decideConcentration(connectors: readonly ConnectorTries[]): Concentration | null {
  const total = sum(connectors);
  if (total.attempts < MIN_ATTEMPTS || total.failures < MIN_FAILURES) return null;
  if (total.failures === total.attempts) return null;
  const [worst] = connectors;
  const byConnector = connectors.map(({ connector, attempts, failures }) => ({ value: connector, attempts, failures }));
  const candidates: Candidate[] = [];
  if (worst && worst.attempts >= MIN_ATTEMPTS) {
    for (const dimension of DIMENSIONS) candidates.push(candidate(dimension, worst.values[dimension]));
  }
  candidates.push(candidate('connector', byConnector));
  const best = candidates
    .filter(({ association }) => association.chance <= MAX_CHANCE && association.strength >= MIN_STRENGTH)
    .sort((a, b) => b.association.strength - a.association.strength || a.values.length - b.values.length)[0];
  return best ? concentrationOf(best) : { dimension: 'none', value: '', share: 0, verdict: 'spread' };
}

function candidate(dimension: string, values: readonly ValueTries[]): Candidate {
  return { dimension, values, association: associationOf(values) };
}

function concentrationOf({ dimension, values, association }: Candidate): Concentration {
  const total = sum(values);
  const rate = total.failures / total.attempts;
  const failing = values.filter(({ attempts, failures }) => failures / attempts > rate);
  failing.sort((a, b) => b.failures - a.failures || (a.value < b.value ? -1 : 1));
  const bad = sum(failing);
  const good = { attempts: total.attempts - bad.attempts, failures: total.failures - bad.failures };
  const share = bad.failures / total.failures;
  const noun = NOUNS[dimension] ?? dimension;
  const where = `${failing.length} of ${values.length} ${noun}`;
  const others = values.length - failing.length;
  const always =
    bad.failures === bad.attempts ? 'which always fail' : `where ${bad.failures} of ${bad.attempts} attempts failed`;
  const rest = others === 1 ? 'the other one' : `the other ${others}`;
  const verdict =
    good.failures === 0
      ? `every failure came from ${where}${bad.failures === bad.attempts ? '' : `, ${always}`}; ${rest} always worked`
      : `${bad.failures} of ${total.failures} failures came from ${where}, ${always}; of the ${good.attempts} attempts elsewhere ${good.failures} failed`;
  const named = failing.slice(0, MAX_NAMED).map(({ value }) => value);
  const more = failing.length - named.length;
  return {
    dimension,
    value: named.join(', ') + (more > 0 ? ` and ${more} more` : ''),
    share: Math.round(share * 1000) / 1000,
    verdict: `${verdict} (chance of that by accident ${chanceText(association.chance)})`,
  };
}

function chanceText(chance: number): string {
  return chance < 0.0001 ? '< 0.01 %' : `${(chance * 100).toPrecision(1)} %`;
}

function sum(list: readonly Tries[]): Tries {
  const total = { attempts: 0, failures: 0 };
  for (const { attempts, failures } of list) {
    total.attempts += attempts;
    total.failures += failures;
  }
  return total;
}
