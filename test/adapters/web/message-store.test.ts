import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMessageStore } from '../../../src/adapters/web/message-store.ts';
import type { WireMessage } from '../../../src/adapters/web/page/wire.ts';

function message(id: string, threadId?: string): WireMessage {
  const plain: WireMessage = { id, author: 'bot', at: '2026-11-20T12:00:00.000Z', text: id, files: [] };
  return threadId === undefined ? plain : { ...plain, threadId };
}

test('the oldest root makes room and takes its thread along', () => {
  const store = createMessageStore(3);
  store.add(message('a'));
  store.add(message('b'));
  store.add(message('a1', 'a'));
  expect(store.add(message('c'))).toEqual(['a', 'a1']);
  expect(store.all().map((one) => one.id)).toEqual(['b', 'c']);
});

test('a reply does not push out its own root', () => {
  const store = createMessageStore(2);
  store.add(message('a'));
  store.add(message('b'));
  expect(store.add(message('a1', 'a'))).toEqual(['b']);
  expect(store.all().map((one) => one.id)).toEqual(['a', 'a1']);
});

test('replacing a message that is gone does not bring it back', () => {
  const store = createMessageStore(1);
  store.add(message('a'));
  store.add(message('b'));
  store.replace(message('a'));
  expect(store.get('a')).toBeUndefined();
});

test('stays within its bound, and no reply is kept without its root', () => {
  const steps = fc.array(fc.option(fc.nat(30), { nil: undefined }), { maxLength: 120 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 2, max: 12 }), (threads, capacity) => {
      const store = createMessageStore(capacity);
      threads.forEach((thread, index) => {
        const root = thread === undefined ? undefined : store.get(`m${thread}`);
        store.add(message(`m${index}`, root === undefined ? undefined : (root.threadId ?? root.id)));
      });
      const ids = new Set(store.all().map((one) => one.id));
      const orphans = store.all().filter((one) => one.threadId !== undefined && !ids.has(one.threadId));
      return orphans.length === 0 && ids.size <= capacity;
    }),
  );
});
