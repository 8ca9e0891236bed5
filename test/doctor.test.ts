import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import type { DnsAnswer, DnsResolver, MxRecord } from '../src/dns/resolver.ts';
import { examine } from '../src/doctor.ts';

/** A resolver that gives one answer to every MX question. */
function resolverSaying(answer: DnsAnswer<MxRecord>): DnsResolver {
  const refuse = (): never => {
    throw new Error('the doctor asks for MX only');
  };
  return {
    server: '192.0.2.53',
    mx: async () => answer,
    a: refuse,
    aaaa: refuse,
    cname: refuse,
    txt: refuse,
    ptr: refuse,
    tlsa: refuse,
  };
}

async function look(
  env: Record<string, string>,
  answer: DnsAnswer<MxRecord> = { status: 'nodata', records: [] },
  writable = true,
) {
  const checks = await examine({
    config: loadConfig({ env }),
    resolver: resolverSaying(answer),
    signal: new AbortController().signal,
    sandbox: false,
    knownName: 'example.com',
    checkFolder: async () => {
      if (!writable) throw new Error('EACCES: permission denied');
    },
  });
  return Object.fromEntries(checks.map(({ name, state, text }) => [name, { state, text }]));
}

describe('examine', () => {
  it('finds nothing wrong in a fresh installation, and says what is not set up', async () => {
    const found = await look({});
    expect(found['Node.js']?.state).toBe('ok');
    expect(found.DNS).toEqual({ state: 'ok', text: expect.stringMatching(/^192\.0\.2\.53 answers in \d+ ms$/) });
    for (const name of ['Slack', 'Teams', 'Monitoring mailboxes', 'Control target', 'Runbook links']) {
      expect(found[name]?.state).toBe('warning');
    }
  });

  it.each<[name: string, status: 'servfail' | 'timeout' | 'refused']>([
    ['DNS', 'servfail'],
    ['DNS', 'timeout'],
    ['DNS', 'refused'],
  ])('%s %s is a failure with a next step', async (name, status) => {
    const found = await look({}, { status, records: [] });
    expect(found[name]?.state).toBe('failed');
    expect(found[name]?.text).toMatch(/Set MAILMEDIC_DNS/);
  });

  it('names the folder that cannot be written and the way out', async () => {
    const found = await look({ MAILMEDIC_DATA_DIR: '/nowhere' }, undefined, false);
    expect(found.Storage).toEqual({
      state: 'failed',
      text: expect.stringMatching(/\/nowhere.*EACCES.*MAILMEDIC_DATA_DIR/),
    });
  });

  it.each<[env: Record<string, string>, name: string, state: string, text: RegExp]>([
    [{ MAILMEDIC_SLACK_APP_TOKEN: 'xapp-1' }, 'Slack', 'failed', /MAILMEDIC_SLACK_BOT_TOKEN is missing/],
    [{ MAILMEDIC_SLACK_BOT_TOKEN: 'xoxb-1' }, 'Slack', 'failed', /APP_TOKEN.*SIGNING_SECRET/],
    [{ MAILMEDIC_SLACK_BOT_TOKEN: 'xoxb-1', MAILMEDIC_SLACK_APP_TOKEN: 'xapp-1' }, 'Slack', 'ok', /Socket Mode/],
    [{ MAILMEDIC_SLACK_BOT_TOKEN: 'xoxb-1', MAILMEDIC_SLACK_SIGNING_SECRET: 's' }, 'Slack', 'ok', /HTTP/],
    [{ MAILMEDIC_TEAMS_APP_ID: 'a' }, 'Teams', 'failed', /APP_PASSWORD and MAILMEDIC_TEAMS_TENANT_ID missing/],
    [{ MAILMEDIC_MAILBOXES: 'monitor@contoso.example' }, 'Monitoring mailboxes', 'ok', /1 configured/],
    [{ MAILMEDIC_PROBE_CONTROL: 'mx1.contoso.example' }, 'Control target', 'ok', /^mx1\.contoso\.example$/],
    [{}, 'Prometheus', 'ok', /^closed; MAILMEDIC_HTTP_PROBE_TOKEN opens/],
    [{ MAILMEDIC_HTTP_PROBE_TOKEN: '0123456789abcdef' }, 'Prometheus', 'ok', /^GET \/probe, with the token$/],
    [
      { MAILMEDIC_PROBE_AUTH_USER: 'kim' },
      'Log-in (--auth)',
      'warning',
      /AUTH_PASSWORD or .*AUTH_TOKEN, .*AUTH_HOSTS too/,
    ],
    [
      {
        MAILMEDIC_PROBE_AUTH_USER: 'kim',
        MAILMEDIC_PROBE_AUTH_TOKEN: 'secret',
        MAILMEDIC_PROBE_AUTH_HOSTS: '.contoso.example',
      },
      'Log-in (--auth)',
      'ok',
      /^xoauth2 at \.contoso\.example$/,
    ],
    [{}, 'Control target', 'warning', /Set MAILMEDIC_PROBE_CONTROL/],
    [{ MAILMEDIC_HTTP_PUBLIC_URL: 'https://mm.contoso.example' }, 'Runbook links', 'ok', /https:\/\/mm/],
  ])('%j: %s is %s', async (env, name, state, text) => {
    const found = await look(env);
    expect(found[name]).toEqual({ state, text: expect.stringMatching(text) });
  });
});
