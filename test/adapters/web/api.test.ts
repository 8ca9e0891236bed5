import { existsSync, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WireHistory, WireMessage } from '../../../src/adapters/web/page/wire.ts';
import { webPlace } from '../../../src/adapters/web/web-port.ts';
import { createStubHandler, FAILED_CARD, type StubHandler, TRACE_FORM } from './support/stub-handler.ts';
import { postAsPage, startWebServer, type WebServer } from './support/web-server.ts';

let server: WebServer;
let handler: StubHandler;
beforeEach(async () => {
  handler = createStubHandler();
  server = await startWebServer(handler);
});
afterEach(() => server.stop());

async function messages(): Promise<WireMessage[]> {
  return ((await (await fetch(`${server.origin}/api/messages`)).json()) as WireHistory).messages;
}

async function upload(name: string, content: string): Promise<string> {
  const response = await fetch(`${server.origin}/api/upload?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'x-mailmedic-token': await server.token() },
    body: content,
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

describe('a command', () => {
  test('reaches the handler with place, person and the tab that asked', async () => {
    const response = await postAsPage(server, '/api/command', { line: '/probe contoso.example', client: 'tab-1' });
    expect(response.status).toBe(202);
    expect(handler.commands[0]).toMatchObject({
      line: '/probe contoso.example',
      place: { platform: 'web', direct: false },
      user: { id: 'you' },
      trigger: { client: 'tab-1' },
    });
    expect((await messages()).map((message) => message.author)).toEqual(['person', 'bot']);
  });

  test('in a thread stays there; in a thread that is gone it is refused', async () => {
    await postAsPage(server, '/api/command', { line: '/probe', client: 'c' });
    const root = (await messages())[1];
    await postAsPage(server, '/api/command', { line: '/peer 192.0.2.1', client: 'c', threadId: root?.id });
    expect((await messages()).slice(2).map((message) => message.threadId)).toEqual([root?.id, root?.id]);
    const lost = await postAsPage(server, '/api/command', { line: '/x', client: 'c', threadId: 'none' });
    expect(lost.status).toBe(404);
  });

  test('brings files that the handler can read, more than once', async () => {
    const id = await upload('../../trace ü.csv', 'date,sender\n');
    await postAsPage(server, '/api/command', { line: '', client: 'c', files: [id] });
    const file = handler.commands[0]?.files?.[0];
    expect(file).toMatchObject({ name: '../../trace ü.csv', size: 12 });
    for (let round = 0; round < 2; round += 1) {
      const stream = await file?.open(new AbortController().signal);
      expect(stream === undefined ? '' : await text(stream)).toBe('date,sender\n');
    }
    const [sent] = await messages();
    expect(sent?.files[0]).toMatchObject({ sent: true });
    expect((await fetch(`${server.origin}/api/files/${id}`)).status).toBe(404);
  });

  test('with an unknown file is refused and not said', async () => {
    const response = await postAsPage(server, '/api/command', { line: '/x', client: 'c', files: ['none'] });
    expect(response.status).toBe(404);
    expect(await messages()).toEqual([]);
  });
});

test('a handler that breaks its promise does not break the server', async () => {
  handler.command = async () => {
    throw new Error('bug');
  };
  expect((await postAsPage(server, '/api/command', { line: '/x', client: 'c' })).status).toBe(202);
  expect((await fetch(`${server.origin}/api/messages`)).status).toBe(200);
});

describe('a press', () => {
  test('carries the value as it came, with the message and its thread', async () => {
    const ref = await server.adapter.port.post(webPlace(), { card: FAILED_CARD });
    const value = { v: 1, a: 'cancel', run: 'r' };
    const response = await postAsPage(server, '/api/press', { messageId: ref.messageId, client: 'c', value });
    expect(response.status).toBe(202);
    expect(handler.presses[0]).toMatchObject({ value, message: ref, trigger: { client: 'c' } });
  });
  test('on a message that is gone is refused', async () => {
    const response = await postAsPage(server, '/api/press', { messageId: 'none', client: 'c', value: 1 });
    expect(response.status).toBe(404);
    expect(handler.presses).toEqual([]);
  });
});

describe('a form', () => {
  async function openForm(): Promise<string> {
    const stream = await fetch(`${server.origin}/api/events`);
    await server.adapter.port.openForm(webPlace(), { client: 'c' }, TRACE_FORM);
    for await (const chunk of stream.body ?? []) {
      const found = /"formId":"([^"]+)"/.exec(Buffer.from(chunk).toString('utf8'));
      if (found?.[1] !== undefined) return found[1];
    }
    return '';
  }
  const values = { recipient: 'kim@fabrikam.com', by: 'server' };

  test('reaches the handler with values and files, once', async () => {
    const formId = await openForm();
    const files = [await upload('t.csv', 'x')];
    const first = await postAsPage(server, '/api/form', { formId, values, files });
    expect(first.status).toBe(202);
    expect(handler.forms[0]).toMatchObject({ command: 'trace-parse', values, files: [{ name: 't.csv' }] });
    expect((await postAsPage(server, '/api/form', { formId, values })).status).toBe(404);
    expect(handler.forms).toHaveLength(1);
  });

  test('that lacks something says what, and can be sent again', async () => {
    const formId = await openForm();
    const short = await postAsPage(server, '/api/form', { formId, values: { by: 'server' } });
    expect(short.status).toBe(422);
    expect(await short.json()).toEqual({ error: 'Recipient is missing. Fill it in.' });
    expect((await postAsPage(server, '/api/form', { formId, values })).status).toBe(202);
  });
});

test('uploads are gone after the stop', async () => {
  await upload('t.csv', 'x');
  const folder = `${server.dataDir}/web-uploads`;
  expect(readdirSync(folder)).toHaveLength(1);
  await server.adapter.stop();
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});

test('a page that was not built is said at the start', async () => {
  await expect(startWebServer(handler, { scriptDir: '/nonexistent' })).rejects.toThrow('npm run build');
});
