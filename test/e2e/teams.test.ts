import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adaptiveCardProblems } from '../support/adaptive-card-validator.ts';
import { killLeftProcesses, startProductProcess, tryProductProcess } from '../support/product-process.ts';
import { slashCommand } from '../support/slack-payloads.ts';
import { SIGNING_SECRET } from '../support/slack-product.ts';
import { createSlackSender } from '../support/slack-sender.ts';
import { whisperIn } from '../support/slack-view.ts';
import { BOT_TOKEN, startSlackWebApi } from '../support/slack-web-api.ts';
import { ANN, APP_ID, BOT_ID, channelMessage, personalMessage, TENANT } from '../support/teams-bot.ts';
import type { TeamsMicrosoft } from '../support/teams-microsoft.ts';
import { startTeamsProduct, type TeamsProduct, teamsEnv } from '../support/teams-product.ts';
import {
  actionOf,
  answerIn,
  isRunning,
  messageIn,
  messagesIn,
  type TeamsMessage,
  wordsOf,
} from '../support/teams-view.ts';
import { until } from '../support/until.ts';

const TRACE = path.resolve(import.meta.dirname, '../fixtures/e2e/trace.csv');

/** Teams shows an error to the person when an invoke takes longer than about this. */
const ACK_MS = 3_000;

let product: TeamsProduct;
let microsoft: TeamsMicrosoft;
let conversations = 0;

beforeAll(async () => {
  product = await startTeamsProduct();
  microsoft = product.microsoft;
});
afterAll(async () => {
  killLeftProcesses();
  await product.close();
  expect(everyProblem()).toEqual([]);
  expect(product.bugs).toEqual([]);
});

/** What Teams would have refused of every card that was sent. */
function everyProblem(): string[] {
  return microsoft.calls
    .flatMap(({ body }): object[] => body?.attachments ?? [])
    .filter(
      (attachment) =>
        'contentType' in attachment && attachment.contentType === 'application/vnd.microsoft.card.adaptive',
    )
    .flatMap((attachment) =>
      'content' in attachment ? adaptiveCardProblems(attachment.content as object) : ['no content'],
    );
}

/** Conversations of their own, so that tests do not read one another's answers. */
function newPersonal(): Where {
  conversations += 1;
  return { id: `a:e2e-${conversations}`, conversationType: 'personal', tenantId: TENANT };
}
function newGroup(): Where {
  conversations += 1;
  return { id: `19:e2e-${conversations}@thread.v2`, conversationType: 'groupChat', tenantId: TENANT };
}
interface Where {
  id: string;
  conversationType: string;
  tenantId: string;
}

async function accepted(activity: Record<string, unknown>): Promise<string> {
  const { status, text, ms } = await product.send(activity);
  expect(status).toBe(200);
  expect(ms).toBeLessThan(ACK_MS);
  return text;
}

/** Types a line in a personal chat. */
async function type(conversation: Where, text: string): Promise<void> {
  await accepted(personalMessage(microsoft, { conversation, text }));
}

/** A press as Teams sends it for Action.Execute. */
function execute(conversation: Where, message: TeamsMessage, title: string): Record<string, unknown> {
  const { verb, data } = actionOf(message, title);
  return personalMessage(microsoft, {
    type: 'invoke',
    name: 'adaptiveCard/action',
    conversation: { ...conversation, id: message.conversation },
    replyToId: message.id,
    text: undefined,
    value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
  });
}

/** What a client sends for Action.Submit: an empty message with a value. */
function submit(conversation: Where, message: TeamsMessage, value: object): Record<string, unknown> {
  return personalMessage(microsoft, { conversation, replyToId: message.id, text: undefined, value });
}

