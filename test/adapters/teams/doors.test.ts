import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { teamsSettings } from '../../../src/adapters/teams/teams-settings.ts';
import { UserError } from '../../../src/errors.ts';
import {
  APP_ID,
  channelMessage,
  personalMessage,
  startTeamsBot,
  TENANT,
  type TeamsBot,
  teamsConfig,
  until,
} from '../../support/teams-bot.ts';
import { startTeamsMicrosoft, type TeamsMicrosoft, type TokenChanges } from '../../support/teams-microsoft.ts';

let microsoft: TeamsMicrosoft;
let bot: TeamsBot;

beforeAll(async () => {
  // botbuilder prints refused tokens to stderr; its words are not ours to test.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  microsoft = await startTeamsMicrosoft();
  bot = await startTeamsBot(microsoft);
});
afterEach(() => {
  bot.commands.length = 0;
});
afterAll(async () => {
  await bot.stop();
  await microsoft.stop();
  vi.restoreAllMocks();
});

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
}

describe('start-up', () => {
  test.each([
    ['appId', 'MAILMEDIC_TEAMS_APP_ID'],
    ['appPassword', 'MAILMEDIC_TEAMS_APP_PASSWORD'],
    ['tenantId', 'MAILMEDIC_TEAMS_TENANT_ID'],
  ])('without %s it refuses and names %s', (key, variable) => {
    for (const value of ['', '  ', undefined]) {
      const config = { ...teamsConfig(microsoft), [key]: value };
      expect(() => teamsSettings(config)).toThrow(UserError);
      expect(() => teamsSettings(config)).toThrow(variable);
    }
  });

  test('an adapter without an app id is not made', async () => {
    await expect(startTeamsBot(microsoft, { appId: '' })).rejects.toThrow('MAILMEDIC_TEAMS_APP_ID');
  });

  test('no host to answer to is refused', () => {
    expect(() => teamsSettings({ ...teamsConfig(microsoft), serviceHosts: [] })).toThrow(/serviceHosts/);
  });
});

describe('tokens', () => {
  test('a good one passes, once the work is handed over the request is over', async () => {
    const answer = await bot.send(channelMessage(microsoft));
    expect(answer).toEqual({ status: 200, text: '' });
    await until(() => bot.commands.length === 1, 'the command');
  });

  const refused: [string, TokenChanges | null][] = [
    ['missing', null],
    ['expired', { expiresIn: -600 }],
    ['for another audience', { audience: 'another-app' }],
    ['of another issuer', { issuer: 'https://evil.example' }],
    [
      'of an Entra tenant, which botbuilder would try as an emulator',
      { issuer: `https://sts.windows.net/${TENANT}/`, claims: { tid: TENANT, ver: '1.0', appid: APP_ID } },
    ],
    ['forged', { forged: true }],
    ['with an unknown key', { kid: 'nope' }],
    ['given for another serviceUrl', { claims: { serviceurl: 'https://smba.trafficmanager.net/x/' } }],
    ['without the serviceUrl claim', { claims: { serviceurl: '' } }],
  ];
  test.each(refused)('%s: 401, nothing runs, no stack', async (_name, token) => {
    const answer = await bot.send(channelMessage(microsoft), token);
    expect(answer).toEqual({ status: 401, text: '{"error":"not authorised"}' });
    await settled();
    expect(bot.commands).toEqual([]);
  });

  test.each(['Bearer', 'Bearer a.b.c', 'Basic eDp5', `Bearer ${'a'.repeat(9000)}.b.c`, 'Bearer e30.e30.e30'])(
    'a header that is no token: %.20s',
    async (authorization) => {
      const answer = await bot.sendRaw(JSON.stringify(channelMessage(microsoft)), { authorization });
      expect(answer.status).toBe(401);
    },
  );

  test('an unsigned token (alg none) is refused', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: microsoft.issuer, aud: APP_ID, serviceurl: microsoft.serviceUrl, exp: 4_000_000_000 };
    for (const signature of ['', 'AA']) {
      const authorization = `Bearer ${part({ alg: 'none', kid: 'k1' })}.${part(claims)}.${signature}`;
      expect((await bot.sendRaw(JSON.stringify(channelMessage(microsoft)), { authorization })).status).toBe(401);
    }
  });

  test('keys that cannot be read are our trouble, not the caller’s: 503', async () => {
    const dark = await startTeamsMicrosoft();
    dark.metadataStatus = 500;
    const other = await startTeamsBot(dark);
    expect((await other.send(channelMessage(dark))).status).toBe(503);
    dark.metadataStatus = 200;
    expect((await other.send(channelMessage(dark))).status).toBe(200);
    await other.stop();
    await dark.stop();
  });
});

