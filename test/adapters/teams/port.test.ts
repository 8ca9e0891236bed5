import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Card } from '../../../cards/card.ts';
import type { Form } from '../../../cards/form.ts';
import type { MessageRef, Place } from '../../../src/chat/port.ts';
import { PlatformError } from '../../../src/errors.ts';
import {
  ANN,
  BOT_ID,
  channelMessage,
  personalMessage,
  startTeamsBot,
  TENANT,
  type TeamsBot,
  until,
} from '../../support/teams-bot.ts';
import { startTeamsMicrosoft, type TeamsMicrosoft } from '../../support/teams-microsoft.ts';

const card: Card = {
  kind: 'probe',
  state: 'failed',
  title: 'contoso.example cannot receive mail',
  actions: [{ type: 'run', label: 'Probe again', line: '/probe contoso.example', where: 'edit', primary: true }],
};
const form: Form = {
  command: 'probe',
  title: 'Probe a mail path',
  submit: 'Probe',
  fields: [{ type: 'text', id: 'target', label: 'Domain' }],
};

let microsoft: TeamsMicrosoft;
let bot: TeamsBot;

beforeAll(async () => {
  microsoft = await startTeamsMicrosoft();
  bot = await startTeamsBot(microsoft);
});
afterEach(() => {
  microsoft.calls.length = 0;
  microsoft.failures.length = 0;
  microsoft.fileRequests.length = 0;
});
afterAll(async () => {
  await bot.stop();
  await microsoft.stop();
});

function placeAt(extra: Record<string, unknown>, rest: Partial<Place> = {}): Place {
  return {
    platform: 'teams',
    teamId: TENANT,
    channelId: '19:abc@thread.tacv2',
    direct: false,
    extra: { serviceUrl: microsoft.serviceUrl, kind: 'channel', botId: BOT_ID, ...extra },
    ...rest,
  };
}
const channel = (): Place => placeAt({});
const thread = (): Place => placeAt({}, { threadId: '1700' });
const group = (): Place => placeAt({ kind: 'groupChat' }, { channelId: '19:grp@thread.v2' });
const personal = (): Place => placeAt({ kind: 'personal' }, { channelId: 'a:personal', direct: true });
const onlyAnn = (): Place =>
  placeAt({ kind: 'groupChat', onlyFor: ANN, promptId: 'p1' }, { channelId: '19:grp@thread.v2', direct: true });

async function kindOf(work: Promise<unknown>): Promise<{ kind: string; retryAfterMs: number | undefined }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlatformError)) throw new Error(`not a PlatformError: ${String(error)}`);
  return { kind: error.kind, retryAfterMs: error.retryAfterMs };
}

function actionsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const own =
    'type' in value && (value.type === 'Action.Execute' || value.type === 'Action.Submit') ? [{ ...value }] : [];
  return [...own, ...Object.values(value).flatMap(actionsIn)];
}

describe('on the wire', () => {
  test.each([
    ['a channel: a new thread', channel, '/svc/v3/conversations/19%3Aabc%40thread.tacv2/activities'],
    ['a thread', thread, '/svc/v3/conversations/19%3Aabc%40thread.tacv2%3Bmessageid%3D1700/activities'],
    ['a group chat', group, '/svc/v3/conversations/19%3Agrp%40thread.v2/activities'],
    ['a personal chat', personal, '/svc/v3/conversations/a%3Apersonal/activities'],
  ])('post to %s', async (_name, place, url) => {
    const ref = await bot.adapter.port.post(place(), { card });
    expect(ref.messageId).toMatch(/^act-/);
    expect(microsoft.calls).toHaveLength(1);
    const [call] = microsoft.calls;
    expect(call).toMatchObject({ method: 'POST', url, authorization: 'Bearer outbound-test' });
    expect(call?.body).toMatchObject({ type: 'message', from: { id: BOT_ID } });
    expect(call?.body.recipient).toBeUndefined();
    expect(call?.body.summary).toContain('contoso.example cannot receive mail');
    expect(call?.body.attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: { type: 'AdaptiveCard', version: '1.5' },
    });
  });

  test('reply goes into the thread of a channel message, and just follows in chats, which have no threads', async () => {
    const { port } = bot.adapter;
    const ref = await port.reply({ place: channel(), messageId: '42' }, { card });
    expect(ref.place.threadId).toBe('42');
    await port.reply({ place: thread(), messageId: '42' }, { card });
    await port.reply({ place: group(), messageId: '42' }, { card });
    await port.reply({ place: { ...personal(), threadId: '42' }, messageId: '42' }, { card });
    const [first, second, third, fourth] = microsoft.calls.map((call) => decodeURIComponent(call.url));
    expect(first).toContain('19:abc@thread.tacv2;messageid=42/');
    expect(second).toContain('19:abc@thread.tacv2;messageid=1700/');
    expect(third).toContain('19:grp@thread.v2/');
    expect(fourth).toContain('a:personal/');
  });

  test('edit replaces the message, also with a reference that was kept over a restart', async () => {
    const posted = await bot.adapter.port.post(thread(), { card });
    const kept: MessageRef = JSON.parse(JSON.stringify(posted));
    const restarted = await startTeamsBot(microsoft);
    await restarted.adapter.port.edit(kept, { card: { ...card, title: 'changed' }, runId: 'r1', revision: 3 });
    await restarted.stop();
    const call = microsoft.calls.at(-1);
    expect(call?.method).toBe('PUT');
    expect(call?.url).toBe(
      `/svc/v3/conversations/19%3Aabc%40thread.tacv2%3Bmessageid%3D1700/activities/${posted.messageId}`,
    );
    expect(call?.body.summary).toContain('changed');
  });

  test('a stored serviceUrl is checked against the list again', async () => {
    const bent = placeAt({ serviceUrl: 'https://evil.example/' });
    expect((await kindOf(bot.adapter.port.post(bent, { card }))).kind).toBe('not-allowed');
    expect((await kindOf(bot.adapter.port.post({ ...channel(), extra: {} }, { card }))).kind).toBe('invalid');
    expect((await kindOf(bot.adapter.port.post({ ...channel(), platform: 'slack' }, { card }))).kind).toBe('invalid');
    expect(microsoft.calls).toEqual([]);
  });
});

