import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renderAdaptiveCard } from '../../../cards/render/adaptive-card.ts';
import { renderBlockKit } from '../../../cards/render/block-kit.ts';
import type { WireHistory, WireMessage } from '../../../src/adapters/web/page/wire.ts';
import { webPlace } from '../../../src/adapters/web/web-port.ts';
import type { ChatPort } from '../../../src/chat/port.ts';
import { createStubHandler, echoCard, FAILED_CARD } from './support/stub-handler.ts';
import { startWebServer, type WebServer } from './support/web-server.ts';

let server: WebServer;
let port: ChatPort;
beforeEach(async () => {
  server = await startWebServer(createStubHandler());
  port = server.adapter.port;
});
afterEach(() => server.stop());

async function messages(): Promise<WireMessage[]> {
  return ((await (await fetch(`${server.origin}/api/messages`)).json()) as WireHistory).messages;
}

describe('post', () => {
  test('keeps exactly the JSON that Slack and Teams would get', async () => {
    await port.post(webPlace(), { card: FAILED_CARD, runId: 'r1', revision: 3 });
    const [message] = await messages();
    const slack = renderBlockKit(FAILED_CARD, { runId: 'r1', revision: 3 });
    expect(message?.slack).toEqual(JSON.parse(JSON.stringify({ text: slack.text, blocks: slack.blocks })));
    const teams = renderAdaptiveCard(FAILED_CARD, { runId: 'r1', revision: 3 });
    expect(message?.teams).toEqual(JSON.parse(JSON.stringify({ summary: teams.summary, card: teams.card })));
  });

  test('into a thread hangs under its root, also when a reply was named', async () => {
    const root = await port.post(webPlace(), { card: echoCard('root') });
    const reply = await port.reply(root, { card: echoCard('reply') });
    const deeper = await port.reply(reply, { card: echoCard('deeper') });
    await port.post(webPlace(reply.messageId), { card: echoCard('placed') });
    expect(deeper.place.threadId).toBe(root.messageId);
    expect((await messages()).map((message) => message.threadId)).toEqual([
      undefined,
      root.messageId,
      root.messageId,
      root.messageId,
    ]);
  });

  test('into a thread that is gone says so', async () => {
    await expect(port.post(webPlace('none'), { card: echoCard('x') })).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('files of a card are kept once and can be fetched byte for byte', async () => {
    const file = { name: 'report "1".csv', title: 'Report', content: 'Grüße,1\r\n<b>' };
    await port.post(webPlace(), { card: { ...echoCard('x'), files: [file] } });
    const files = (await messages())[0]?.files ?? [];
    expect(files.filter((one) => one.name === file.name)).toHaveLength(1);
    const response = await fetch(`${server.origin}/api/files/${files[0]?.id}`);
    expect(await response.text()).toBe(file.content);
    expect(response.headers.get('content-type')).toContain('application/octet-stream');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
  });
});

test('edit replaces both drawings and keeps place and time', async () => {
  const ref = await port.post(webPlace(), { card: echoCard('running') });
  const [before] = await messages();
  await port.edit(ref, { card: echoCard('finished') });
  const [after] = await messages();
  expect(after).toMatchObject({ id: before?.id, at: before?.at });
  expect(JSON.stringify(after?.slack)).toContain('finished');
  expect(JSON.stringify(after?.teams)).toContain('finished');
  expect(JSON.stringify(after)).not.toContain('running');
});

test('edit of a message that is not ours or not kept says so', async () => {
  const missing = { place: webPlace(), messageId: 'none' };
  await expect(port.edit(missing, { card: echoCard('x') })).rejects.toMatchObject({ kind: 'not-found' });
});

test('a private answer is for the person of this machine or for nobody', async () => {
  await port.ephemeral(webPlace(), { id: 'you', name: 'You' }, { card: echoCard('psst') });
  expect((await messages())[0]?.ephemeral).toBe(true);
  const stranger = port.ephemeral(webPlace(), { id: 'ann', name: 'Ann' }, { card: echoCard('secret') });
  await expect(stranger).rejects.toMatchObject({ kind: 'not-allowed' });
  expect(JSON.stringify(await messages())).not.toContain('secret');
});

test('a form needs the tab that asked for it', async () => {
  const form = { command: 'x', title: 'X', submit: 'Go', fields: [] };
  await expect(port.openForm(webPlace(), {}, form)).rejects.toMatchObject({ kind: 'invalid' });
});

test('upload puts a file into the thread', async () => {
  const root = await port.post(webPlace(), { card: echoCard('root') });
  await port.upload(webPlace(root.messageId), { name: 'a.txt', title: 'Transcript', content: 'x' });
  expect((await messages())[1]).toMatchObject({ threadId: root.messageId, files: [{ name: 'a.txt', size: 1 }] });
});

test('names: the person, and others by their id', async () => {
  expect(await port.resolveUser('you')).toEqual({ id: 'you', name: 'You' });
  expect(await port.resolveUser('U7')).toEqual({ id: 'U7', name: 'U7' });
});

test('the history is bounded', async () => {
  for (let count = 0; count < 520; count += 1) await port.post(webPlace(), { card: echoCard(`n${count}`) });
  const kept = await messages();
  expect(kept).toHaveLength(500);
  expect(kept[0]?.text).toContain('n20');
});
