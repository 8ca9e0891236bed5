import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import ipaddr from 'ipaddr.js';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { messageOf, UserError } from './errors.ts';

const cidr = z
  .string()
  .refine((text) => parseCidr(text) !== undefined, 'must be an address or CIDR range such as 10.0.0.0/8');
const mailbox = z.string().regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be an address such as monitor@contoso.com');
const port = z.coerce.number().int().min(0).max(65535);
const seconds = z.coerce.number().positive().max(3600);

/** Lists with a public policy of free use at low volume; each can refuse, which is no listing. */
const DEFAULT_BLOCKLISTS = ['zen.spamhaus.org', 'bl.spamcop.net', 'b.barracudacentral.org', 'psbl.surriel.com'];

/** Selectors that large providers and mail systems use. */
const DEFAULT_DKIM_SELECTORS = ['selector1', 'selector2', 'google', 'default', 'dkim', 'mail', 'k1', 's1', 's2', 'mx'];

const configSchema = z.strictObject({
  /** Where the store, transcripts and uploads live. */
  dataDir: z.string().min(1).default(path.join(homedir(), '.mailmedic')),
  /** `lowdb`, or a `postgres://` URL. */
  store: z.string().default('lowdb'),
  /** Resolver address[:port]; without it the system's. */
  dns: z.string().min(1).optional(),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  egress: z
    .strictObject({
      /** Ranges that may be probed although private or reserved. */
      allow: z.array(cidr).default([]),
      /** Ports that may be probed. */
      ports: z.array(port).default([25, 465, 587, 2525]),
    })
    .prefault({}),
  /** The only addresses that `--depth submit` may deliver to. */
  mailboxes: z.array(mailbox).default([]),
  probe: z
    .strictObject({
      /** Name given with EHLO; default the machine's own. */
      helo: z.string().optional(),
      /** Envelope sender; the null sender by default. */
      from: z.string().optional(),
      /** Deadline of one stage and of the whole probe. */
      stageTimeoutS: seconds.default(15),
      timeoutS: seconds.default(60),
      /** Certificates ending within these many days are worth a warning. */
      expiryWarningDays: z.coerce.number().int().nonnegative().default(21),
      /** At most so many probes a minute by one person, and to one target; peer look-ups are counted apart by the same numbers. */
      perUserPerMinute: z.coerce.number().int().positive().default(20),
      perTargetPerMinute: z.coerce.number().int().positive().default(30),
      /** At most so many a minute by everybody together, probes and look-ups each. */
      perMinute: z.coerce.number().int().positive().default(600),
      concurrency: z.coerce.number().int().positive().default(50),
      /** A host that is known to answer, `host` or `host:port`: tried when nothing can be connected to. */
      control: z.string().min(1).optional(),
      /** How long a probe may wait to try a greylisted recipient again; 0 never waits. */
      greylistWaitS: z.coerce.number().nonnegative().max(600).default(20),
      /** User for AUTH; the secret is one of the two below. */
      authUser: z.string().min(1).optional(),
      authPassword: z.string().min(1).optional(),
      authToken: z.string().min(1).optional(),
      /** Hosts that may be given the secret; without one AUTH is never tried. */
      authHosts: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  peer: z
    .strictObject({
      /** DNS block lists to ask. */
      blocklists: z.array(z.string().min(1)).default(DEFAULT_BLOCKLISTS),
      /** DKIM selectors to look for. */
      dkimSelectors: z.array(z.string().min(1)).default(DEFAULT_DKIM_SELECTORS),
    })
    .prefault({}),
  http: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: port.default(3978),
      /** Address under which people reach this server; makes runbook links work in chat. */
      publicUrl: z.url().optional(),
      /** Bearer token of GET /probe (Prometheus); without one the endpoint is closed. */
      probeToken: z.string().min(16, 'must have at least 16 characters').optional(),
    })
    .prefault({}),
  slack: z
    .strictObject({
      botToken: z.string().optional(),
      appToken: z.string().optional(),
      signingSecret: z.string().optional(),
      /** Another Web API base, for a local Slack. */
      apiUrl: z.url().optional(),
    })
    .prefault({}),
  teams: z
    .strictObject({
      appId: z.string().optional(),
      appPassword: z.string().optional(),
      tenantId: z.string().optional(),
      /** Tenants that may use the bot; default: tenantId only. */
      allowedTenants: z.array(z.string()).default([]),
      /** Hosts that a serviceUrl may name. */
      serviceHosts: z.array(z.string()).default(['smba.trafficmanager.net', '*.botframework.com']),
      /** OpenID metadata of the token issuer, for sovereign clouds. */
      openIdMetadataUrl: z.url().optional(),
      tokenIssuer: z.string().optional(),
    })
    .prefault({}),
  /** Runbook URL by error type, over the built-in ones. */
  runbooks: z.record(z.string(), z.url()).default({}),
});