describe.concurrent('messages in a personal chat', () => {
  it.each<[line: string, words: RegExp]>([
    ['/probe healthy.sandbox.test', /✓ ok · .*TLS 1\.3 and a valid certificate/],
    ['probe expired.sandbox.test', /certificate expired 3 days ago.*CertificateFailure expired.*Owner: recipient/],
    ['/probe monitor@proxyfail.sandbox.test --depth submit', /ProxyDnsFailure proxy.*PRX2/],
    ['550 5.1.1 &lt;kim@fabrikam.example&gt;: User unknown', /RecipientRejected.*kim@fabrikam\.example/],
    ['peer healthy.sandbox.test', /1 MX host.*203\.0\.113\.10/],
    ['mailmedic doctor', /Node\.js.*Teams.*POST \/api\/messages/],
  ])('%s: a placeholder first, then edits of the same message', async (line, words) => {
    const conversation = newPersonal();
    await type(conversation, line);
    const answer = await answerIn(microsoft, conversation.id);
    const [first] = microsoft.calls.filter(({ url }) => url.includes(encodeURIComponent(conversation.id)));
    expect(first?.method).toBe('POST');
    expect(wordsOf(first?.body)).toContain('… running');
    expect(answer.edits).toBeGreaterThan(0);
    expect(wordsOf(answer.card)).toMatch(words);
    expect(messagesIn(microsoft, conversation.id)).toHaveLength(1);
  });

  it('a trace file is read', async () => {
    const conversation = newPersonal();
    microsoft.files.set('/files/trace.csv', { body: await readFile(TRACE), headers: {} });
    const content = { downloadUrl: `${microsoft.url}/files/trace.csv`, uniqueId: 'u1', fileType: 'csv' };
    const file = { contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'trace.csv', content };
    await accepted(personalMessage(microsoft, { conversation, text: '', attachments: [file] }));
    const answer = await answerIn(microsoft, conversation.id);
    expect(wordsOf(answer.card)).toMatch(/4 delivered.*UnableToConnect/);
  });

  it('a bare command shows its form, and the form runs it', async () => {
    const conversation = newPersonal();
    await type(conversation, '/probe');
    const form = await messageIn(microsoft, conversation.id);
    expect(JSON.stringify(form.card)).toContain('Input.Text');
    const { data } = actionOf(form, 'Probe');
    await accepted(submit(conversation, form, { ...data, target: 'wrongname.sandbox.test', depth: 'tls' }));
    const answer = await answerIn(microsoft, conversation.id, 2);
    expect(wordsOf(answer.card)).toMatch(/CertificateFailure name-mismatch/);
  });

  it('a long probe reports on its way, in edits long after its request was answered', async () => {
    const conversation = newPersonal();
    await type(conversation, '/probe slow.sandbox.test');
    // The request is answered while the probe runs.
    expect(isRunning(await messageIn(microsoft, conversation.id))).toBe(true);
    const answer = await answerIn(microsoft, conversation.id);
    expect(wordsOf(answer.card)).toContain('✓ ok');
    expect(answer.edits).toBeGreaterThan(2);
    const edits = microsoft.calls.filter(({ method, url }) => method === 'PUT' && url.includes(answer.id));
    expect(edits.some(({ body }) => /Probing slow\.sandbox\.test/.test(wordsOf(body)))).toBe(true);
    expect(edits.every(({ authorization }) => authorization === 'Bearer outbound-test')).toBe(true);
  });
});

describe.concurrent('buttons', () => {
  it('Probe again updates the card that was pressed', async () => {
    const conversation = newPersonal();
    await type(conversation, '/probe healthy.sandbox.test');
    const first = await answerIn(microsoft, conversation.id);
    const said = JSON.parse(await accepted(execute(conversation, first, 'Probe again')));
    expect(said).toMatchObject({ statusCode: 200, type: 'application/vnd.microsoft.activity.message' });
    const again = await until('the second answer', () => {
      const [now] = messagesIn(microsoft, conversation.id);
      return now !== undefined && now.edits > first.edits + 1 && !isRunning(now) ? now : undefined;
    });
    expect(again.id).toBe(first.id);
    expect(wordsOf(again.card)).toContain('✓ ok');
    expect(messagesIn(microsoft, conversation.id)).toHaveLength(1);
  });

  it('an older client sends the fallback as a message: the same happens', async () => {
    const conversation = newPersonal();
    await type(conversation, '/probe healthy.sandbox.test');
    const first = await answerIn(microsoft, conversation.id);
    await accepted(submit(conversation, first, actionOf(first, 'Probe again').fallback));
    await until('the second answer', () => {
      const [now] = messagesIn(microsoft, conversation.id);
      return now !== undefined && now.edits > first.edits + 1 && !isRunning(now) ? now : undefined;
    });
    expect(messagesIn(microsoft, conversation.id)).toHaveLength(1);
  });

  it('Cancel stops a running probe', async () => {
    const conversation = newPersonal();
    await type(conversation, '/probe silent.sandbox.test');
    const running = await messageIn(microsoft, conversation.id);
    await accepted(execute(conversation, running, 'Cancel'));
    const stopped = await answerIn(microsoft, conversation.id);
    expect(wordsOf(stopped.card)).toMatch(/■ stopped.*Stopped by Ann.*Run again/);
  });
});

describe.concurrent('a restart after a crash', () => {
  it('tells in the card of a running probe that it was interrupted, private as it was', async () => {
    // A product of its own: a second process finds everything that runs in the folder.
    const crashing = await startTeamsProduct();
    const conversation = newGroup();
    const recipient = { id: BOT_ID, name: 'mailmedic', isTargeted: true };
    const text = '/probe silent.sandbox.test';
    await crashing.send(channelMessage(crashing.microsoft, { conversation, recipient, text, entities: [] }));
    await until('the first edit', () => messagesIn(crashing.microsoft, conversation.id).find(({ edits }) => edits > 0));
    const after = await crashing.restart();
    await answerIn(crashing.microsoft, conversation.id);
    const [told, ...others] = messagesIn(crashing.microsoft, conversation.id);
    expect(wordsOf(told?.card)).toMatch(/■ stopped.*interrupted by a restart.*Run again/);
    expect(others).toEqual([]);
    expect(crashing.microsoft.calls.every(({ url }) => url.includes('isTargetedActivity=true'))).toBe(true);
    expect([...after.bugs, ...crashing.bugs]).toEqual([]);
    await after.close();
    await crashing.close();
  });
});

