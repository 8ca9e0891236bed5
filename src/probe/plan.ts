import { isIP } from 'node:net';
import type { Config } from '../config.ts';
import { asciiHostName } from '../dns/host-name.ts';
import { UserError } from '../errors.ts';
import type { Credentials } from './attempt/auth-credentials.ts';
import { planAuth } from './attempt/auth-plan.ts';
import type { ProbeRequest } from './request.ts';

/** A request with every choice made and checked. Names are A-labels. */
export interface ProbePlan {
  /** Domain, host or address without brackets; the key of the rate limit. */
  name: string;
  viaMx: boolean;
  port: number;
  implicitTls: boolean;
  hostIp: string | undefined;
  /** Names besides that of the host which its certificate may carry. */
  alsoNamed: string[];
  /** Empty for the null sender. */
  from: string;
  to: string;
  helo: string | undefined;
  /** What to log in with; undefined when that was not asked for. */
  auth: Credentials | undefined;
}

type PlanConfig = Pick<Config, 'mailboxes' | 'probe'>;

const EXAMPLE = '/probe contoso.example';

/**
 * Checks a request against the configuration.
 * @throws UserError when a name or address cannot be used, or a message would go to a mailbox that is not for monitoring.
 */
export function planProbe(request: ProbeRequest, config: PlanConfig): ProbePlan {
  const { target } = request;
  const name =
    target.kind === 'ip' ? checkIp(target.ip) : asciiName(target.kind === 'domain' ? target.domain : target.host);
  const port = request.port ?? ('port' in target ? target.port : undefined) ?? usualPort(request);
  const auth = planAuth(request, name, config.probe);
  const mailbox = target.kind === 'domain' ? target.mailbox : undefined;
  const given = request.to ?? mailbox;
  // RFC 5321 4.5.1: every server takes postmaster; without a domain where the target has no name.
  const to = given ?? (target.kind === 'ip' ? 'postmaster' : `postmaster@${name}`);
  if (request.depth === 'submit') checkMailbox(given, config.mailboxes);
  // Servers that ask for a log-in take mail from the one who logged in (550 5.7.60), not from the null sender.
  const from = request.from ?? config.probe.from ?? (auth?.user.includes('@') ? auth.user : '');
  return {
    name,
    viaMx: target.kind === 'domain',
    port,
    // RFC 8314 3.3: port 465 speaks TLS from the first byte.
    implicitTls: request.tls === 'implicit' || (port === 465 && request.tls !== 'off'),
    hostIp: request.hostIp === undefined ? undefined : checkIp(request.hostIp),
    alsoNamed: target.kind === 'ip' ? [] : [name],
    from: from === '' || from === '<>' ? '' : checkAddress(from),
    to: to === 'postmaster' ? to : checkAddress(to),
    helo: checkHelo(request.helo ?? config.probe.helo),
    auth,
  };
}

/** 465 speaks TLS from the start (RFC 8314 3.3), 587 is where one logs in (RFC 6409 3.1), servers talk at 25. */
function usualPort({ tls, auth, target }: ProbeRequest): number {
  if (tls === 'implicit') return 465;
  return auth !== undefined && target.kind === 'host' ? 587 : 25;
}

function asciiName(name: string): string {
  const ascii = asciiHostName(name);
  if (ascii !== undefined) return ascii;
  throw new UserError(`"${name}" is not a domain or host name. Give a name such as contoso.example.`, {
    example: EXAMPLE,
  });
}

function checkIp(ip: string): string {
  if (isIP(ip) !== 0) return ip;
  throw new UserError(`"${ip}" is not an IP address. Give one such as 192.0.2.10.`, {
    example: `${EXAMPLE} --host 192.0.2.10`,
  });
}

/** An envelope address that can stand between angle brackets (RFC 5321 4.1.2, 4.5.3.1), its domain as A-labels. */
function checkAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = at < 0 ? '' : address.slice(at + 1);
  const literal = /^\[[0-9a-f.:]+\]$/i.test(domain) || /^\[IPv6:[0-9a-f:.]+\]$/i.test(domain);
  const ascii = literal ? domain : asciiHostName(domain);
  const usable = at > 0 && address.length <= 320 && !/[\s<>\p{Cc}]/u.test(address);
  if (usable && ascii !== undefined) return `${address.slice(0, at)}@${ascii}`;
  const shown = JSON.stringify(address.slice(0, 80));
  throw new UserError(`${shown} is not a mail address. Give one such as user@contoso.example.`, {
    example: `${EXAMPLE} --to user@contoso.example`,
  });
}

/** A host name, or an address as the literal that EHLO wants (RFC 5321 4.1.3): `[192.0.2.1]`, `[IPv6:2001:db8::1]`. */
function checkHelo(helo: string | undefined): string | undefined {
  if (helo === undefined) return undefined;
  const ip = helo.replace(/^\[(?:IPv6:)?(.*)\]$/i, '$1');
  if (isIP(ip) !== 0 && !ip.includes('%')) return isIP(ip) === 4 ? `[${ip}]` : `[IPv6:${ip}]`;
  const ascii = asciiHostName(helo);
  if (ascii !== undefined) return ascii;
  const shown = JSON.stringify(helo.slice(0, 80));
  throw new UserError(`${shown} cannot be an EHLO name. Give a host name.`, {
    example: `${EXAMPLE} --helo probe.contoso.example`,
  });
}

/** The first three, and how many more. */
function someOf(names: readonly string[]): string {
  const more = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function checkMailbox(to: string | undefined, mailboxes: readonly string[]): void {
  if (to !== undefined && mailboxes.some((mailbox) => mailbox.toLowerCase() === to.toLowerCase())) return;
  const which = to === undefined ? 'Depth submit needs a mailbox to deliver to.' : `${to} is not a monitoring mailbox.`;
  const listed =
    mailboxes.length === 0
      ? 'None is configured yet; set MAILMEDIC_MAILBOXES'
      : `Configured in MAILMEDIC_MAILBOXES: ${someOf(mailboxes)}`;
  throw new UserError(`${which} A message is delivered to configured mailboxes only. ${listed}.`, {
    example: `/probe ${mailboxes[0] ?? 'monitor@contoso.example'} --depth submit`,
  });
}
