import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../../cards/card.ts';
import { createSlackClient } from '../../../src/adapters/slack/slack-client.ts';
import { decodePlace, slackPlace } from '../../../src/adapters/slack/slack-place.ts';
import { createSlackPort } from '../../../src/adapters/slack/slack-port.ts';
import type { ChatPort, Place } from '../../../src/chat/port.ts';
import { systemClock } from '../../../src/clock.ts';
import { silentLogger } from '../../../src/log.ts';
import { BOT_TOKEN, type SlackWebApi, startSlackWebApi } from '../../support/slack-web-api.ts';

const card: Card = { kind: 'probe', state: 'failed', title: 'contoso.example cannot receive mail', meta: '12:04 UTC' };
const withFile: Card = { ...card, files: [{ name: 'transcript.txt', title: 'Transcript', content: '220 \u00fc\r\n' }] };
const channel: Place = slackPlace({ teamId: 'T1', channelId: 'C1', userId: 'U1' });
const thread: Place = { ...channel, threadId: '1600000000.1' };
const closed: Place = { ...channel, channelId: 'CCLOSED1' };
const kim = { id: 'U1', name: 'kim' };

let api: SlackWebApi;
let port: ChatPort;

beforeEach(async () => {
  api = await startSlackWebApi();
  const client = createSlackClient({ token: BOT_TOKEN, apiUrl: api.apiUrl, logger: silentLogger() });
  port = createSlackPort({ client, clock: systemClock, logger: silentLogger() });
});
afterEach(() => api.close());

