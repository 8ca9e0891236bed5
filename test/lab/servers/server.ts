import type http from 'node:http';
import type { Script } from '../../support/hostile-smtp-server.ts';
import type { CertificateSpec } from '../certificates.ts';
import type { Place } from '../place.ts';

interface Common {
  /** Default 25. */
  port?: number;
  /** Listen on the IPv6 address too (scripted servers) or instead (real ones take both). */
  ipv6?: boolean;
  /** Without one the server has no TLS. */
  certificate?: CertificateSpec | 'none';
}

/** A real Postfix smtpd, one service of the lab's instance. */
export interface PostfixSpec extends Common {
  kind: 'postfix';
  /** Over the lab's main.cf, see postconf(5); `{policy}` stands for the address of the policy services. */
  settings?: Record<string, string>;
  /** Takes mail for the scenario's domain; default true. */
  relays?: boolean;
  /** Behind postscreen(8). */
  postscreen?: boolean;
}

/** A real Exim daemon of its own. */
export interface EximSpec extends Common {
  kind: 'exim';
  /** Lines of the main section. */
  main?: readonly string[];
  /** Statements of an ACL that runs before the greeting. */
  connect?: readonly string[];
  /** Statements of the RCPT ACL before the one that accepts. */
  rcpt?: readonly string[];
  /** Statements of the DATA ACL before the one that accepts. */
  data?: readonly string[];
  /** Lines of the authenticators section. */
  authenticators?: readonly string[];
  /** Takes the only connection that the daemon allows and keeps it. */
  occupied?: boolean;
}

/** A real OpenSMTPD; Debian 12's fails at its own key with an internal error, so it is used without TLS. */
export interface OpensmtpdSpec extends Common {
  kind: 'opensmtpd';
}

/** A server of the lab's own that does exactly what its script says. */
export interface ScriptedSpec extends Common {
  kind: 'scripted';
  script: (place: Place) => Script;
}

/** An HTTPS server, for MTA-STS policies. */
export interface WebSpec extends Common {
  kind: 'web';
  answer: http.RequestListener;
}

/** An address where nothing listens: the kernel refuses. */
export interface NobodySpec extends Common {
  kind: 'nobody';
}

/** Any server that a scenario can have. */
export type ServerSpec = PostfixSpec | EximSpec | OpensmtpdSpec | ScriptedSpec | WebSpec | NobodySpec;

/** A server with its place in the world. */
export interface Placed<Spec extends ServerSpec = ServerSpec> {
  /** Unique in the lab, fit for file names. */
  id: string;
  spec: Spec;
  place: Place;
  /** The scenario's domain, for which the server takes mail. */
  domain: string;
}

/** A Postfix with a good certificate, unless told otherwise. */
export function postfix(settings: Record<string, string> = {}, more: Partial<PostfixSpec> = {}): PostfixSpec {
  return { kind: 'postfix', certificate: {}, settings, ...more };
}

/** An Exim with a good certificate, unless told otherwise. */
export function exim(more: Partial<EximSpec> = {}): EximSpec {
  return { kind: 'exim', certificate: {}, ...more };
}

/** A script on port 25. */
export function scripted(script: (place: Place) => Script, more: Partial<ScriptedSpec> = {}): ScriptedSpec {
  return { kind: 'scripted', script, ...more };
}

/** Nothing listens here. */
export const NOBODY: NobodySpec = { kind: 'nobody' };