describe('private stays private', () => {
  function expectTargeted(count: number): void {
    expect(microsoft.calls).toHaveLength(count);
    for (const call of microsoft.calls) {
      expect(call.url).toMatch(/\?isTargetedActivity=true$/);
      if (call.method === 'POST') expect(call.body.recipient).toEqual({ ...ANN, isTargeted: true });
      // Teams refuses a recipient on updates: visibility cannot change.
      if (call.method === 'PUT') expect(call.body.recipient).toBeUndefined();
    }
  }

  test('ephemeral in a channel and a group carries isTargeted on the wire', async () => {
    await bot.adapter.port.ephemeral(thread(), ANN, { card });
    await bot.adapter.port.ephemeral(group(), ANN, { card });
    expectTargeted(2);
  });

  test('everything sent to a private place does: post, reply, edit, form, file, errors', async () => {
    const { port } = bot.adapter;
    const ref = await port.post(onlyAnn(), { card });
    await port.edit(ref, { card });
    await port.reply(ref, { card });
    await port.ephemeral(onlyAnn(), ANN, { card });
    await port.openForm(onlyAnn(), { user: ANN }, form);
    await port.upload(onlyAnn(), { name: 'transcript.txt', title: 'Transcript', content: '220 mx1 ready' });
    expectTargeted(6);
    expect(microsoft.calls[0]?.body.entities).toEqual([{ type: 'targetedMessageInfo', messageId: 'p1' }]);
  });

  test('the buttons of a private card say so, those of a public card do not', async () => {
    const { port } = bot.adapter;
    const busy: Card = {
      ...card,
      actions: [...(card.actions ?? []), { type: 'form', label: 'Other', command: 'probe' }],
    };
    await port.ephemeral(group(), ANN, { card: busy });
    await port.openForm(group(), { user: ANN }, form);
    await port.post(group(), { card: busy });
    const [shown, opened, open] = microsoft.calls.map((call) =>
      actionsIn(call.body.attachments).map((action) => action.data),
    );
    expect(opened?.length).toBeGreaterThan(0);
    for (const data of [...(shown ?? []), ...(opened ?? [])]) expect(data).toMatchObject({ mmPrivate: true });
    for (const data of open ?? []) expect(data).not.toHaveProperty('mmPrivate');
  });

  test('in a personal chat an ordinary message is private enough', async () => {
    await bot.adapter.port.ephemeral(personal(), ANN, { card });
    await bot.adapter.port.openForm(personal(), { user: ANN }, form);
    expect(microsoft.calls.map((call) => call.url)).toEqual(
      Array(2).fill('/svc/v3/conversations/a%3Apersonal/activities'),
    );
  });

  test.each([400, 403, 404, 405, 501])('when Teams answers %i nothing goes out publicly', async (status) => {
    microsoft.failures.push({ status });
    const { kind } = await kindOf(bot.adapter.port.ephemeral(group(), ANN, { card }));
    expect(['not-allowed', 'not-found', 'unavailable']).toContain(kind);
    for (const call of microsoft.calls) expect(call.url).toContain('isTargetedActivity=true');
  });

  test('where Teams knows no targeted messages (400) it is not allowed', async () => {
    microsoft.failures.push({ status: 400, code: 'BadArgument' });
    expect((await kindOf(bot.adapter.port.ephemeral(group(), ANN, { card }))).kind).toBe('not-allowed');
    expect((await kindOf(bot.adapter.port.ephemeral(group(), { id: '', name: '' }, { card }))).kind).toBe(
      'not-allowed',
    );
    expect((await kindOf(bot.adapter.port.openForm(group(), {}, form))).kind).toBe('not-allowed');
    expect(microsoft.calls).toHaveLength(1);
  });

  test('a private question end to end: the answer comes back to that person alone', async () => {
    bot.onCommand = async (incoming) => {
      const ref = await incoming.port.post(incoming.place, { card });
      await incoming.port.edit(ref, { card });
    };
    await bot.send(
      channelMessage(microsoft, {
        recipient: { id: BOT_ID, name: 'mailmedic', isTargeted: true },
        text: '/probe x',
        entities: [],
      }),
    );
    await until(() => microsoft.calls.length === 2, 'the answer and its edit');
    bot.onCommand = async () => undefined;
    expectTargeted(2);
  });
});

