import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { IncomingCommand } from '../../../src/chat/port.ts';
import {
  ANN,
  APP_ID,
  BOT_ID,
  channelMessage,
  personalMessage,
  startTeamsBot,
  TENANT,
  type TeamsBot,
  until,
} from '../../support/teams-bot.ts';
import { startTeamsMicrosoft, type TeamsMicrosoft } from '../../support/teams-microsoft.ts';

let microsoft: TeamsMicrosoft;
let bot: TeamsBot;

beforeAll(async () => {
  microsoft = await startTeamsMicrosoft();
  bot = await startTeamsBot(microsoft);
});
afterEach(() => {
  bot.commands.length = 0;
  bot.presses.length = 0;
  bot.forms.length = 0;
  microsoft.calls.length = 0;
});
afterAll(async () => {
  await bot.stop();
  await microsoft.stop();
});

async function commandFrom(activity: Record<string, unknown>): Promise<IncomingCommand> {
  expect((await bot.send(activity)).status).toBe(200);
  await until(() => bot.commands.length === 1, 'the command');
  const [command] = bot.commands;
  if (command === undefined) throw new Error('no command');
  return command;
}

async function nothingFrom(activity: Record<string, unknown>): Promise<void> {
  expect((await bot.send(activity)).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(bot.commands).toEqual([]);
}

describe('messages', () => {
  test('in a channel: the mention goes, the thread stays', async () => {
    const command = await commandFrom(channelMessage(microsoft));
    expect(command.line).toBe('probe contoso.example');
    expect(command.user).toEqual(ANN);
    expect(command.trigger).toEqual({ user: ANN });
    expect(command.place).toEqual({
      platform: 'teams',
      teamId: TENANT,
      channelId: '19:abc@thread.tacv2',
      threadId: '1700',
      direct: false,
      extra: { serviceUrl: microsoft.serviceUrl, kind: 'channel', botId: BOT_ID },
    });
    expect(JSON.parse(JSON.stringify(command.place))).toEqual(command.place);
  });

  test('in a personal chat the text is the command', async () => {
    const command = await commandFrom(personalMessage(microsoft, { text: '/peer 192.0.2.1\n' }));
    expect(command.line).toBe('/peer 192.0.2.1');
    expect(command.place.direct).toBe(true);
    expect(command.place.threadId).toBeUndefined();
  });

  test('a slash command in a group (targeted) is private: the place shows it to that person only', async () => {
    const command = await commandFrom(
      channelMessage(microsoft, {
        conversation: { id: '19:grp@thread.v2', conversationType: 'groupChat', tenantId: TENANT },
        recipient: { id: BOT_ID, name: 'mailmedic', isTargeted: true },
        text: '/probe kim@contoso.example',
        entities: [],
        id: 'prompt-1',
      }),
    );
    expect(command.line).toBe('/probe kim@contoso.example');
    expect(command.place.direct).toBe(true);
    expect(command.place.extra).toMatchObject({ kind: 'groupChat', onlyFor: ANN, promptId: 'prompt-1' });
  });

  test('what is not for us in a group is left alone', async () => {
    await nothingFrom(channelMessage(microsoft, { text: 'probe contoso.example', entities: [] }));
    const mentioned = [{ type: 'mention', text: '<at>Bo</at>', mentioned: { id: '29:bo' } }];
    await nothingFrom(channelMessage(microsoft, { text: '<at>Bo</at> lunch', entities: mentioned }));
    await nothingFrom(channelMessage(microsoft, { type: 'messageReaction' }));
    await nothingFrom(channelMessage(microsoft, { type: 'messageUpdate' }));
    await nothingFrom(channelMessage(microsoft, { from: undefined }));
  });

  test('a file in a channel cannot be read: the person is told so, privately, and the command still runs', async () => {
    const command = await commandFrom(
      channelMessage(microsoft, {
        text: '<at>mailmedic</at> trace-parse',
        attachments: [{ contentType: 'text/html', content: '<div><attachment id="f1"></attachment></div>' }],
      }),
    );
    expect(command.files).toBeUndefined();
    const [call] = microsoft.calls;
    expect(call?.url).toContain('isTargetedActivity=true');
    expect(JSON.stringify(call?.body)).toContain('personal chat');
  });
});

describe('files in a personal chat', () => {
  function withFile(downloadUrl: string, name = 'trace.csv', text = ''): Record<string, unknown> {
    const content = { downloadUrl, uniqueId: 'u1', fileType: 'csv' };
    const attachments = [{ contentType: 'application/vnd.microsoft.teams.file.download.info', name, content }];
    return personalMessage(microsoft, { text, attachments });
  }
  async function open(command: IncomingCommand): Promise<Buffer> {
    const [file] = command.files ?? [];
    if (file === undefined) throw new Error('no file');
    return buffer(await file.open(new AbortController().signal));
  }

  test('are fetched when opened, byte for byte, without a token of ours', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    microsoft.files.set('/files/trace.csv', { body: bytes, headers: {} });
    const command = await commandFrom(withFile(`${microsoft.url}/files/trace.csv`));
    expect(command.line).toBe('/trace-parse');
    expect(command.files?.[0]?.name).toBe('trace.csv');
    expect(microsoft.fileRequests).toEqual([]);
    expect((await open(command)).equals(bytes)).toBe(true);
    expect(microsoft.fileRequests).toEqual([
      { method: 'GET', url: '/files/trace.csv', authorization: undefined, range: undefined },
    ]);
  });

  test('a mail is diagnosed, and words that are a command stay', async () => {
    expect((await commandFrom(withFile(`${microsoft.url}/files/x`, 'bounce.eml', 'what is this'))).line).toBe(
      '/diagnose',
    );
    bot.commands.length = 0;
    expect(
      (await commandFrom(withFile(`${microsoft.url}/files/x`, 'bounce.eml', 'trace-parse --ip 192.0.2.1'))).line,
    ).toBe('trace-parse --ip 192.0.2.1');
  });

  test('redirects are followed to allowed hosts only', async () => {
    microsoft.files.set('/files/end', { body: Buffer.from('end'), headers: {} });
    microsoft.files.set('/files/hop', { body: Buffer.alloc(0), headers: { location: '/files/end' } });
    microsoft.files.set('/files/out', {
      body: Buffer.alloc(0),
      headers: { location: 'http://169.254.169.254/latest' },
    });
    microsoft.files.set('/files/loop', { body: Buffer.alloc(0), headers: { location: '/files/loop' } });
    expect((await open(await commandFrom(withFile(`${microsoft.url}/files/hop`)))).toString()).toBe('end');
    bot.commands.length = 0;
    await expect(open(await commandFrom(withFile(`${microsoft.url}/files/out`)))).rejects.toThrow(
      /where Teams keeps files/,
    );
    bot.commands.length = 0;
    await expect(open(await commandFrom(withFile(`${microsoft.url}/files/loop`)))).rejects.toThrow(
      /address to address/,
    );
  });

  test.each([
    ['http://metadata.example/x', /where Teams keeps files/],
    ['https://evil.example/x', /where Teams keeps files/],
    ['https://sharepoint.com.evil.example/x', /where Teams keeps files/],
    ['http://contoso.sharepoint.com/x', /where Teams keeps files/],
    ['https://u:p@contoso.sharepoint.com/x', /where Teams keeps files/],
    ['file:///etc/passwd', /where Teams keeps files/],
    ['not a url', /where Teams keeps files/],
  ])('%s is not fetched', async (link, message) => {
    await expect(open(await commandFrom(withFile(link)))).rejects.toThrow(message);
  });

  test('missing and too large files are named with the next step', async () => {
    await expect(open(await commandFrom(withFile(`${microsoft.url}/files/none`)))).rejects.toThrow(
      /HTTP 404.*send the file again/i,
    );
    bot.commands.length = 0;
    microsoft.files.set('/files/big', { body: Buffer.alloc(2 * 1024 * 1024), headers: {} });
    await expect(open(await commandFrom(withFile(`${microsoft.url}/files/big`)))).rejects.toThrow(/larger than 1 MB/);
    bot.commands.length = 0;
    microsoft.files.set('/files/chunked', {
      body: Buffer.alloc(2 * 1024 * 1024),
      headers: { 'transfer-encoding': 'chunked' },
    });
    await expect(open(await commandFrom(withFile(`${microsoft.url}/files/chunked`)))).rejects.toThrow(
      /larger than 1 MB/,
    );
  });

  test('a body that breaks off is said, a cancelled read stays a cancelled read', async () => {
    // One byte is announced more than comes: the body waits until the connection breaks.
    const short = { body: Buffer.from('half'), headers: { 'content-length': '5' }, breaksOff: true as const };
    microsoft.files.set('/files/half', short);
    await expect(open(await commandFrom(withFile(`${microsoft.url}/files/half`)))).rejects.toThrow(
      /broke off after 4 bytes/,
    );
    bot.commands.length = 0;
    const { files } = await commandFrom(withFile(`${microsoft.url}/files/half`));
    const cancel = new AbortController();
    const [file] = files ?? [];
    if (file === undefined) throw new Error('no file');
    const stream = await file.open(cancel.signal);
    cancel.abort();
    await expect(buffer(stream)).rejects.toThrow(/abort/i);
  });

  test('an attachment without a link is no file', async () => {
    const attachments = [
      { contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'x', content: { downloadUrl: 7 } },
      { contentType: 'image/png', contentUrl: 'https://smba.trafficmanager.net/x' },
      null,
      'x',
    ];
    expect((await commandFrom(personalMessage(microsoft, { attachments }))).files).toBeUndefined();
  });
});

