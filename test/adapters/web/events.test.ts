import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WireHistory, WireMessage } from '../../../src/adapters/web/page/wire.ts';
import { webPlace } from '../../../src/adapters/web/web-port.ts';
import { createStubHandler, echoCard } from './support/stub-handler.ts';
import { startWebServer, type WebServer } from './support/web-server.ts';

interface StreamEvent {
  id: string;
  name: string;
  data: unknown;
}

let server: WebServer;
beforeEach(async () => {
  server = await startWebServer(createStubHandler());
});
afterEach(() => server.stop());

const post = (text: string) => server.adapter.port.post(webPlace(), { card: echoCard(text) });
const texts = (events: StreamEvent[]) => events.map((event) => (event.data as WireMessage).text);

/** Reads `count` events of the stream and hangs up. */
async function readEvents(
  count: number,
  options: { after?: string; lastEventId?: string } = {},
): Promise<StreamEvent[]> {
  const hangUp = new AbortController();
  const query = options.after === undefined ? '' : `?after=${options.after}`;
  const response = await fetch(`${server.origin}/api/events${query}`, {
    signal: hangUp.signal,
    headers: options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId },
  });
  const events: StreamEvent[] = [];
  let buffer = '';
  for await (const chunk of response.body ?? []) {
    buffer += Buffer.from(chunk).toString('utf8');
    for (let end = buffer.indexOf('\n\n'); end !== -1; end = buffer.indexOf('\n\n')) {
      const event = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(buffer.slice(0, end));
      buffer = buffer.slice(end + 2);
      if (event !== null) events.push({ id: event[1] ?? '', name: event[2] ?? '', data: JSON.parse(event[3] ?? '') });
    }
    if (events.length >= count) break;
  }
  hangUp.abort();
  return events;
}

test('a page that lost its connection gets what it missed, once', async () => {
  await post('one');
  const history = (await (await fetch(`${server.origin}/api/messages`)).json()) as WireHistory;
  await post('two');
  const [second] = await readEvents(1, { after: history.lastEvent });
  await post('three');
  await post('four');
  const missed = await readEvents(2, { after: history.lastEvent, lastEventId: second?.id ?? '' });
  expect(texts([second, ...missed].filter((event) => event !== undefined)).map(lastWord)).toEqual([
    'two',
    'three',
    'four',
  ]);
});

test('an id of another start of the server asks the page to load again', async () => {
  const events = await readEvents(1, { lastEventId: 'deadbeef0000-12' });
  expect(events.map((event) => event.name)).toEqual(['reset']);
});

test('the stream carries posts, edits, private answers, files and forms as they happen', async () => {
  const { port } = server.adapter;
  const { lastEvent } = (await (await fetch(`${server.origin}/api/messages`)).json()) as WireHistory;
  const reading = readEvents(5, { after: lastEvent });
  const ref = await post('running');
  await port.edit(ref, { card: echoCard('done') });
  await port.ephemeral(webPlace(), { id: 'you', name: 'You' }, { card: echoCard('psst') });
  await port.upload(webPlace(), { name: 'report.csv', title: 'Report', content: 'a,b' });
  await port.openForm(webPlace(), { client: 'tab-1' }, { command: 'x', title: 'X', submit: 'Go', fields: [] });
  const events = await reading;
  expect(events.map((event) => event.name)).toEqual(['posted', 'edited', 'ephemeral', 'file', 'form']);
  expect(events[1]?.data).toMatchObject({ id: ref.messageId });
  expect(events[2]?.data).toMatchObject({ ephemeral: true });
  expect(events[4]?.data).toMatchObject({ client: 'tab-1' });
});

test('stopping the adapter ends the streams', async () => {
  const response = await fetch(`${server.origin}/api/events`);
  const drained = response.text();
  await server.adapter.stop();
  expect(await drained).toContain('retry: 1000');
});

function lastWord(text: string): string | undefined {
  return text.split(' ').at(-1);
}