describe.concurrent('where others read along', () => {
  it('a mention in a channel is answered in its thread, addresses masked', async () => {
    const id = '19:e2e-channel@thread.tacv2';
    const conversation = { id: `${id};messageid=1700`, conversationType: 'channel', tenantId: TENANT };
    const text = '<at>mailmedic</at> probe monitor@throttled.sandbox.test';
    await accepted(channelMessage(microsoft, { conversation, text }));
    const answer = await answerIn(microsoft, id);
    expect(answer.conversation).toBe(`${id};messageid=1700`);
    expect(answer.onlyFor).toBeUndefined();
    expect(wordsOf(answer.card)).toContain('ServerBusy');
    expect(wordsOf(answer.card)).not.toContain('monitor@');
  });

  it('a slash command in a group is private on the wire, edits and buttons too', async () => {
    const conversation = newGroup();
    const slash = {
      conversation,
      recipient: { id: BOT_ID, name: 'mailmedic', isTargeted: true },
      text: '/probe monitor@throttled.sandbox.test',
      entities: [],
    };
    await accepted(channelMessage(microsoft, slash));
    const answer = await answerIn(microsoft, conversation.id);
    expect(answer.onlyFor).toBe(ANN.id);
    expect(wordsOf(answer.card)).toContain('monitor@throttled.sandbox.test');

    await accepted(execute(conversation, answer, 'Peer'));
    expect((await answerIn(microsoft, conversation.id, 2)).onlyFor).toBe(ANN.id);
    const calls = microsoft.calls.filter(({ url }) => url.includes(encodeURIComponent(conversation.id)));
    expect(calls.map(({ url }) => url.includes('isTargetedActivity=true'))).toEqual(calls.map(() => true));
  });

  it('a mistake in a mention is told to the one who made it', async () => {
    const conversation = newGroup();
    await accepted(channelMessage(microsoft, { conversation, text: '<at>mailmedic</at> prob x.sandbox.test' }));
    const told = await messageIn(microsoft, conversation.id);
    expect(told.onlyFor).toBe(ANN.id);
    expect(wordsOf(told.card)).toContain('Did you mean /probe');
  });
});

describe.concurrent('the doors', () => {
  it('refuse another tenant, a forged token and a token for another bot', async () => {
    const tenantId = 'ffffffff-0000-0000-0000-000000000000';
    const conversation = newPersonal();
    const stranger = personalMessage(microsoft, {
      conversation: { ...conversation, tenantId },
      channelData: { tenant: { id: tenantId } },
    });
    expect((await product.send(stranger)).status).toBe(403);
    expect((await product.send(personalMessage(microsoft, { conversation }), { forged: true })).status).toBe(401);
    expect((await product.send(personalMessage(microsoft, { conversation }), { audience: 'other' })).status).toBe(401);
    expect(messagesIn(microsoft, conversation.id)).toEqual([]);
  });
});

describe.concurrent('a process of its own', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mailmedic-both-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('serves Slack and Teams at once and says so', async () => {
    const slack = await startSlackWebApi();
    const both = await startProductProcess(path.join(folder, 'both'), {
      ...teamsEnv(microsoft),
      MAILMEDIC_SLACK_BOT_TOKEN: BOT_TOKEN,
      MAILMEDIC_SLACK_SIGNING_SECRET: SIGNING_SECRET,
      MAILMEDIC_SLACK_API_URL: slack.apiUrl,
    });
    const sender = createSlackSender(`${both.url}/slack/events`, SIGNING_SECRET);
    expect(both.stdout()).toMatch(/^mailmedic \(slack, teams\): http:\/\/127\.0\.0\.1:\d+\n$/);
    const health = await fetch(`${both.url}/healthz`);
    expect([health.status, await health.json()]).toMatchObject([200, { parts: { slack: 'ok', teams: 'ok' } }]);

    await sender.command(slashCommand('/mailmedic', 'help', { channel_id: 'CBOTH' }));
    expect(wordsOf((await whisperIn(slack, 'CBOTH')).blocks)).toContain('/probe');
    const unsigned = await fetch(`${both.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(personalMessage(microsoft)),
    });
    expect(unsigned.status).toBe(401);

    expect(await both.stop()).toBe(0);
    sender.close();
    await slack.close();
  });

  it('refuses to start when Teams is half set, and names the key', async () => {
    const half = { MAILMEDIC_TEAMS_APP_ID: APP_ID, MAILMEDIC_TEAMS_APP_PASSWORD: 'p' };
    const ended = await tryProductProcess(path.join(folder, 'half'), half);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('MAILMEDIC_TEAMS_TENANT_ID') });
  });
});
