import type { DoctorCheck } from '../commands/services.ts';
import type { Config } from './config.ts';
import type { DnsResolver } from './dns/resolver.ts';
import { messageOf } from './errors.ts';

export interface ExamineOptions {
  config: Config;
  resolver: DnsResolver;
  signal: AbortSignal;
  /** The built-in mail world stands in for the internet. */
  sandbox: boolean;
  /** A name that the resolver must be able to say something definite about. */
  knownName: string;
  /** Throws when nothing can be written into the folder. */
  checkFolder: (folder: string) => Promise<void>;
}

/** Looks at this installation and says what works, what does not and what to do. Never throws for what it finds. */
export async function examine(options: ExamineOptions): Promise<DoctorCheck[]> {
  const { config } = options;
  return [
    nodeCheck(process.versions.node),
    await folderCheck(config, options.checkFolder),
    await dnsCheck(options),
    { name: 'Egress', state: 'ok', text: egressText(config) },
    mailboxCheck(config),
    ...(options.sandbox ? [] : [controlCheck(config.probe.control)]),
    ...authCheck(config.probe),
    prometheusCheck(config.http),
    slackCheck(config.slack),
    teamsCheck(config.teams),
    runbookCheck(options),
  ];
}

function nodeCheck(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fine = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'Node.js',
    state: fine ? 'ok' : 'failed',
    text: fine ? version : `${version}: install 20.19 or newer`,
  };
}

async function folderCheck(config: Config, check: ExamineOptions['checkFolder']): Promise<DoctorCheck> {
  try {
    await check(config.dataDir);
    return { name: 'Storage', state: 'ok', text: `${config.dataDir} can be written` };
  } catch (error) {
    const text = `${config.dataDir}: ${messageOf(error)}. Set MAILMEDIC_DATA_DIR to a folder that can be written.`;
    return { name: 'Storage', state: 'failed', text };
  }
}

async function dnsCheck({ resolver, signal, config, knownName }: ExamineOptions): Promise<DoctorCheck> {
  const started = performance.now();
  const answer = await resolver.mx(knownName, signal);
  const ms = Math.round(performance.now() - started);
  const works = ['ok', 'nodata', 'nxdomain'].includes(answer.status);
  const where = resolver.server;
  if (works) return { name: 'DNS', state: 'ok', text: `${where} answers in ${ms} ms` };
  const fix = config.dns === undefined ? 'Set MAILMEDIC_DNS to a resolver that answers.' : 'Check MAILMEDIC_DNS.';
  return { name: 'DNS', state: 'failed', text: `${where}: ${answer.status} after ${ms} ms. ${fix}` };
}

function egressText(config: Config): string {
  const allowed =
    config.egress.allow.length === 0
      ? 'public addresses only'
      : `public addresses and ${config.egress.allow.join(', ')}`;
  return `${allowed}; ports ${config.egress.ports.join(', ')}`;
}

function mailboxCheck(config: Config): DoctorCheck {
  const count = config.mailboxes.length;
  return count > 0
    ? { name: 'Monitoring mailboxes', state: 'ok', text: `${count} configured` }
    : { name: 'Monitoring mailboxes', state: 'warning', text: 'none: --depth submit is off. Set MAILMEDIC_MAILBOXES.' };
}

function controlCheck(control: string | undefined): DoctorCheck {
  const name = 'Control target';
  if (control !== undefined) return { name, state: 'ok', text: control };
  const text =
    'none: when nothing answers, a probe cannot tell whether we are cut off. Set MAILMEDIC_PROBE_CONTROL to a mail server that is known to answer.';
  return { name, state: 'warning', text };
}

/** Nothing where nobody wants to log in; else what is still missing for it. */
function authCheck({ authUser, authPassword, authToken, authHosts }: Config['probe']): DoctorCheck[] {
  const secrets = [
    ...(authPassword === undefined ? [] : ['plain', 'login']),
    ...(authToken === undefined ? [] : ['xoauth2']),
  ];
  if (authUser === undefined && secrets.length === 0 && authHosts.length === 0) return [];
  const missing = [
    ...(authUser === undefined ? ['MAILMEDIC_PROBE_AUTH_USER'] : []),
    ...(secrets.length === 0 ? ['MAILMEDIC_PROBE_AUTH_PASSWORD or MAILMEDIC_PROBE_AUTH_TOKEN'] : []),
    ...(authHosts.length === 0 ? ['MAILMEDIC_PROBE_AUTH_HOSTS'] : []),
  ];
  const name = 'Log-in (--auth)';
  if (missing.length > 0) return [{ name, state: 'warning', text: `off: set ${missing.join(', ')} too.` }];
  return [{ name, state: 'ok', text: `${secrets.join(', ')} at ${authHosts.join(', ')}` }];
}

function prometheusCheck({ probeToken }: Config['http']): DoctorCheck {
  const closed = 'closed; MAILMEDIC_HTTP_PROBE_TOKEN opens GET /probe (docs/prometheus.md)';
  return { name: 'Prometheus', state: 'ok', text: probeToken === undefined ? closed : 'GET /probe, with the token' };
}

function slackCheck(slack: Config['slack']): DoctorCheck {
  if (slack.botToken === undefined && slack.appToken === undefined && slack.signingSecret === undefined) {
    return { name: 'Slack', state: 'warning', text: 'not set up. See manifest/README.md.' };
  }
  if (slack.botToken === undefined) {
    return { name: 'Slack', state: 'failed', text: 'MAILMEDIC_SLACK_BOT_TOKEN is missing.' };
  }
  if (slack.appToken === undefined && slack.signingSecret === undefined) {
    const text = 'set MAILMEDIC_SLACK_APP_TOKEN (Socket Mode) or MAILMEDIC_SLACK_SIGNING_SECRET (HTTP).';
    return { name: 'Slack', state: 'failed', text };
  }
  return { name: 'Slack', state: 'ok', text: slack.appToken === undefined ? 'HTTP' : 'Socket Mode' };
}

function teamsCheck(teams: Config['teams']): DoctorCheck {
  const keys = {
    MAILMEDIC_TEAMS_APP_ID: teams.appId,
    MAILMEDIC_TEAMS_APP_PASSWORD: teams.appPassword,
    MAILMEDIC_TEAMS_TENANT_ID: teams.tenantId,
  };
  const missing = Object.entries(keys).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length === 3) return { name: 'Teams', state: 'warning', text: 'not set up. See manifest/README.md.' };
  if (missing.length > 0) return { name: 'Teams', state: 'failed', text: `${missing.join(' and ')} missing.` };
  return { name: 'Teams', state: 'ok', text: 'POST /api/messages' };
}

function runbookCheck({ config, sandbox }: ExamineOptions): DoctorCheck {
  const name = 'Runbook links';
  if (config.http.publicUrl !== undefined) return { name, state: 'ok', text: config.http.publicUrl };
  if (sandbox) return { name, state: 'ok', text: 'served by the sandbox' };
  const text = 'shown in the conversation; set MAILMEDIC_HTTP_PUBLIC_URL to make them links.';
  return { name, state: 'warning', text };
}
