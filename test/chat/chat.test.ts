import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeButtonValue } from '../../cards/action.ts';
import { type Card, plainText } from '../../cards/card.ts';
import { commands } from '../../commands/registry.ts';
import type { Services } from '../../commands/services.ts';
import { createKnowledge } from '../../src/analysis/knowledge/knowledge.ts';
import { type Chat, createChat } from '../../src/chat/chat.ts';
import type { Place, User } from '../../src/chat/port.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { PlatformError, UserError } from '../../src/errors.ts';
import { silentLogger } from '../../src/log.ts';
import type { ProbeReport } from '../../src/probe/report.ts';
import { openLowdbStore } from '../../src/store/lowdb/lowdb-store.ts';
import type { Run, Store } from '../../src/store/store.ts';
import { createRecordingPort, type RecordingPort } from '../support/recording-port.ts';

const place: Place = { platform: 'web', teamId: 'T', channelId: 'C1', direct: false };
const ann: User = { id: 'U1', name: 'Ann' };

let folder: string;
let store: Store;
let port: RecordingPort;
let chat: Chat;
let probing: { resolve: (report: ProbeReport) => void; reject: (error: unknown) => void; signal: AbortSignal }[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mailmedic-chat-'));
  store = await openLowdbStore(folder);
  port = createRecordingPort();
  probing = [];
  chat = newChat();
});
afterEach(async () => {
  await chat.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function newChat(): Chat {
  return createChat({
    commands,
    services: testServices(),
    store,
    logger: silentLogger(),
    clock: systemClock,
    editSpacingMs: { web: 5 },
  });
}

/** Services whose probe waits until the test answers it. */
function testServices(): Services {
  const refuse = (): never => {
    throw new Error('not part of this test');
  };
  return {
    config: loadConfig({ env: {} }),
    clock: systemClock,
    knowledge: createKnowledge({ runbookUrl: (name) => `https://runbooks.example/${name}` }),
    probe: (_request, { signal, onProgress }) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        onProgress?.({ target: 'contoso.example', mx: [], attempts: [] });
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        probing.push({ resolve, reject, signal });
      }),
    diagnose: refuse,
    parseTrace: refuse,
    lookupPeer: refuse,
    refreshRanges: refuse,
    doctor: refuse,
    sandbox: false,
  };
}

function okReport(): ProbeReport {
  return {
    target: 'contoso.example',
    verdict: 'ok',
    errorType: null,
    cause: null,
    stage: null,
    owner: 'none',
    summary: 'contoso.example accepts mail',
    mitigation: [],
    runbooks: [],
    mx: [],
    attempts: [],
    probeId: 'mm0123456789',
    search: { helo: 'mm0123456789.fabrikam.example', messageId: null, subject: null, lines: [] },
    dnssec: 'insecure',
    control: null,
    correlation: null,
    rounds: { total: 1, failed: 0, degraded: 0 },
    lastGood: null,
    startedAt: '2026-11-20T12:00:00.000Z',
    durationMs: 12,
  };
}

async function waitFor<T>(read: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const value = read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not happen within 2 s');
}

function lastTitle(messageId: string): string {
  return plainText(port.cardsOf(messageId).at(-1)?.title ?? '');
}