describe('buttons and forms', () => {
  const value = '{"v":1,"a":"run","line":"/probe contoso.example","where":"edit","run":"r1","rev":2}';
  function execute(data: unknown, changes: Record<string, unknown> = {}): Record<string, unknown> {
    return channelMessage(microsoft, {
      type: 'invoke',
      name: 'adaptiveCard/action',
      replyToId: 'card-1',
      text: undefined,
      entities: [],
      value: { action: { type: 'Action.Execute', verb: 'mm', data }, trigger: 'manual' },
      ...changes,
    });
  }

  test('Action.Execute is answered at once and becomes a press on its message', async () => {
    const answer = await bot.send(execute({ mm: value }));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: 'Working…',
    });
    await until(() => bot.presses.length === 1, 'the press');
    const [press] = bot.presses;
    expect(press).toMatchObject({ value, user: ANN, message: { messageId: 'card-1' }, trigger: { user: ANN } });
    expect(press?.place).toMatchObject({ channelId: '19:abc@thread.tacv2', threadId: '1700', direct: false });
    expect(press?.deliveryId).toBeDefined();
  });

  test('Action.Submit of an older client comes as a message with a value', async () => {
    await bot.send(
      channelMessage(microsoft, { text: undefined, entities: [], replyToId: 'card-2', value: { mm: value } }),
    );
    await until(() => bot.presses.length === 1, 'the press');
    expect(bot.presses[0]).toMatchObject({ value, message: { messageId: 'card-2' } });
    expect(bot.commands).toEqual([]);
  });

  test('a press on a private card stays private', async () => {
    await bot.send(execute({ mm: value, mmPrivate: true }));
    await until(() => bot.presses.length === 1, 'the press');
    expect(bot.presses[0]?.place).toMatchObject({ direct: true, extra: { onlyFor: ANN } });
    expect(bot.presses[0]?.message.place.extra).toMatchObject({ onlyFor: ANN });
  });

  test('a form brings its fields and nothing else', async () => {
    const data = {
      mmForm: 'probe',
      mmPrivate: true,
      target: 'contoso.example',
      depth: 'rcpt',
      n: 7,
      o: {},
      msteams: {},
    };
    await bot.send(execute(data));
    await bot.send(
      personalMessage(microsoft, { text: undefined, value: { mmForm: 'diagnose', text: '550 5.1.1 no' } }),
    );
    await until(() => bot.forms.length === 2, 'the forms');
    expect(bot.forms[0]).toMatchObject({
      command: 'probe',
      values: { target: 'contoso.example', depth: 'rcpt' },
      files: [],
      user: ANN,
    });
    expect(Object.keys(bot.forms[0]?.values ?? {})).toEqual(['target', 'depth']);
    expect(bot.forms[0]?.place.direct).toBe(true);
    expect(bot.forms[1]).toMatchObject({ command: 'diagnose', values: { text: '550 5.1.1 no' } });
  });

  test.each([
    ['data of another app', { other: 1 }, {}],
    ['no data', undefined, {}],
    ['an array', ['mm'], {}],
    ['no value', {}, { value: 7 }],
  ])('%s: a word instead of work', async (_name, data, changes) => {
    const answer = await bot.send(execute(data, changes));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ statusCode: 400, type: 'application/vnd.microsoft.error' });
    expect(bot.presses).toEqual([]);
  });

  test('an invoke that is not ours is not implemented', async () => {
    expect((await bot.send(execute({}, { name: 'composeExtension/query' }))).status).toBe(501);
  });
});

