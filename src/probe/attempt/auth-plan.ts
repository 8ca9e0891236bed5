import { type Config, envName } from '../../config.ts';
import { asciiHostName } from '../../dns/host-name.ts';
import { UserError } from '../../errors.ts';
import type { ProbeRequest } from '../request.ts';
import { Credentials } from './auth-credentials.ts';

type AuthConfig = Pick<Config['probe'], 'authUser' | 'authPassword' | 'authToken' | 'authHosts'>;

const USER = envName('probe.authUser');
const HOSTS = envName('probe.authHosts');

/**
 * What to log in with, from the configuration; undefined when the request does not ask for it. `name` is the target's.
 * @throws UserError that names the variable to set, or the option that does not go with AUTH.
 */
export function planAuth(request: ProbeRequest, name: string, config: AuthConfig): Credentials | undefined {
  const { auth, target } = request;
  if (auth === undefined) return undefined;
  if (request.depth === 'connect') {
    throw refusal(
      'Depth connect ends before the log-in. Probe with depth tls or deeper.',
      `--depth tls --auth ${auth}`,
    );
  }
  if (request.tls === 'off') {
    throw refusal('A secret is sent inside TLS only. Leave out --tls off.', `--auth ${auth}`);
  }
  if (target.kind === 'ip') {
    throw refusal(
      'A secret is sent only to a host whose certificate carries its name. Give the name, and the address with --host.',
      `--host ${target.ip} --auth ${auth}`,
    );
  }
  const [variable, secret] =
    auth === 'xoauth2'
      ? [envName('probe.authToken'), config.authToken]
      : [envName('probe.authPassword'), config.authPassword];
  if (config.authUser === undefined) throw refusal(`There is no user to log in. Set ${USER}.`);
  if (secret === undefined) throw refusal(`There is no secret for AUTH ${auth.toUpperCase()}. Set ${variable}.`);
  // The separators of PLAIN and XOAUTH2 (RFC 4616 2).
  if (/[\0\x01\r\n]/.test(config.authUser + secret)) {
    throw refusal(`${USER} and ${variable} must not hold control characters. Set them again.`);
  }
  if (config.authHosts.length === 0) {
    throw refusal(
      `No host may be given the secret yet. Set ${HOSTS}, such as smtp.contoso.example or .contoso.example.`,
    );
  }
  // The hosts of a domain are known only once its MX is; each is checked before it is given anything.
  if (target.kind === 'host' && !mayBeTold(name, config.authHosts)) {
    throw refusal(`${name} may not be given the secret. Add it to ${HOSTS} if it should be.`);
  }
  return new Credentials(auth, config.authUser, secret, config.authHosts);
}

function refusal(message: string, options = '--auth plain'): UserError {
  return new UserError(message, { example: `/probe smtp.contoso.example:587 ${options}` });
}

/** True when the host is listed by its name, or by a suffix that begins with a dot. */
export function mayBeTold(host: string, listed: readonly string[]): boolean {
  const name = bare(host);
  return listed.some((entry) => {
    const wanted = bare(entry);
    return wanted.startsWith('.') ? name.endsWith(wanted) && name.length > wanted.length : name === wanted;
  });
}

/** A name, or the dot and the name of a suffix, as A-labels. */
function bare(entry: string): string {
  const name = entry.trim().toLowerCase();
  const dot = name.startsWith('.') ? '.' : '';
  return dot + (asciiHostName(name.slice(dot.length)) ?? name.slice(dot.length));
}