describe('a command', () => {
  it('gets a placeholder at once, then its answer in the same message', async () => {
    const done = chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    const first = await port.until((call) => call.verb === 'post');
    expect(first).toMatchObject({ answer: { card: { state: 'running' }, revision: 0 } });
    (await waitFor(() => probing[0])).resolve(okReport());
    await done;
    const cards = port.cardsOf('m1');
    expect(cards.at(-1)?.state).toBe('ok');
    expect(port.calls.filter((call) => call.verb === 'post')).toHaveLength(1);
    expect(await store.unfinishedRuns()).toEqual([]);
  });

  it('is handled once when the platform delivers it twice', async () => {
    const incoming = { port, place, user: ann, line: '/probe contoso.example', deliveryId: 'Ev1' };
    const done = Promise.all([chat.command(incoming), chat.command(incoming)]);
    (await waitFor(() => probing[0])).resolve(okReport());
    await done;
    expect(port.calls.filter((call) => call.verb === 'post')).toHaveLength(1);
  });

  it.each<[line: string, words: RegExp]>([
    ['/prob contoso.com', /I don't know "\/prob".*Did you mean \/probe\?.*\/probe contoso\.com/],
    ['/probe contoso.com --dept tls', /Did you mean --depth\?/],
    ['/probe not..a..domain', /is not a domain/],
  ])('that is wrong is answered to the asker only: %s', async (line, words) => {
    await chat.command({ port, place, user: ann, line });
    const shown = port.calls.flatMap((call) => ('answer' in call ? [call] : []));
    const said = shown.map((call) => JSON.stringify(call.answer.card)).join();
    expect(said.replaceAll('\\"', '"')).toMatch(words);
    expect(port.calls.map((call) => call.verb)).toEqual(['ephemeral']);
  });

  it('without words opens its form where there is one', async () => {
    await chat.command({ port, place, user: ann, line: '/probe', trigger: { id: 't' } });
    expect(port.calls).toMatchObject([{ verb: 'openForm', form: { command: 'probe' } }]);
  });

  it('without words and without forms shows usage and an example', async () => {
    const plain = createRecordingPort({ forms: false });
    await chat.command({ port: plain, place, user: ann, line: '/probe', trigger: { id: 't' } });
    expect(plain.calls).toMatchObject([{ verb: 'ephemeral', user: ann }]);
    expect(JSON.stringify(plain.calls)).toContain('/probe contoso.com');
  });

  it('that fails by a bug shows an id and nothing of the inside', async () => {
    const done = chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    (await waitFor(() => probing[0])).reject(new TypeError('secret inside'));
    await done;
    expect(JSON.stringify(port.cardsOf('m1').at(-1))).not.toContain('secret inside');
    expect(JSON.stringify(port.cardsOf('m1').at(-1))).toMatch(/Quote [A-Za-z0-9_-]{12}/);
  });

  it('that fails for a reason the person can mend says the reason', async () => {
    const done = chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    (await waitFor(() => probing[0])).reject(new UserError('Too many probes. Try again in 20 s.'));
    await done;
    expect(JSON.stringify(port.cardsOf('m1').at(-1))).toContain('Try again in 20 s.');
  });

  it('in a channel where we may not post tells the asker to invite us', async () => {
    port.failNext('post', new PlatformError('not-allowed', 'not_in_channel'));
    await chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    expect(JSON.stringify(port.calls)).toContain('Invite mailmedic');
    expect(await store.unfinishedRuns()).toEqual([]);
  });

  it('for help is answered privately', async () => {
    await chat.command({ port, place, user: ann, line: '/mailmedic' });
    expect(port.calls).toMatchObject([{ verb: 'ephemeral', answer: { card: { kind: 'help' } } }]);
  });
});

describe('a press', () => {
  async function answered(): Promise<Card> {
    const done = chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    (await waitFor(() => probing.at(-1))).resolve(okReport());
    await done;
    return port.cardsOf('m1').at(-1) as Card;
  }
  const message = { place, messageId: 'm1' };

  it('runs the line again in the same message', async () => {
    await answered();
    const value = encodeButtonValue({ v: 1, a: 'run', line: '/probe contoso.example', where: 'edit' });
    const done = chat.press({ port, place, user: ann, value, message });
    (await waitFor(() => probing[1])).resolve(okReport());
    await done;
    expect(port.calls.filter((call) => call.verb === 'post')).toHaveLength(1);
    expect(port.cardsOf('m1').filter((card) => card.state === 'ok')).toHaveLength(2);
  });

  it('opens a fold in the thread, or hands it over as a file', async () => {
    const detail = { id: 'transcript', title: 'Transcript', blocks: [{ type: 'code' as const, text: 'EHLO' }] };
    await store.putAnswer('r1', { kind: 'probe', state: 'ok', title: 'contoso.example', details: [detail] });
    for (const as of [undefined, 'file'] as const) {
      const asked = as === undefined ? {} : { as };
      const value = encodeButtonValue({ v: 1, a: 'detail', detail: 'transcript', run: 'r1', ...asked });
      await chat.press({ port, place, user: ann, value, message });
      const call = port.calls.at(-1);
      expect(call?.verb).toBe('reply');
      const card = call !== undefined && 'answer' in call ? call.answer.card : undefined;
      expect(card?.blocks).toEqual(detail.blocks);
      expect(card?.asFile === true).toBe(as === 'file');
    }
  });

  it('while the run is on answers that it is on', async () => {
    const done = chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    await waitFor(() => probing[0]);
    const value = encodeButtonValue({ v: 1, a: 'run', line: '/probe contoso.example', where: 'edit' });
    await chat.press({ port, place, user: ann, value, message });
    expect(JSON.stringify(port.calls.filter((call) => call.verb === 'ephemeral'))).toContain('running already');
    probing[0]?.resolve(okReport());
    await done;
    expect(probing).toHaveLength(1);
  });

  it('is kept with its message before the message changes', async () => {
    await answered();
    const value = encodeButtonValue({ v: 1, a: 'run', line: '/probe contoso.example', where: 'edit' });
    const kept: unknown[] = [];
    const watching = {
      ...port,
      edit: async (...call: Parameters<typeof port.edit>) => {
        kept.push((await store.unfinishedRuns())[0]?.message?.messageId);
        await port.edit(...call);
      },
    };
    const done = chat.press({ port: watching, place, user: ann, value, message });
    (await waitFor(() => probing[1])).resolve(okReport());
    await done;
    expect(kept[0]).toBe('m1');
  });

  it('that comes twice at once starts one run', async () => {
    await answered();
    const value = encodeButtonValue({ v: 1, a: 'run', line: '/probe contoso.example', where: 'edit' });
    const both = [1, 2].map(() => chat.press({ port, place, user: ann, value, message }));
    (await waitFor(() => probing[1])).resolve(okReport());
    await Promise.all(both);
    expect(probing).toHaveLength(2);
    expect(JSON.stringify(port.calls.filter((call) => call.verb === 'ephemeral'))).toContain('running already');
  });

  it('may follow as soon as the answer can be seen', async () => {
    const value = encodeButtonValue({ v: 1, a: 'run', line: '/probe contoso.example', where: 'edit' });
    const shown = port.until((call) => call.verb === 'edit' && call.answer.card.state === 'ok');
    const pressed = shown.then(() => chat.press({ port, place, user: ann, value, message }));
    await answered();
    (await waitFor(() => probing[1])).resolve(okReport());
    await pressed;
    expect(port.calls.filter((call) => call.verb === 'ephemeral')).toEqual([]);
  });

  it('of Cancel works as soon as the placeholder can be seen', async () => {
    const done = chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    const run = await waitForRun();
    await chat.press({ port, place, user: ann, value: { v: 1, a: 'cancel', run }, message });
    await done;
    expect(port.cardsOf('m1').at(-1)?.state).toBe('stopped');
  });

  it('on a card of an older revision is refused with what to do', async () => {
    await answered();
    const run = await waitForRun();
    const value = encodeButtonValue({ v: 1, a: 'run', line: '/probe contoso.example', where: 'edit', run, rev: 0 });
    await chat.press({ port, place, user: ann, value, message });
    expect(JSON.stringify(port.calls.filter((call) => call.verb === 'ephemeral'))).toContain('has changed since');
    expect(probing).toHaveLength(1);
  });

  it('goes into the thread when it asks for more', async () => {
    await answered();
    const value = encodeButtonValue({ v: 1, a: 'run', line: '/probe contoso.example --all', where: 'thread' });
    const done = chat.press({ port, place, user: ann, value, message });
    (await waitFor(() => probing[1])).resolve(okReport());
    await done;
    expect(port.calls.filter((call) => call.verb === 'post').at(-1)).toMatchObject({ place: { threadId: 'm1' } });
  });

  it('cancels what runs and says who did', async () => {
    const done = chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    await waitFor(() => probing[0]);
    const run = await waitForRun();
    await chat.press({ port, place, user: { id: 'U2', name: 'Bob' }, value: { v: 1, a: 'cancel', run }, message });
    await done;
    expect(probing[0]?.signal.aborted).toBe(true);
    expect(JSON.stringify(port.cardsOf('m1').at(-1))).toContain('Bob');
    expect(port.cardsOf('m1').at(-1)?.state).toBe('stopped');
    await chat.press({ port, place, user: ann, value: { v: 1, a: 'cancel', run }, message });
    expect(JSON.stringify(port.calls.at(-1))).toContain('nothing to cancel');
  });

  it.each([
    undefined,
    'no json',
    '{"v":9}',
    { v: 1, a: 'run' },
    { v: 1, a: 'detail', detail: 'x', run: '../../x' },
    'x'.repeat(5000),
  ])('with the value %j does nothing but say so', async (value) => {
    await answered();
    const before = port.calls.length;
    await chat.press({ port, place, user: ann, value, message });
    expect(port.calls.slice(before).map((call) => call.verb)).toEqual(['ephemeral']);
  });

  async function waitForRun(): Promise<string> {
    const call = await port.until((one) => one.verb === 'post');
    return 'answer' in call ? (call.answer.runId ?? '') : '';
  }
});

describe('a form', () => {
  it('runs the command with its values', async () => {
    const done = chat.form({
      port,
      place,
      user: ann,
      command: 'probe',
      values: { target: 'contoso.example', depth: 'tls' },
      files: [],
    });
    (await waitFor(() => probing[0])).resolve(okReport());
    await done;
    expect(port.cardsOf('m1').at(-1)?.state).toBe('ok');
  });

  it.each([
    ['nothing filled in', 'diagnose', {}, /empty/],
    ['an unknown command', 'gone', {}, /another version/],
    ['a value that is not one of the choices', 'probe', { target: 'x.example', depth: 'deep' }, /--depth/],
  ])('with %s is refused', async (_name, command, values, words) => {
    await chat.form({ port, place, user: ann, command, values: values as Record<string, string>, files: [] });
    expect(port.calls.map((call) => call.verb)).toEqual(['ephemeral']);
    expect(JSON.stringify(port.calls)).toMatch(words);
  });
});

describe('a restart', () => {
  it('tells the truth in every message that still says running', async () => {
    void chat.command({ port, place, user: ann, line: '/probe contoso.example' });
    await waitFor(() => probing[0]);
    await waitFor(() => (port.cardsOf('m1').length > 0 ? true : undefined));
    // A new process opens the same folder after a crash: nothing of the old one ran to its end.
    const after = createRecordingPort();
    const next = newChat();
    await next.resume(new Map([['web', after]]), await store.unfinishedRuns());
    expect(after.calls).toMatchObject([{ verb: 'edit', ref: { messageId: 'm1' } }]);
    expect(JSON.stringify(after.calls)).toContain('/probe contoso.example');
    expect(await store.unfinishedRuns()).toEqual([]);
    expect(lastTitle('m1')).not.toBe('');
  });

  /** A run as a crash leaves it in the store. */
  async function leftRun(changes: Partial<Run> = {}): Promise<Run> {
    const run: Run = {
      id: 'left-1',
      line: '/probe contoso.example',
      command: 'probe',
      userId: ann.id,
      userName: ann.name,
      place: { ...place },
      message: { place: { ...place }, messageId: 'm1' },
      revision: 0,
      state: 'running',
      startedAt: '2026-11-20T12:00:00.000Z',
      endedAt: null,
      ...changes,
    };
    await store.putRun(run);
    return run;
  }

  it('need not wait for what a platform puts off: that is shown after it', async () => {
    const wait = new PlatformError('rate-limited', 'later', { retryAfterMs: 60_000 });
    const limited = { ...port, edit: () => Promise.reject(wait) };
    const done = chat.command({ port: limited, place, user: ann, line: '/probe contoso.example' });
    (await waitFor(() => probing[0])).resolve(okReport());
    await new Promise((resolve) => setTimeout(resolve, 20));
    const began = performance.now();
    await chat.stop();
    await done;
    expect(performance.now() - began).toBeLessThan(6_000);
    await chat.resume(new Map([['web', port]]), await store.unfinishedRuns());
    expect(port.cardsOf('m1').at(-1)?.state).toBe('ok');
  });

  it('shows the answer where it was found but not shown yet', async () => {
    const run = await leftRun();
    await store.putAnswer(run.id, { kind: 'probe', state: 'ok', title: 'contoso.example receives mail' });
    await chat.resume(new Map([['web', port]]), [run]);
    expect(lastTitle('m1')).toBe('contoso.example receives mail');
    expect((await store.getRun(run.id))?.state).toBe('done');
  });

  it('leaves for the next one what a platform cannot take now, and nothing that it will never take', async () => {
    const run = await leftRun();
    const wait = new PlatformError('rate-limited', 'later', { retryAfterMs: 1 });
    const limited = { ...port, edit: () => Promise.reject(wait) };
    await chat.resume(new Map([['web', limited]]), [run]);
    expect(await store.unfinishedRuns()).toHaveLength(1);
    port.failNext('edit', new PlatformError('not-found', 'message_not_found'));
    await chat.resume(new Map([['web', port]]), [run]);
    expect(await store.unfinishedRuns()).toEqual([]);
  });

  it('that knew nothing of the message: Cancel on its card tells how it ended', async () => {
    const { id } = await leftRun({ message: null, state: 'interrupted' });
    const message = { place, messageId: 'm7' };
    await chat.press({ port, place, user: ann, value: { v: 1, a: 'cancel', run: id }, message });
    expect(port.cardsOf('m7')).toMatchObject([{ state: 'stopped' }]);
    expect(port.calls.map((call) => call.verb)).toEqual(['edit']);
  });
});
