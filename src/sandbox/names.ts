import { domainOf } from './dns/zone.ts';
import { TROUBLED_MAILBOXES } from './mailboxes.ts';
import { SANDBOX_DOMAIN, type Site } from './site.ts';

/** Something in the sandbox that can be probed. */
export interface SandboxName {
  /** The target as it is typed after `/probe`. */
  name: string;
  /** What it shows, in one line. */
  what: string;
  /** A whole line that shows it. */
  line: string;
}

/** Every site and every troubled mailbox, in the order of the tables. */
export function sandboxNames(sites: readonly Site[]): SandboxName[] {
  const named = sites.map((site) => {
    const domain = domainOf(site);
    const target = site.shownBy === undefined ? domain : `${site.shownBy.mailbox}@${domain}`;
    return sandboxName(target, site.what, site.shownBy?.options);
  });
  const mailboxes = TROUBLED_MAILBOXES.map(({ localPart, what }) =>
    sandboxName(`${localPart}@healthy.${SANDBOX_DOMAIN}`, what, undefined),
  );
  return [...named, ...mailboxes];
}

function sandboxName(name: string, what: string, options: string | undefined): SandboxName {
  return { name, what, line: ['/probe', name, options].filter((part) => part !== undefined).join(' ') };
}
