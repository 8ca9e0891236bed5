import { PROVIDERS, type ProviderFacts } from './data/providers.ts';
import { isBelow } from './name-suffix.ts';
import type { PeerReport } from './report.ts';

/** Names that are looked at. */
const MAX_NAMES = 50;

/** Who runs the servers of these names (MX hosts, reverse names, greetings, the most telling first); null when nobody known does. */
export function providerOf(names: readonly string[]): PeerReport['provider'] {
  for (const name of names.slice(0, MAX_NAMES)) {
    const found = match(name);
    if (found !== undefined) {
      const { statusPage = null, delisting = null } = found;
      return { name: found.name, evidence: name, statusPage, delisting };
    }
  }
  return null;
}

function match(name: string): ProviderFacts | undefined {
  let best: { row: ProviderFacts; length: number } | undefined;
  for (const row of PROVIDERS) {
    for (const suffix of row.suffixes) {
      if (isBelow(name, suffix) && suffix.length > (best?.length ?? 0)) best = { row, length: suffix.length };
    }
  }
  return best?.row;
}