describe('welcome', () => {
  test('once a conversation, with the honest word on files in channels', async () => {
    const added = { type: 'conversationUpdate', membersAdded: [{ id: BOT_ID }], text: undefined, entities: [] };
    const general = { conversation: { id: '19:general@thread.tacv2', conversationType: 'channel', tenantId: TENANT } };
    await bot.send(channelMessage(microsoft, { ...added, ...general }));
    await bot.send(channelMessage(microsoft, { type: 'installationUpdate', action: 'add', ...general }));
    await until(() => microsoft.calls.length === 1, 'the welcome');
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(microsoft.calls).toHaveLength(1);
    expect(microsoft.calls[0]?.url).toBe('/svc/v3/conversations/19%3Ageneral%40thread.tacv2/activities');
    expect(microsoft.calls[0]?.body.attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
  });

  test('not for people who join, nor for a removal', async () => {
    const conversation = { id: '19:other@thread.tacv2', conversationType: 'channel', tenantId: TENANT };
    await bot.send(
      channelMessage(microsoft, { type: 'conversationUpdate', membersAdded: [{ id: '29:bo' }], conversation }),
    );
    await bot.send(channelMessage(microsoft, { type: 'installationUpdate', action: 'remove', conversation }));
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(microsoft.calls).toEqual([]);
  });
});

test('hostile activities with a good token: no crash, no 500, no stack', async () => {
  const token = await microsoft.token(APP_ID);
  const base = channelMessage(microsoft);
  const keys = [...Object.keys(base), 'value', 'name', 'attachments', 'membersAdded', 'replyToId', 'action'];
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constant('<at>'.repeat(5000)),
    fc.constant({ __proto__: null, constructor: 1 }),
  );
  const change = fc.dictionary(fc.constantFrom(...keys), junk, { maxKeys: 4 });
  const type = fc.constantFrom('message', 'invoke', 'conversationUpdate', 'installationUpdate', 'x');
  const name = fc.constantFrom('adaptiveCard/action', 'fileConsent/invoke', 'task/fetch');
  await fc.assert(
    fc.asyncProperty(change, type, name, async (changes, kind, invoke) => {
      const body = JSON.stringify({ ...channelMessage(microsoft), type: kind, name: invoke, ...changes });
      const answer = await bot.sendRaw(body, { authorization: `Bearer ${token}` });
      expect([200, 400, 401, 403, 501]).toContain(answer.status);
      expect(answer.text).not.toContain('node_modules');
    }),
    { numRuns: 150 },
  );
  bot.commands.length = 0;
  await commandFrom(personalMessage(microsoft));
  expect(bot.bugs).toEqual([]);
});
