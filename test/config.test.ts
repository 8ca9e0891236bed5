import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { UserError } from '../src/errors.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mailmedic-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const name = path.join(folder, `${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(name, text);
  return name;
}

describe('loadConfig', () => {
  it('has defaults for everything', () => {
    const config = loadConfig({ env: {} });
    expect(config.egress.ports).toEqual([25, 465, 587, 2525]);
    expect(config.mailboxes).toEqual([]);
    expect(config.store).toBe('lowdb');
  });

  it('reads the environment names that outside scripts use', () => {
    const config = loadConfig({
      env: {
        MAILMEDIC_DATA_DIR: '/data',
        MAILMEDIC_EGRESS_ALLOW: '127.0.0.0/8, ::1',
        MAILMEDIC_DNS: '127.0.0.1:5353',
        MAILMEDIC_MAILBOXES: 'monitor@contoso.com,probe@fabrikam.com',
        MAILMEDIC_STORE: 'lowdb',
        MAILMEDIC_SLACK_API_URL: 'http://127.0.0.1:1/api/',
        MAILMEDIC_SLACK_BOT_TOKEN: 'xoxb-1',
      },
    });
    expect(config).toMatchObject({
      dataDir: '/data',
      egress: { allow: ['127.0.0.0/8', '::1'] },
      dns: '127.0.0.1:5353',
      mailboxes: ['monitor@contoso.com', 'probe@fabrikam.com'],
      slack: { apiUrl: 'http://127.0.0.1:1/api/', botToken: 'xoxb-1' },
    });
  });

  it('puts the environment over the file', () => {
    const name = file('http:\n  port: 4000\nprobe:\n  stageTimeoutS: 3\n');
    const config = loadConfig({ file: name, env: { MAILMEDIC_HTTP_PORT: '5000' } });
    expect(config.http.port).toBe(5000);
    expect(config.probe.stageTimeoutS).toBe(3);
  });

  it.each<[name: string, text: string, env: Record<string, string>, message: RegExp]>([
    ['an unknown key', 'htpp: {}', {}, /has no key "htpp"/],
    ['an unknown nested key', 'http: {prot: 1}', {}, /http has no key "prot"/],
    ['a secret in a file', 'slack: {botToken: x}', {}, /slack\.botToken is a secret.*MAILMEDIC_SLACK_BOT_TOKEN/],
    ['a bad range', '', { MAILMEDIC_EGRESS_ALLOW: '10.0.0.0/99' }, /egress\.allow.*CIDR.*MAILMEDIC_EGRESS_ALLOW/],
    ['a bad mailbox', '', { MAILMEDIC_MAILBOXES: 'nobody' }, /mailboxes: must be an address/],
    ['a bad number', '', { MAILMEDIC_HTTP_PORT: 'eighty' }, /http\.port.*MAILMEDIC_HTTP_PORT/],
    ['broken YAML', 'a: [', {}, /cannot be read/],
    ['a list for a file', '- 1', {}, /must hold keys and values/],
  ])('names the key and the fix for %s', (_name, text, env, message) => {
    expect(() => loadConfig({ file: file(text), env })).toThrow(message);
    expect(() => loadConfig({ file: file(text), env })).toThrow(UserError);
  });

  it('says so when the named file is not there', () => {
    expect(() => loadConfig({ file: path.join(folder, 'none.yaml'), env: {} })).toThrow(/There is no file/);
  });
});