describe('post, edit and reply', () => {
  it('posts a card with text and blocks and unfurls nothing', async () => {
    const ref = await port.post(channel, { card, runId: 'run1', revision: 3 });
    const [call] = api.callsOf('chat.postMessage');
    expect(call?.args).toMatchObject({ channel: 'C1', unfurl_links: 'false', unfurl_media: 'false' });
    expect(call?.args.text).toContain('contoso.example');
    expect(call?.args.blocks).toContainEqual(expect.objectContaining({ type: expect.any(String) }));
    expect(call?.args).not.toHaveProperty('thread_ts');
    expect(ref).toMatchObject({ place: channel, messageId: expect.stringMatching(/^\d+\.\d+$/) });
    expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
  });

  it('edits the message it posted', async () => {
    const ref = await port.post(channel, { card });
    await port.edit(ref, { card: { ...card, title: 'changed' } });
    expect(api.callsOf('chat.update')[0]?.args).toMatchObject({ channel: 'C1', ts: ref.messageId });
    await expect(port.edit({ ...ref, messageId: '1.1' }, { card })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('replies into the thread of the root, also from inside a thread', async () => {
    const root = await port.post(channel, { card });
    const first = await port.reply(root, { card });
    await port.reply(first, { card });
    await port.post(thread, { card });
    expect(api.callsOf('chat.postMessage').map(({ args }) => args.thread_ts)).toEqual([
      undefined,
      root.messageId,
      root.messageId,
      '1600000000.1',
    ]);
    expect(first.place.threadId).toBe(root.messageId);
  });

  it('answers in direct messages where it may not write, and edits there', async () => {
    const ref = await port.post(closed, { card });
    expect(ref.place).toMatchObject({ channelId: 'D1', direct: true });
    await port.edit(ref, { card });
    expect(api.callsOf('chat.postMessage').map(({ args }) => args.channel)).toEqual(['CCLOSED1', 'U1']);
    expect(api.callsOf('chat.update')[0]?.args.channel).toBe('D1');
  });

  it('says that it may not write where nobody asked', async () => {
    const place: Place = { ...closed, extra: {} };
    await expect(port.post(place, { card })).rejects.toMatchObject({
      kind: 'not-allowed',
      message: expect.stringContaining('/invite'),
    });
  });
});

describe('trouble', () => {
  it.each(['invalid_blocks', 'msg_blocks_too_long'])('sends the words when Slack answers %s', async (error) => {
    api.failNext('chat.postMessage', { error });
    await port.post(channel, { card: { ...card, title: '550 <!channel> ``` & no' } });
    const [, plain] = api.callsOf('chat.postMessage');
    expect(plain?.args.blocks).toEqual([]);
    expect(plain?.args.text).toContain('&lt;');
    expect(plain?.args.text).not.toContain('<!channel>');
    expect(String(plain?.args.text).match(/```/g)).toHaveLength(2);
  });

  it('attaches the rest of a long answer that Slack refused as a card', async () => {
    api.failNext('chat.postMessage', { error: 'msg_blocks_too_long' });
    const text = Array.from({ length: 400 }, (_, line) => `250-line ${line}`).join('\n');
    await port.post(channel, { card: { ...card, blocks: [{ type: 'code', text }] } });
    const [, plain] = api.callsOf('chat.postMessage');
    expect(String(plain?.args.text).length).toBeLessThan(4000);
    const attached = [...api.uploads.values()].join('\n');
    expect(attached).toContain('250-line 0\n');
    expect(attached).toContain('250-line 399');
  });

  it.each([
    [
      { status: 429, retryAfter: 7 },
      { kind: 'rate-limited', retryable: true, retryAfterMs: 7000 },
    ],
    [{ status: 503 }, { kind: 'unavailable', retryable: true }],
    [{ error: 'fatal_error' }, { kind: 'unavailable', retryable: true }],
    [{ error: 'msg_too_long' }, { kind: 'too-large', retryable: false }],
    [{ error: 'is_archived' }, { kind: 'not-allowed', retryable: false }],
    [{ error: 'message_not_found' }, { kind: 'not-found', retryable: false }],
    [{ error: 'something_new' }, { kind: 'invalid', retryable: false }],
  ])('types %j', async (failure, expected) => {
    api.failNext('chat.postMessage', failure);
    await expect(port.post(channel, { card })).rejects.toMatchObject({ name: 'PlatformError', ...expected });
    expect(api.callsOf('chat.postMessage')).toHaveLength(1);
  });

  it('tries again when the connection breaks, and gives up in the end', async () => {
    api.failNext('chat.postMessage', 'drop', 'drop');
    await expect(port.post(channel, { card })).resolves.toBeDefined();
    api.failNext('chat.postMessage', 'drop', 'drop', 'drop');
    await expect(port.post(channel, { card })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('never shows the token', async () => {
    const client = createSlackClient({ token: 'xoxb-other', apiUrl: api.apiUrl, logger: silentLogger() });
    const failed = await client.call('users.info', { user: 'U1' }).catch((error: unknown) => error);
    expect(String(failed)).toContain('invalid_auth');
    expect(String(failed)).not.toContain('xoxb-other');
  });
});

describe('private answers', () => {
  it('are ephemeral in a channel', async () => {
    await port.ephemeral(thread, kim, { card });
    expect(api.callsOf('chat.postEphemeral')[0]?.args).toMatchObject({
      channel: 'C1',
      user: 'U1',
      thread_ts: '1600000000.1',
    });
    expect(api.callsOf('chat.postMessage')).toHaveLength(0);
  });

  it('stand in the channel while the thread does not exist yet, where Slack would not show them', async () => {
    const place = slackPlace({ teamId: 'T1', channelId: 'C1', threadId: '1.1', newThread: true });
    await port.ephemeral(place, kim, { card });
    await port.post(place, { card });
    expect(api.callsOf('chat.postEphemeral')[0]?.args).not.toHaveProperty('thread_ts');
    expect(api.callsOf('chat.postMessage')[0]?.args.thread_ts).toBe('1.1');
  });

  it('are plain posts in direct messages', async () => {
    await port.ephemeral(slackPlace({ teamId: 'T1', channelId: 'D1' }), kim, { card });
    expect(api.callsOf('chat.postMessage')[0]?.args.channel).toBe('D1');
  });

  it('go to direct messages where the bot is not, never into the channel', async () => {
    await port.ephemeral(closed, kim, { card });
    expect(api.callsOf('chat.postMessage').map(({ args }) => args.channel)).toEqual(['U1']);
  });

  it('fail rather than become public', async () => {
    api.failNext('chat.postEphemeral', { error: 'fatal_error' });
    await expect(port.ephemeral(channel, kim, { card })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(api.callsOf('chat.postMessage')).toHaveLength(0);
  });

  it('keep their files private too', async () => {
    await port.ephemeral(channel, kim, { card: withFile });
    expect(api.callsOf('files.completeUploadExternal').map(({ args }) => args.channel_id)).toEqual(['D1']);
  });

  it('stay private when their buttons are pressed', async () => {
    const place = slackPlace({ teamId: 'T1', channelId: 'C1', userId: 'U1', ephemeral: true });
    const ref = { place, messageId: '1700000000.000001' };
    await port.reply(ref, { card });
    expect(api.callsOf('chat.postEphemeral')).toHaveLength(1);
    // An ephemeral message cannot be edited: what replaces it is one direct message.
    for (let step = 0; step < 3; step += 1) await port.edit(ref, { card });
    expect(api.callsOf('chat.postMessage').map(({ args }) => args.channel)).toEqual(['U1']);
    expect(api.callsOf('chat.update').map(({ args }) => args.channel)).toEqual(['D1', 'D1']);
  });

  it('end where a new answer is posted: that one is edited in its place', async () => {
    const place = slackPlace({ teamId: 'T1', channelId: 'C1', userId: 'U1', ephemeral: true });
    await port.edit(await port.post(place, { card }), { card });
    expect(api.callsOf('chat.update').map(({ args }) => args.channel)).toEqual(['C1']);
    expect(api.callsOf('chat.postEphemeral')).toHaveLength(0);
  });
});

describe('files', () => {
  it('of a card go into its thread, once however often it is edited', async () => {
    const ref = await port.post(channel, { card: withFile });
    await port.edit(ref, { card: withFile });
    await port.edit(ref, { card: withFile });
    expect([...api.uploads.values()]).toEqual(['220 \u00fc\r\n']);
    const done = api.callsOf('files.completeUploadExternal');
    expect(done).toHaveLength(1);
    expect(done[0]?.args).toMatchObject({ channel_id: 'C1', thread_ts: ref.messageId });
  });

  it('that cannot be attached are spoken of in the thread', async () => {
    api.failNext('files.getUploadURLExternal', { error: 'missing_scope' });
    const ref = await port.post(channel, { card: withFile });
    const [, note] = api.callsOf('chat.postMessage');
    expect(note?.args).toMatchObject({ thread_ts: ref.messageId });
    expect(note?.args.text).toMatch(/transcript\.txt could not be attached.*missing_scope/);
  });

  it('can be put beside an answer', async () => {
    await port.upload(thread, { name: 'a.csv', title: 'A', content: 'x' });
    expect(api.callsOf('files.getUploadURLExternal')[0]?.args).toMatchObject({ filename: 'a.csv', length: '1' });
    expect(api.callsOf('files.completeUploadExternal')[0]?.args).toMatchObject({ thread_ts: '1600000000.1' });
    api.failNext('files.getUploadURLExternal', { error: 'missing_scope' });
    await expect(port.upload(thread, { name: 'a.csv', title: 'A', content: 'x' })).rejects.toMatchObject({
      kind: 'not-allowed',
    });
  });
});

describe('forms and people', () => {
  const form = {
    command: 'probe',
    title: 'Probe a domain',
    submit: 'Probe',
    fields: [{ type: 'text' as const, id: 'target', label: 'Domain' }],
  };

  it('opens a form that knows where it was opened', async () => {
    await port.openForm(thread, { triggerId: '1.2.x' }, form);
    const { view, trigger_id } = api.callsOf('views.open')[0]?.args ?? {};
    expect(trigger_id).toBe('1.2.x');
    const { callback_id, private_metadata } = view as { callback_id: string; private_metadata: string };
    expect(callback_id).toBe('mm:form:probe');
    expect(decodePlace(private_metadata)).toEqual(thread);
  });

  it('says what to do when no form can be opened', async () => {
    await expect(port.openForm(channel, {}, form)).rejects.toMatchObject({ kind: 'invalid' });
    api.failNext('views.open', { error: 'expired_trigger_id' });
    await expect(port.openForm(channel, { triggerId: 'x' }, form)).rejects.toThrow(/3 seconds/);
  });

  it('asks for a name once and does without it', async () => {
    expect(await port.resolveUser('U7')).toEqual({ id: 'U7', name: 'Kim U7' });
    expect(await port.resolveUser('U7')).toEqual({ id: 'U7', name: 'Kim U7' });
    expect(api.callsOf('users.info')).toHaveLength(1);
    expect(await port.resolveUser('U404')).toEqual({ id: 'U404', name: 'U404' });
  });
});
