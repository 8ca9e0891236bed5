import type { Attempt } from '../attempt/attempt-context.ts';

/** Names that the certificate of an attempt is held to (RFC 6125 6.2). */
export interface ReferenceNames {
  /** The MX host; undefined for a target that is an address. */
  host: string | undefined;
  /** The MX host and the domain asked: carrying one of them is enough for a sender that requires trust. */
  names: string[];
}

/** The names of this attempt's peer. */
export function referenceNames({ record, settings }: Attempt): ReferenceNames {
  const { host, ip } = record.plan;
  if (host === ip) return { host: undefined, names: [...settings.alsoNamed] };
  return { host, names: [...new Set([host, ...settings.alsoNamed])] };
}
