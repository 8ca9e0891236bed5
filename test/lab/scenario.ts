import type { ErrorType, Owner, Stage, Verdict } from '../../src/vocabulary.ts';
import type { Place } from './place.ts';
import type { ServerSpec } from './servers/server.ts';

/**
 * Zones of the lab, each with its own fault: `plain` is unsigned, `signed` validates, `expired` carries signatures of
 * last month, `lame` is delegated to a server that does not know it, `silent` to one that never answers. `office` is known
 * to the dnsmasq only, which the probe then asks instead of the validating resolver.
 */
export const ZONES = ['plain', 'signed', 'expired', 'lame', 'silent', 'office'] as const;
/** One of them. */
export type Zone = (typeof ZONES)[number];

/** One value, or the ones of which each would be right where no document decides. */
type OneOf<T> = T | readonly T[];

/** What the standards, and DESIGN sections 3 and 6, say of the scenario; never what the product happened to print. */
export interface Expectation {
  verdict: OneOf<Verdict>;
  errorType: OneOf<ErrorType> | null;
  cause: OneOf<string> | null;
  stage: OneOf<Stage> | null;
  owner: OneOf<Owner>;
  /** Further fields by dotted path, such as `attempts.0.tls.dane`; a pattern is matched against the field's text. */
  fields?: Record<string, unknown>;
}

/** What a scenario needs of the machine beyond loopback. */
export type Need = 'ipv6' | 'routes' | 'users';

/** One mail domain, how it is probed and what is right. */
export interface Scenario {
  /** Kebab-case; also the first label of its domain. */
  name: string;
  group: string;
  zone: Zone;
  needs: readonly Need[];
  servers: Readonly<Record<string, ServerSpec>>;
  /** Lines of the zone, relative to the scenario's domain. */
  records: (places: Readonly<Record<string, Place>>) => readonly string[];
  /** Arguments after `probe`; `{domain}` and `{server}` stand for the domain and the address of a server. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  expect: Expectation;
}

interface Draft<Name extends string> {
  zone?: Zone;
  needs?: readonly Need[];
  servers?: Record<Name, ServerSpec>;
  records?: (places: Record<Name, Place>) => readonly string[];
  args?: readonly string[];
  env?: Record<string, string>;
  expect: Expectation;
}

/** One scenario. Without records its servers are MX hosts of equal preference; without arguments its domain is probed. */
export function scenario<Name extends string>(group: string, name: string, draft: Draft<Name>): Scenario {
  const { records = oneMxEach } = draft;
  return {
    name,
    group,
    zone: draft.zone ?? 'plain',
    needs: draft.needs ?? [],
    servers: draft.servers ?? {},
    records: (places) => records(places as Record<Name, Place>),
    args: draft.args ?? ['{domain}'],
    env: draft.env ?? {},
    expect: draft.expect,
  };
}

function oneMxEach(places: Readonly<Record<string, Place>>): string[] {
  return Object.entries(places).flatMap(([name, { ip }]) => [`@ MX 10 ${name}`, `${name} A ${ip}`]);
}

/** Nothing is wrong. */
export function ok(fields?: Record<string, unknown>): Expectation {
  return { verdict: 'ok', errorType: null, cause: null, stage: null, owner: 'none', ...(fields && { fields }) };
}

type FaultArgs = [
  errorType: OneOf<ErrorType>,
  cause: OneOf<string>,
  stage: OneOf<Stage>,
  owner: OneOf<Owner>,
  fields?: Record<string, unknown>,
];

/** Mail does not flow. */
export function failed(...[errorType, cause, stage, owner, fields]: FaultArgs): Expectation {
  return { verdict: 'failed', errorType, cause, stage, owner, ...(fields && { fields }) };
}

/** Something is wrong, mail still flows. */
export function degraded(...args: FaultArgs): Expectation {
  return { ...failed(...args), verdict: 'degraded' };
}