describe('forms and names', () => {
  test('a form is a card that brings its command back', async () => {
    await bot.adapter.port.openForm(personal(), { user: ANN }, form);
    const [submit] = actionsIn(microsoft.calls[0]?.body.attachments);
    expect(submit?.data).toMatchObject({ mmForm: 'probe' });
  });

  test('names are known from what people sent', async () => {
    await bot.send(personalMessage(microsoft, { from: { id: '29:bo', name: 'Bo' } }));
    expect(await bot.adapter.port.resolveUser('29:bo')).toEqual({ id: '29:bo', name: 'Bo' });
    expect(await bot.adapter.port.resolveUser('29:nobody')).toEqual({ id: '29:nobody', name: '29:nobody' });
  });
});

describe('files', () => {
  const file = { name: 'transcript.txt', title: 'Transcript', content: '220 mx1 ready\r\n250 ok €\r\n' };

  function consent(changes: Record<string, unknown>): Record<string, unknown> {
    return personalMessage(microsoft, {
      type: 'invoke',
      name: 'fileConsent/invoke',
      text: undefined,
      replyToId: 'consent-card',
      value: {
        type: 'fileUpload',
        action: 'accept',
        uploadInfo: {
          contentUrl: 'https://contoso-my.sharepoint.com/transcript.txt',
          name: 'transcript.txt',
          uploadUrl: `${microsoft.url}/files/upload`,
          uniqueId: 'u1',
          fileType: 'txt',
        },
        ...changes,
      },
    });
  }
  async function offer(): Promise<Record<string, unknown>> {
    await bot.adapter.port.upload(personal(), file);
    const [attachment] = microsoft.calls.splice(0).at(-1)?.body.attachments ?? [];
    expect(attachment).toMatchObject({
      contentType: 'application/vnd.microsoft.teams.card.file.consent',
      name: 'transcript.txt',
      content: { sizeInBytes: Buffer.byteLength(file.content) },
    });
    return attachment.content.acceptContext;
  }

  test('in a personal chat: asked, stored, shown, and the question goes', async () => {
    const context = await offer();
    expect((await bot.send(consent({ context }))).status).toBe(200);
    await until(() => microsoft.calls.length === 2, 'the file card and the removal');
    expect(microsoft.files.get('/files/upload')?.body.toString()).toBe(file.content);
    const size = Buffer.byteLength(file.content);
    expect(microsoft.fileRequests).toEqual([
      { method: 'PUT', url: '/files/upload', authorization: undefined, range: `bytes 0-${size - 1}/${size}` },
    ]);
    expect(microsoft.calls[0]?.body.attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.teams.card.file.info',
      content: { uniqueId: 'u1', fileType: 'txt' },
    });
    expect(microsoft.calls[1]).toMatchObject({
      method: 'DELETE',
      url: '/svc/v3/conversations/a%3Apersonal/activities/consent-card',
    });
  });

  test('declined: nothing is stored', async () => {
    const context = await offer();
    await bot.send(consent({ action: 'decline', context, uploadInfo: undefined }));
    await until(() => microsoft.calls.length === 1, 'the removal');
    expect(microsoft.calls[0]?.method).toBe('DELETE');
    expect(microsoft.fileRequests).toEqual([]);
  });

  test('an offer is good once, here, and for an hour at most; otherwise the person is told', async () => {
    for (const [context, conversation] of [
      [{ mmFile: 'unknown' }, undefined],
      [await offer(), { id: 'a:somebody-else', conversationType: 'personal', tenantId: TENANT }],
    ] as const) {
      microsoft.calls.length = 0;
      await bot.send({ ...consent({ context }), ...(conversation ? { conversation } : {}) });
      await until(() => microsoft.calls.length === 2, 'the word');
      expect(microsoft.calls[0]?.body.summary).toContain('not kept any more');
    }
    expect(microsoft.fileRequests).toEqual([]);
  });

  test('a file goes to Microsoft’s hosts only, and trouble there is said with a new offer', async () => {
    const context = await offer();
    const uploadInfo = {
      contentUrl: 'x',
      name: 'x',
      uploadUrl: 'https://evil.example/put',
      uniqueId: 'u',
      fileType: 'txt',
    };
    await bot.send(consent({ context, uploadInfo }));
    await until(() => microsoft.calls.length === 2, 'the word and the offer');
    expect(microsoft.calls[0]?.body.summary).toContain('could not be stored');
    expect(microsoft.calls[1]?.body.attachments[0].contentType).toContain('file.consent');
  });

  test('in channels and group chats the content comes as cards; what is left out is named', async () => {
    await bot.adapter.port.upload(thread(), { ...file, content: `${'250 ok\n'.repeat(6000)}` });
    expect(microsoft.calls.length).toBeGreaterThan(1);
    const text = JSON.stringify(microsoft.calls.map((call) => call.body));
    expect(text).toContain('personal chat');
    for (const call of microsoft.calls) expect(decodeURIComponent(call.url)).toContain('messageid=1700');
  });

  test('files of an answer follow it into its thread, once', async () => {
    const withFile: Card = { ...card, files: [file] };
    const ref = await bot.adapter.port.post(channel(), { card: withFile });
    await bot.adapter.port.edit(ref, { card: withFile });
    const posts = microsoft.calls.filter((call) => call.method === 'POST');
    expect(posts).toHaveLength(2);
    expect(decodeURIComponent(posts[1]?.url ?? '')).toContain(`messageid=${ref.messageId}`);
  });

  test('a file that cannot follow does not undo the answer', async () => {
    microsoft.failures.push({ status: 201 }, { status: 403 });
    const ref = await bot.adapter.port.post(personal(), { card: { ...card, files: [file] } });
    expect(ref.messageId).toMatch(/^act-/);
    expect(microsoft.calls).toHaveLength(3);
    expect(microsoft.calls[2]?.body.summary).toContain('could not be put here');
  });
});

