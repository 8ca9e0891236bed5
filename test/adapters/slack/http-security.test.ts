import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIGNING_SECRET, type SlackHarness, startSlackHarness } from '../../support/slack-harness.ts';
import {
  blockActions,
  eventCallback,
  messageEvent,
  messageShortcut,
  slashCommand,
  viewSubmission,
} from '../../support/slack-payloads.ts';
import { signSlack } from '../../support/slack-sender.ts';

let slack: SlackHarness;
beforeAll(async () => {
  slack = await startSlackHarness();
});
afterAll(() => slack.close());

const now = (): number => Math.floor(Date.now() / 1000);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));
const taken = (): number => slack.handler.commands.length + slack.handler.presses.length + slack.handler.forms.length;

/** Nothing reached the handler while `send` ran, and a good command still does afterwards. */
async function expectNoWork(send: () => Promise<void>): Promise<void> {
  const before = taken();
  await send();
  await settle();
  expect(taken()).toBe(before);
  expect((await slack.sender.command(slashCommand('/probe', 'contoso.example'))).status).toBe(200);
  await slack.handler.took(before + 1);
}

describe('doors', () => {
  const body = (): string => new URLSearchParams(slashCommand('/probe', 'contoso.example')).toString();

  it.each([
    ['another secret', () => ({ secret: 'wrong' })],
    ['no signature', () => ({ signature: '' })],
    ['a signature of another length', () => ({ signature: 'v0=00' })],
    ['a stale timestamp', () => ({ timestamp: now() - 301 })],
    ['a future timestamp', () => ({ timestamp: now() + 90 })],
    ['a timestamp that is no number', () => ({ timestamp: '1e9' })],
    ['a negative timestamp', () => ({ timestamp: '-5' })],
  ])('refuses %s with 401 and without work', async (_, options) => {
    await expectNoWork(async () => {
      expect(await slack.sender.raw(body(), options())).toMatchObject({ status: 401, body: '' });
    });
  });

  it('refuses a changed body', async () => {
    await expectNoWork(async () => {
      const original = body();
      const timestamp = String(now());
      const signature = signSlack(SIGNING_SECRET, timestamp, original);
      expect((await slack.sender.raw(`${original}&text=evil`, { timestamp, signature })).status).toBe(401);
    });
  });

  it('refuses the upper-case spelling of a good signature, which would slip past the replay guard', async () => {
    await expectNoWork(async () => {
      const original = body();
      const timestamp = String(now());
      const signature = signSlack(SIGNING_SECRET, timestamp, original).replace(/[a-f]/g, (c) => c.toUpperCase());
      expect((await slack.sender.raw(original, { timestamp, signature })).status).toBe(401);
    });
  });

  it('takes a request once and refuses its replay', async () => {
    const original = body();
    const before = taken();
    const options = { timestamp: now() - 30 };
    expect((await slack.sender.raw(original, options)).status).toBe(200);
    await slack.handler.took(before + 1);
    expect((await slack.sender.raw(original, options)).status).toBe(401);
    await settle();
    expect(taken()).toBe(before + 1);
  });

  it.each([
    ['an event', () => messageEvent('message', 'probe contoso.example'), 'event' as const],
    ['a press', () => blockActions({ action_id: 'mm:run:0', value: 'x' }), 'interaction' as const],
    ['a shortcut', () => messageShortcut({ text: '550' }), 'interaction' as const],
    ['a form', () => viewSubmission('probe', {}, ''), 'interaction' as const],
  ])('answers a genuine retry of %s with 200 and does the work once', async (_, payload, how) => {
    const before = taken();
    const sent = payload();
    expect((await slack.sender[how](sent, { timestamp: now() - 3 })).status).toBe(200);
    const retry = { headers: { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' } };
    expect((await slack.sender[how](sent, retry)).status).toBe(200);
    await settle();
    expect(taken()).toBe(before + 1);
  });

  it('answers a retried command with 200 and does the work once', async () => {
    const before = taken();
    const fields = slashCommand('/probe', 'contoso.example');
    expect((await slack.sender.command(fields, { timestamp: now() - 3 })).status).toBe(200);
    expect((await slack.sender.command(fields)).status).toBe(200);
    await settle();
    expect(taken()).toBe(before + 1);
  });

  it('answers the challenge of a signed url_verification only', async () => {
    const challenge = { type: 'url_verification', challenge: 'abc<b>' };
    expect(await slack.sender.event(challenge)).toMatchObject({ status: 200, body: 'abc<b>' });
    expect((await slack.sender.event(challenge, { secret: 'wrong' })).status).toBe(401);
  });
});

describe('hostile payloads', () => {
  const json = 'application/json';

  it('refuses 5 MB with 413', async () => {
    await expectNoWork(async () => {
      const refused = await slack.sender.raw(Buffer.alloc(5 * 1024 * 1024, 0x61)).catch((error: unknown) => error);
      // The answer may overtake the upload, which then breaks off.
      if (!(refused instanceof Error)) expect(refused).toMatchObject({ status: 413 });
      else expect(String(refused)).toMatch(/EPIPE|ECONNRESET|hang up/);
    });
  });

  it('refuses a compressed body', async () => {
    await expectNoWork(async () => {
      expect((await slack.sender.raw('x', { headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
    });
  });

  it.each([
    ['not JSON', '{', json, 400],
    ['an empty body', '', json, 400],
    ['a JSON string', '"x"', json, 400],
    ['null', 'null', json, 400],
    ['an array', '[]', json, 400],
    ['deep nesting', '['.repeat(100_000), json, 400],
    ['a form with a payload that is not JSON', 'payload=%7B', undefined, 400],
    ['a form without fields', 'x=', undefined, 404],
    ['an event that is null', '{"event":null}', json, 400],
    ['an event that is a string', '{"event":"x"}', json, 400],
    ['an event of an unknown type', '{"event":{"type":"x"}}', json, 200],
    ['an event whose type is an object', '{"event":{"type":{}}}', json, 200],
    ['a message without fields', '{"event":{"type":"message"}}', json, 200],
    ['a mention with odd fields', '{"event":{"type":"app_mention","user":{},"text":7,"channel":[]}}', json, 200],
    ['a prototype name as team', '{"team_id":"__proto__","event":{"type":"message"}}', json, 200],
    ['presses without actions', '{"type":"block_actions","actions":[],"user":{"id":"U1"}}', json, 404],
    ['presses without a user', '{"type":"block_actions","actions":[{}]}', json, 400],
    [
      'a form without state',
      '{"type":"view_submission","user":{"id":"U1"},"view":{"callback_id":"mm:form:x"}}',
      json,
      200,
    ],
    ['an unknown shortcut', '{"type":"message_action","callback_id":"x","user":{"id":"U1"}}', json, 404],
    ['an unknown type', '{"type":"x"}', json, 404],
    ['a command twice', 'command=%2Fprobe&command=%2Fprobe&user_id=U1', undefined, 404],
    ['a command without fields', 'command=%2Fprobe', undefined, 200],
    ['a payload twice', 'payload=1&payload=2', undefined, 404],
  ])('survives %s', async (_, body, contentType, status) => {
    await expectNoWork(async () => {
      const answer = await slack.sender.raw(body, contentType === undefined ? {} : { contentType });
      expect(answer.status).toBe(status);
      expect(answer.ms).toBeLessThan(2000);
    });
  });

  it('ignores a file list of odd shapes and keeps the good ones', async () => {
    const before = taken();
    const files = [null, 7, { id: 'F1', name: null, size: -1 }, { id: 'F2', name: 'a.csv' }, 'x'];
    await slack.sender.event(messageEvent('message', '', { subtype: 'file_share', files }));
    await slack.handler.took(before + 1);
    expect(slack.handler.commands.at(-1)?.files?.map(({ name }) => name)).toEqual(['a.csv']);
  });

  it('answers any JSON at all, at once', async () => {
    const kind = fc.constantFrom('block_actions', 'view_submission', 'message_action', 'event_callback', 'x');
    const event = fc.record({
      type: fc.constantFrom('message', 'app_mention', 'file_shared'),
      channel: fc.jsonValue(),
    });
    const payload = fc.record(
      { type: kind, event, user: fc.jsonValue(), view: fc.jsonValue(), actions: fc.jsonValue(), team: fc.jsonValue() },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(payload, fc.jsonValue()), fc.nat(), async (value, nonce) => {
        const body = JSON.stringify(Array.isArray(value) ? value : { nonce, ...Object(value) });
        const answer = await slack.sender.raw(body, { contentType: json, timestamp: now() - (nonce % 280) });
        expect([200, 400, 401, 404]).toContain(answer.status);
        expect(answer.ms).toBeLessThan(2000);
      }),
      { numRuns: 150 },
    );
    expect((await slack.sender.command(slashCommand('/probe', 'contoso.example'))).status).toBe(200);
  });

  it('takes an event without an id every time', async () => {
    const before = taken();
    const event = eventCallback(
      { type: 'message', channel_type: 'im', channel: 'D1', user: 'U1', text: 'help', ts: '1.2' },
      { event_id: undefined },
    );
    await slack.sender.event(event);
    await slack.sender.event(event, { timestamp: now() - 1 });
    await slack.handler.took(before + 2);
  });
});

it('answers 503 after it has stopped, so that Slack tries again elsewhere', async () => {
  const other = await startSlackHarness();
  await other.adapter.stop();
  expect(other.adapter.health()).not.toBe('ok');
  expect((await other.sender.command(slashCommand('/probe', 'x'))).status).toBe(503);
  await other.close();
});
