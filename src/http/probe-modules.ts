import type { ProbeDepth, TlsMode } from '../probe/request.ts';

/** What a module of `GET /probe` asks: the part of a probe request that the target does not give. */
export interface ProbeModule {
  depth: ProbeDepth;
  tls: TlsMode;
  /** One line for the documentation and for whoever names a module that does not exist. */
  what: string;
}

/** The modules by the names that blackbox_exporter's example configuration uses where it has one (its example.yml). */
export const PROBE_MODULES: Readonly<Record<string, ProbeModule>> = {
  smtp_starttls: {
    depth: 'tls',
    tls: 'require',
    what: 'STARTTLS with a certificate that is trusted, in date and named right',
  },
  smtp_banner: { depth: 'connect', tls: 'off', what: 'connect and read the greeting' },
  smtp: { depth: 'tls', tls: 'opportunistic', what: 'STARTTLS where offered; its trouble degrades and does not fail' },
  smtps: { depth: 'tls', tls: 'implicit', what: 'TLS from the first byte, port 465' },
  smtp_rcpt: { depth: 'rcpt', tls: 'opportunistic', what: 'ask whether the recipient is accepted; nothing is sent' },
};

/** The module when the request names none. */
export const DEFAULT_MODULE = 'smtp_starttls';