describe('strangers with a good token', () => {
  const otherTenant = {
    conversation: { id: 'c', conversationType: 'personal', tenantId: 'evil' },
    channelData: { tenant: { id: 'evil' } },
  };
  test.each([
    ['of another tenant', otherTenant, 403],
    ['whose two tenants differ', { channelData: { tenant: { id: 'evil' } } }, 403],
    ['without a tenant', { conversation: { id: 'c', conversationType: 'personal' }, channelData: {} }, 403],
    ['of another channel', { channelId: 'webchat' }, 403],
    ['of the emulator', { channelId: 'emulator' }, 403],
  ])('%s', async (_name, changes, status) => {
    expect((await bot.send(channelMessage(microsoft, changes))).status).toBe(status);
    await settled();
    expect(bot.commands).toEqual([]);
  });

  test('the tenant list replaces the tenant of the bot', async () => {
    const listed = await startTeamsBot(microsoft, { allowedTenants: ['EVIL'] });
    expect((await listed.send(channelMessage(microsoft, otherTenant))).status).toBe(200);
    expect((await listed.send(channelMessage(microsoft))).status).toBe(403);
    await listed.stop();
  });

  test('a serviceUrl that is not on the list is refused although its token fits', async () => {
    const strict = await startTeamsBot(microsoft, { serviceHosts: ['smba.trafficmanager.net'] });
    expect(await strict.send(channelMessage(microsoft))).toEqual({
      status: 403,
      text: '{"error":"serviceUrl not allowed"}',
    });
    const claims = { serviceurl: 'http://169.254.169.254/' };
    expect(
      (await bot.send(channelMessage(microsoft, { serviceUrl: 'http://169.254.169.254/' }), { claims })).status,
    ).toBe(403);
    expect(strict.commands).toEqual([]);
    await strict.stop();
  });
});

describe('repeats and limits', () => {
  test('an activity that comes again is answered and not worked on', async () => {
    const activity = channelMessage(microsoft);
    expect((await bot.send(activity)).status).toBe(200);
    expect((await bot.send(activity)).status).toBe(200);
    await settled();
    expect(bot.commands).toHaveLength(1);
    expect(bot.commands[0]?.deliveryId).toContain(String(activity.id));
  });

  test('the same id in another conversation is another activity', async () => {
    const activity = channelMessage(microsoft);
    await bot.send(activity);
    await bot.send(personalMessage(microsoft, { id: activity.id }));
    await until(() => bot.commands.length === 2, 'both commands');
  });

  test.each([
    ['not JSON', '{"type":', 400],
    ['not an object', '[1,2]', 400],
    ['a bare word', 'hello', 400],
    ['empty', '', 400],
    ['a number', '7', 400],
    ['deep arrays', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    ['deep objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`, 400],
    ['too large', JSON.stringify({ type: 'message', text: 'x'.repeat(300_000) }), 413],
  ])('%s: no 500, no stack', async (_name, body, status) => {
    const authorization = `Bearer ${await microsoft.token(APP_ID)}`;
    const answer = await bot.sendRaw(body, { authorization });
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/at |node_modules|Error:/);
  });

  test('other content types and compressed bodies are refused', async () => {
    const body = JSON.stringify(channelMessage(microsoft));
    const authorization = `Bearer ${await microsoft.token(APP_ID)}`;
    expect((await bot.sendRaw(body, { authorization, 'content-type': 'text/plain' })).status).toBe(400);
    expect((await bot.sendRaw(body, { authorization, 'content-encoding': 'gzip' })).status).toBe(415);
  });

  test('after stop the door is closed', async () => {
    const short = await startTeamsBot(microsoft);
    expect(short.adapter.health()).toBe('ok');
    await short.adapter.stop();
    expect((await short.send(channelMessage(microsoft))).status).toBe(503);
    expect(short.adapter.health()).not.toBe('ok');
    await short.stop();
  });

  test('the answer leaves when the handler has kept what came; stop waits for the rest', async () => {
    const slow = await startTeamsBot(microsoft);
    let finished = false;
    slow.onCommand = async ({ kept }) => {
      kept?.();
      await new Promise((resolve) => setTimeout(resolve, 400));
      finished = true;
    };
    const before = performance.now();
    expect((await slow.send(channelMessage(microsoft))).status).toBe(200);
    expect(performance.now() - before).toBeLessThan(350);
    expect(finished).toBe(false);
    await slow.adapter.stop();
    expect(finished).toBe(true);
    await slow.stop();
  });
});

describe('besides the bot’s door', () => {
  test('the page that the manifest links to stands, and loads nothing', async () => {
    const response = await fetch(`${bot.url}/about`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    for (const anchor of ['id="privacy"', 'id="terms"']) expect(page).toContain(anchor);
  });

  test('other methods find nothing', async () => {
    expect((await fetch(`${bot.url}/api/messages`)).status).toBe(404);
  });
});