describe('trouble at the connector', () => {
  test.each([
    [401, 'not-allowed'],
    [403, 'not-allowed'],
    [404, 'not-found'],
    [413, 'too-large'],
    [400, 'invalid'],
  ])('%i is %s and is not tried again', async (status, kind) => {
    microsoft.failures.push({ status });
    expect((await kindOf(bot.adapter.port.post(group(), { card }))).kind).toBe(kind);
    expect(microsoft.calls).toHaveLength(1);
  });

  test.each([412, 502, 503, 504])('%i is tried again', async (status) => {
    microsoft.failures.push({ status });
    const ref = await bot.adapter.port.post(group(), { card });
    expect(ref.messageId).toMatch(/^act-/);
    expect(microsoft.calls).toHaveLength(2);
  });

  test('429 waits as long as Retry-After says, and what comes behind keeps its order', async () => {
    microsoft.failures.push({ status: 429, headers: { 'retry-after': '1' } });
    const { port } = bot.adapter;
    const titles = ['one', 'two', 'three'];
    await Promise.all(titles.map((title) => port.post(group(), { card: { ...card, title } })));
    expect(microsoft.calls).toHaveLength(4);
    const [refused, again, ...rest] = microsoft.calls;
    expect((again?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(990);
    for (const [index, call] of [again, ...rest].entries()) expect(call?.body.summary).toContain(titles[index]);
  });

  test('a longer wait is handed to the caller, and the next message there does not even try', async () => {
    microsoft.failures.push({ status: 429, headers: { 'retry-after': '120' } });
    const place = placeAt({ kind: 'groupChat' }, { channelId: '19:busy@thread.v2' });
    expect(await kindOf(bot.adapter.port.post(place, { card }))).toEqual({
      kind: 'rate-limited',
      retryAfterMs: 120_000,
    });
    const next = await kindOf(bot.adapter.port.post(place, { card }));
    expect(next.kind).toBe('rate-limited');
    expect(next.retryAfterMs).toBeGreaterThan(100_000);
    expect(microsoft.calls).toHaveLength(1);
    await bot.adapter.port.post(group(), { card });
    expect(microsoft.calls).toHaveLength(2);
  });

  test('redirects are not followed: our token stays here', async () => {
    microsoft.failures.push({ status: 307, headers: { location: `${microsoft.url}/elsewhere` } });
    expect((await kindOf(bot.adapter.port.post(group(), { card }))).kind).toBe('invalid');
    expect(microsoft.calls).toHaveLength(1);
  });
});