export type Config = z.infer<typeof configSchema>;

/** A range as ipaddr.js reads it; a bare address is a range of one. Undefined when it is neither. */
export function parseCidr(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    return undefined;
  }
}

/** Secrets come from the environment only; these keys are refused in a file. */
const SECRETS = [
  'slack.botToken',
  'slack.appToken',
  'slack.signingSecret',
  'teams.appPassword',
  'probe.authPassword',
  'probe.authToken',
  'http.probeToken',
];

/** Short names that outside scripts rely on, beside the ones made from the key (`MAILMEDIC_HTTP_PORT`). */
const ENV_ALIASES: Record<string, string> = { 'egress.allow': 'MAILMEDIC_EGRESS_ALLOW', 'http.port': 'PORT' };

const LIST_KEYS = new Set([
  'egress.allow',
  'egress.ports',
  'mailboxes',
  'probe.authHosts',
  'peer.blocklists',
  'peer.dkimSelectors',
  'teams.allowedTenants',
  'teams.serviceHosts',
]);

const KEYS = [
  'dataDir',
  'store',
  'dns',
  'logLevel',
  'egress.allow',
  'egress.ports',
  'mailboxes',
  'probe.helo',
  'probe.from',
  'probe.stageTimeoutS',
  'probe.timeoutS',
  'probe.expiryWarningDays',
  'probe.perUserPerMinute',
  'probe.perTargetPerMinute',
  'probe.perMinute',
  'probe.concurrency',
  'probe.control',
  'probe.greylistWaitS',
  'probe.authUser',
  'probe.authPassword',
  'probe.authToken',
  'probe.authHosts',
  'peer.blocklists',
  'peer.dkimSelectors',
  'http.host',
  'http.port',
  'http.publicUrl',
  'http.probeToken',
  'slack.botToken',
  'slack.appToken',
  'slack.signingSecret',
  'slack.apiUrl',
  'teams.appId',
  'teams.appPassword',
  'teams.tenantId',
  'teams.allowedTenants',
  'teams.serviceHosts',
  'teams.openIdMetadataUrl',
  'teams.tokenIssuer',
];

/** `http.publicUrl` is `MAILMEDIC_HTTP_PUBLIC_URL` in the environment. */
export function envName(key: string): string {
  return `MAILMEDIC_${key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}

/**
 * Reads the file (if any) and the environment over it.
 * @throws UserError that names the key, what is wrong with it and how to set it.
 */
export function loadConfig(options: { file?: string | undefined; env?: NodeJS.ProcessEnv } = {}): Config {
  const env = options.env ?? process.env;
  const fromFile = readConfigFile(options.file);
  for (const secret of SECRETS) {
    if (getPath(fromFile, secret) !== undefined) {
      throw new UserError(
        `${secret} is a secret and must not stand in a file. Set ${envName(secret)} in the environment.`,
      );
    }
  }
  for (const key of KEYS) {
    const text = env[envName(key)] ?? (ENV_ALIASES[key] ? env[ENV_ALIASES[key]] : undefined);
    if (text === undefined || text === '') continue;
    setPath(
      fromFile,
      key,
      LIST_KEYS.has(key)
        ? text
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean)
        : text,
    );
  }
  const parsed = configSchema.safeParse(fromFile);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = issue === undefined ? 'configuration' : issue.path.filter((part) => typeof part === 'string').join('.');
  if (issue?.code === 'unrecognized_keys') {
    const place = key === '' ? 'the configuration' : key;
    throw new UserError(`${place} has no key "${issue.keys[0]}". Known keys: ${KEYS.join(', ')}.`);
  }
  throw new UserError(`${key}: ${issue?.message ?? 'invalid'}. Set it in the file or as ${envName(key)}.`);
}

function readConfigFile(file: string | undefined): Record<string, unknown> {
  const name = file ?? 'mailmedic.yaml';
  if (!existsSync(name)) {
    if (file !== undefined)
      throw new UserError(`There is no file ${file}. Give the path of a YAML or JSON file with --config.`);
    return {};
  }
  try {
    const value: unknown = parseYaml(readFileSync(name, 'utf8')) ?? {};
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('it must hold keys and values');
    return value as Record<string, unknown>;
  } catch (error) {
    throw new UserError(`${name} cannot be read: ${messageOf(error)}. Mend the file or start without it.`, {
      cause: error,
    });
  }
}

function getPath(value: Record<string, unknown>, key: string): unknown {
  return key.split('.').reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), value);
}

function setPath(value: Record<string, unknown>, key: string, set: unknown): void {
  const parts = key.split('.');
  const last = parts.pop() ?? key;
  let at = value;
  for (const part of parts) {
    const next = at[part];
    const record = isRecord(next) ? next : {};
    at[part] = record;
    at = record;
  }
  at[last] = set;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
