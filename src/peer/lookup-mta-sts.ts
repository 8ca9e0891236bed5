import { fetchMtaSts, type PolicyDeps, policyNames } from '../transport-policy/mta-sts.ts';
import { clip } from './clip.ts';
import { remember } from './remember.ts';
import type { MtaStsSection } from './section-schemas.ts';

/** Patterns that are kept. */
const MAX_MX = 20;

const EMPTY = { mode: null, mx: [], maxAgeS: null, warnings: [] };

/** Looks up and fetches a domain's MTA-STS policy, and holds its MX hosts against it. Those may arrive meanwhile. */
export async function lookupMtaSts(
  domain: string,
  mxHosts: Promise<readonly string[]>,
  deps: PolicyDeps,
): Promise<MtaStsSection> {
  const resolver = remember(deps.resolver);
  const [result, hosts] = await Promise.all([fetchMtaSts(domain, { ...deps, resolver }), mxHosts]);
  switch (result.state) {
    case 'none':
      return { ...EMPTY, state: 'absent', words: `${domain} publishes no MTA-STS policy.` };
    case 'broken':
      return { ...EMPTY, state: 'wrong', words: `MTA-STS of ${domain} cannot be used: ${clip(result.words, 500)}.` };
    case 'unknown': {
      // The answers are remembered: asked again only to tell silence from failure.
      const host = `mta-sts.${domain}`;
      const answers = await Promise.all([resolver.txt(`_mta-sts.${domain}`), resolver.a(host), resolver.aaaa(host)]);
      const state = answers.some(({ status }) => status === 'timeout') ? 'timeout' : 'failed';
      return { ...EMPTY, state, words: `MTA-STS of ${domain} is not known: ${clip(result.words, 500)}.` };
    }
    case 'policy': {
      const { policy, warnings } = result;
      const section = {
        mode: policy.mode,
        mx: policy.mx.slice(0, MAX_MX).map((pattern) => clip(pattern, 255)),
        maxAgeS: policy.maxAgeS,
        warnings: warnings.slice(0, 5).map((warning) => clip(warning, 300)),
      };
      const unnamed = policy.mode === 'none' ? undefined : hosts.find((host) => !policyNames(policy, host));
      if (unnamed !== undefined) {
        const then =
          policy.mode === 'enforce'
            ? 'senders that honour it do not deliver there'
            : 'in enforce mode nobody would deliver there';
        return { ...section, state: 'wrong', words: `MTA-STS of ${domain} does not name its MX ${unnamed}: ${then}.` };
      }
      return { ...section, state: 'ok', words: `MTA-STS ${policy.mode}.` };
    }
  }
}
