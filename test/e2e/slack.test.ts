import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockKitProblems, modalProblems } from '../support/block-kit-validator.ts';
import {
  killLeftProcesses,
  type ProductProcess,
  startProductProcess,
  tryProductProcess,
} from '../support/product-process.ts';
import {
  blockActions,
  eventCallback,
  messageEvent,
  messageShortcut,
  slashCommand,
  viewSubmission,
} from '../support/slack-payloads.ts';
import { SIGNING_SECRET, type SlackProduct, startSlackProduct } from '../support/slack-product.ts';
import { createSlackSender, type SlackSender } from '../support/slack-sender.ts';
import {
  answerIn,
  isRunning,
  messageIn,
  messagesIn,
  press,
  pressWhisper,
  whisperIn,
  whispersIn,
  wordsOf,
} from '../support/slack-view.ts';
import { type ApiCall, BOT_TOKEN, type SlackWebApi, startSlackWebApi } from '../support/slack-web-api.ts';
import { until } from '../support/until.ts';

const TRACE = path.resolve(import.meta.dirname, '../fixtures/e2e/trace.csv');
const LED =
  'Reason: [{LED=450 4.4.316 Connection refused};{MSG=Socket error code 10061};{FQDN=smtp.tailspintoys.ca};{IP=13.92.177.139};{LRT=3/16/2017 4:59:18 PM}]. OutboundProxyTargetIP: 13.92.177.139. OutboundProxyTargetHostName: smtp.tailspintoys.ca';

/** Slack shows an error to the person after this long. */
const ACK_MS = 3_000;

let product: SlackProduct;
let api: SlackWebApi;
let trace: string;
let channels = 0;

beforeAll(async () => {
  trace = await readFile(TRACE, 'utf8');
  product = await startSlackProduct();
  api = product.api;
});
afterAll(async () => {
  killLeftProcesses();
  await product.close();
  expect(everyProblem(api)).toEqual([]);
  expect(product.bugs).toEqual([]);
});

/** A conversation of its own, so that tests do not read one another's answers. */
function newChannel(prefix: 'C' | 'D' = 'C'): string {
  channels += 1;
  return `${prefix}E2E${channels}`;
}

/** What Slack would have refused of everything that was sent. */
function everyProblem(slack: SlackWebApi): string[] {
  return slack.calls.flatMap(({ method, args }) => {
    if (method === 'views.open') return modalProblems(args.view as object);
    return /^chat\.(postMessage|update|postEphemeral)$/.test(method) ? blockKitProblems(args) : [];
  });
}

/** Types a slash command; the acknowledgement is empty and in time. */
async function type(channel: string, line: string, over: Record<string, string> = {}): Promise<void> {
  const [command = '', ...words] = line.split(' ');
  const fields = slashCommand(command, words.join(' '), { channel_id: channel, ...over });
  expectAcknowledged(await product.sender.command(fields));
}

function expectAcknowledged({ status, body, ms }: { status: number; body: string; ms: number }): void {
  expect({ status, body }).toEqual({ status: 200, body: '' });
  expect(ms).toBeLessThan(ACK_MS);
}

/** A file as Slack describes it in a payload. */
function sharedTrace(id: string): Record<string, unknown> {
  const url = api.addFile({ id, name: 'trace.csv', content: trace });
  return { id, name: 'trace.csv', mimetype: 'text/csv', size: Buffer.byteLength(trace), url_private_download: url };
}

describe.concurrent('slash commands', () => {
  it.each<[line: string, words: RegExp]>([
    ['/probe healthy.sandbox.test', /✓ ok · .*TLS 1\.3 and a valid certificate/],
    ['/probe expired.sandbox.test', /certificate expired 3 days ago.*CertificateFailure expired.*Owner: recipient/],
    ['/probe refused.sandbox.test', /✗ failed · .*connection refused.*UnableToConnect refused/],
    ['/probe tls10.sandbox.test', /TLS 1\.0.*TlsHandshakeFailure protocol-version/],
    ['/probe monitor@throttled.sandbox.test', /ServerBusy/],
    ['/probe monitor@proxyfail.sandbox.test --depth submit', /ProxyDnsFailure proxy.*PRX2/],
    [`/diagnose ${LED}`, /UnableToConnect refused.*Owner: network/],
    ['/peer healthy.sandbox.test', /healthy\.sandbox\.test has 1 MX host.*203\.0\.113\.10/],
    ['/mailmedic runbook UnableToConnect', /Runbook: UnableToConnect/],
    ['/mailmedic doctor', /Node\.js.*Slack HTTP/],
  ])('%s: a placeholder first, then edits of the same message', async (line, words) => {
    const channel = newChannel();
    await type(channel, line);
    const first = await messageIn(api, channel);
    const answer = await answerIn(api, channel);
    expect(api.callsOf('chat.postMessage').find(({ args }) => args.channel === channel)?.args.text).toContain(
      '… running',
    );
    expect(answer.ts).toBe(first.ts);
    expect(answer.edits).toBeGreaterThan(0);
    expect(wordsOf(answer.blocks)).toMatch(words);
    expect(messagesIn(api, channel)).toHaveLength(1);
    expect(whispersIn(api, channel)).toEqual([]);
  });

  it('help is for the asker only', async () => {
    const channel = newChannel();
    await type(channel, '/mailmedic help');
    const { user, blocks } = await whisperIn(api, channel);
    expect(user).toBe('U1');
    for (const name of ['/probe', '/diagnose', '/trace-parse', '/peer']) expect(wordsOf(blocks)).toContain(name);
    expect(messagesIn(api, channel)).toEqual([]);
  });

  it.each([
    ['/probe expired.sandbox.test --nope', /--nope/],
    ['/probe a.sandbox.test b.sandbox.test', /does not know what to do with/],
    ['/mailmedic runbok', /Did you mean \/runbook/],
  ])('%s: the mistake is whispered', async (line, words) => {
    const channel = newChannel();
    await type(channel, line);
    const { user, blocks } = await whisperIn(api, channel);
    expect(user).toBe('U1');
    expect(wordsOf(blocks)).toMatch(words);
    expect(messagesIn(api, channel)).toEqual([]);
  });

  it('runs a command that Slack delivers twice once', async () => {
    const channel = newChannel();
    const fields = slashCommand('/probe', 'healthy.sandbox.test', { channel_id: channel });
    const timestamp = Math.floor(Date.now() / 1000);
    expectAcknowledged(await product.sender.command(fields, { timestamp }));
    expectAcknowledged(await product.sender.command(fields, { timestamp: timestamp - 1 }));
    await answerIn(api, channel);
    expect(messagesIn(api, channel)).toHaveLength(1);
  });
});

describe.concurrent('forms', () => {
  it('a bare /trace-parse opens the form, whose files are read when it is sent', async () => {
    const channel = newChannel();
    await type(channel, '/trace-parse');
    const opened = await until('the form', () =>
      api.callsOf('views.open').find(({ args }) => String(record(args.view).private_metadata).includes(`"${channel}"`)),
    );
    const { private_metadata } = record(opened.args.view);
    expect(messagesIn(api, channel)).toEqual([]);

    const file = sharedTrace('FFORM');
    const files = { type: 'file_input', files: [{ id: file.id, name: file.name, created: 1 }] };
    const messageId = { type: 'plain_text_input', value: null };
    const form = viewSubmission('trace-parse', { files, messageId }, String(private_metadata));
    expectAcknowledged(await product.sender.interaction(form));
    const answer = await answerIn(api, channel);
    expect(wordsOf(answer.blocks)).toMatch(/4 delivered.*UnableToConnect/);
  });

  it('what is wrong in a form is whispered where it was opened', async () => {
    const channel = newChannel();
    await type(channel, '/probe');
    const opened = await until('the form', () =>
      api.callsOf('views.open').find(({ args }) => String(record(args.view).private_metadata).includes(`"${channel}"`)),
    );
    const target = { type: 'plain_text_input', value: 'not a name' };
    const metadata = String(record(opened.args.view).private_metadata);
    expectAcknowledged(await product.sender.interaction(viewSubmission('probe', { target }, metadata)));
    expect(wordsOf((await whisperIn(api, channel)).blocks)).toMatch(/not a name/);
  });
});

describe.concurrent('mentions and direct messages', () => {
  it('a mention in a channel is answered in its thread, addresses masked', async () => {
    const channel = newChannel();
    const text = '<@UBOT> probe monitor@throttled.sandbox.test';
    expectAcknowledged(await product.sender.event(messageEvent('app_mention', text, { channel })));
    const answer = await answerIn(api, channel);
    expect(answer.threadTs).toBe('1700000001.000100');
    expect(wordsOf(answer.blocks)).toContain('ServerBusy');
    expect(wordsOf(answer.blocks)).not.toContain('monitor@');
  });

  it('a mention in a thread stays in that thread; its mistake is whispered there', async () => {
    const channel = newChannel();
    const inThread = { channel, thread_ts: '1699999999.000001' };
    await product.sender.event(messageEvent('app_mention', '<@UBOT> peer 203.0.113.10', inThread));
    expect((await answerIn(api, channel)).threadTs).toBe('1699999999.000001');
    await product.sender.event(
      messageEvent('app_mention', '<@UBOT> prob x.sandbox.test', { ...inThread, ts: '1700000001.000101' }),
    );
    const whisper = await whisperIn(api, channel);
    expect(whisper.thread_ts).toBe('1699999999.000001');
    expect(wordsOf(whisper.blocks)).toContain('Did you mean /probe');
  });

  it('a reply pasted into direct messages is diagnosed, addresses in full', async () => {
    const channel = newChannel('D');
    const text = '550 5.1.1 &lt;kim@fabrikam.example&gt;: Recipient address rejected: User unknown';
    expectAcknowledged(await product.sender.event(messageEvent('message', text, { channel })));
    const answer = await answerIn(api, channel);
    expect(wordsOf(answer.blocks)).toContain('RecipientRejected');
    expect(wordsOf(answer.blocks)).toContain('kim@fabrikam.example');
    expect(answer.threadTs).toBeUndefined();
  });

  it('a trace dropped into direct messages is read once, although Slack tells of it twice', async () => {
    const channel = newChannel('D');
    const file = sharedTrace('FDROP');
    const shared = { type: 'file_shared', file_id: file.id, user_id: 'U1', channel_id: channel, event_ts: '1.1' };
    expectAcknowledged(await product.sender.event(eventCallback(shared)));
    const message = messageEvent('message', '', { channel, subtype: 'file_share', files: [file] });
    expectAcknowledged(await product.sender.event(message));
    const answer = await answerIn(api, channel);
    expect(wordsOf(answer.blocks)).toMatch(/4 delivered.*UnableToConnect/);
    // Longer than the wait for the message that belongs to a file.
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    expect(messagesIn(api, channel)).toHaveLength(1);
  });

  it('the shortcut on a message with a trace answers in its thread', async () => {
    const channel = newChannel();
    const shortcut = messageShortcut({ files: [sharedTrace('FCUT')] }, { channel: { id: channel, name: 'mail-ops' } });
    expectAcknowledged(await product.sender.interaction(shortcut));
    const answer = await answerIn(api, channel);
    expect(answer.threadTs).toBe('1700000001.000100');
    expect(wordsOf(answer.blocks)).toContain('4 delivered');
  });
});

describe.concurrent('buttons', () => {
  it('Probe again edits the same message', async () => {
    const channel = newChannel();
    await type(channel, '/probe healthy.sandbox.test');
    const first = await answerIn(api, channel);
    expectAcknowledged(await product.sender.interaction(press(first, 'Probe again')));
    const again = await until('the second answer', () => {
      const [now] = messagesIn(api, channel);
      return now !== undefined && now.edits > first.edits + 1 && !isRunning(now) ? now : undefined;
    });
    expect(again.ts).toBe(first.ts);
    expect(wordsOf(again.blocks)).toContain('✓ ok');
    expect(messagesIn(api, channel)).toHaveLength(1);
  });

  it('pressed twice at once, one probe runs and the second press is told so', async () => {
    const channel = newChannel();
    await type(channel, '/probe healthy.sandbox.test');
    const first = await answerIn(api, channel);
    const presses = [1, 2].map(() => product.sender.interaction(press(first, 'All addresses')));
    for (const answer of await Promise.all(presses)) expectAcknowledged(answer);
    expect(wordsOf((await whisperIn(api, channel)).blocks)).toContain('running already');
    await answerIn(api, channel);
    expect(messagesIn(api, channel)).toHaveLength(1);
  });

  it('of help that only the asker sees: the answer is private and not in a thread that cannot be seen', async () => {
    const channel = newChannel();
    await type(channel, '/mailmedic help');
    const whisper = await until('the help', () => whispersIn(api, channel)[0]);
    expectAcknowledged(await product.sender.interaction(pressWhisper(whisper, 'How /probe works')));
    const more = await whisperIn(api, channel, 2);
    expect(wordsOf(more.blocks)).toContain('--depth');
    expect(more.thread_ts).toBeUndefined();
  });

  it('Transcript in the menu replies in the thread', async () => {
    const channel = newChannel();
    await type(channel, '/probe healthy.sandbox.test');
    const answer = await answerIn(api, channel);
    expectAcknowledged(await product.sender.interaction(press(answer, 'Transcript')));
    const reply = await messageIn(api, channel, 2);
    expect(reply.threadTs).toBe(answer.ts);
    expect(wordsOf(reply.blocks)).toMatch(/EHLO.*STARTTLS/s);
  });

  it('Peer in the menu runs in the thread', async () => {
    const channel = newChannel();
    await type(channel, '/probe healthy.sandbox.test');
    const answer = await answerIn(api, channel);
    expectAcknowledged(await product.sender.interaction(press(answer, 'Peer')));
    const peer = await answerIn(api, channel, 2);
    expect(peer.threadTs).toBe(answer.ts);
    expect(wordsOf(peer.blocks)).toContain('203.0.113.10');
  });

  it('Cancel stops a running probe, and its card can run it again', async () => {
    const channel = newChannel();
    await type(channel, '/probe silent.sandbox.test');
    const running = await messageIn(api, channel);
    expectAcknowledged(await product.sender.interaction(press(running, 'Cancel')));
    const stopped = await answerIn(api, channel);
    expect(wordsOf(stopped.blocks)).toMatch(/■ stopped.*Stopped by kim.*Run again/);
    expectAcknowledged(await product.sender.interaction(press(running, 'Cancel')));
    expect(wordsOf((await whisperIn(api, channel)).blocks)).toContain('has ended already');
  });

  it('a value that is none of ours is whispered about and nothing else', async () => {
    const channel = newChannel();
    const action = { action_id: 'mm:run:0', value: '{"v":99,"a":"run"}' };
    const payload = blockActions(action, { channel: { id: channel, name: 'x' } });
    expectAcknowledged(await product.sender.interaction(payload));
    expect(wordsOf((await whisperIn(api, channel)).blocks)).toContain('another version');
    expect(messagesIn(api, channel)).toEqual([]);
  });
});

describe.concurrent('the doors', () => {
  it('refuse forged, replayed and future requests', async () => {
    const channel = newChannel();
    const command = (): Record<string, string> =>
      slashCommand('/probe', 'healthy.sandbox.test', { channel_id: channel });
    const now = Math.floor(Date.now() / 1000);
    expect((await product.sender.command(command(), { secret: 'another' })).status).toBe(401);
    expect((await product.sender.command(command(), { signature: 'v0=00' })).status).toBe(401);
    expect((await product.sender.command(command(), { timestamp: now - 301 })).status).toBe(401);
    expect((await product.sender.command(command(), { timestamp: now + 120 })).status).toBe(401);
    const good = command();
    expect((await product.sender.command(good, { timestamp: now })).status).toBe(200);
    expect((await product.sender.command(good, { timestamp: now })).status).toBe(401);
    await answerIn(api, channel);
    expect(messagesIn(api, channel)).toHaveLength(1);
  });
});

describe.concurrent('under load and limits', () => {
  it('acknowledges in time while fifty slow probes run, and answers each of them', async () => {
    const fifty = Array.from({ length: 50 }, (_, index) => ({ channel: newChannel(), user_id: `UL${index}` }));
    await Promise.all(fifty.map(({ channel, user_id }) => type(channel, '/probe slow.sandbox.test', { user_id })));
    await until(
      'the fiftieth placeholder',
      () => fifty.every(({ channel }) => messagesIn(api, channel).length === 1) || undefined,
    );
    const waits: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const answer = await product.sender.command(slashCommand('/mailmedic', 'help', { channel_id: newChannel() }));
      waits.push(answer.ms);
    }
    const stillRunning = fifty.filter(({ channel }) => messagesIn(api, channel).some(isRunning));
    expect(stillRunning.length).toBeGreaterThan(10);
    expect(Math.max(...waits)).toBeLessThan(ACK_MS);
    for (const { channel } of fifty) expect(wordsOf((await answerIn(api, channel)).blocks)).toContain('✓ ok');
  });

  it('waits as long as a 429 asks and still shows the last card', async () => {
    const channel = newChannel();
    await type(channel, '/probe slow.sandbox.test --depth connect');
    await messageIn(api, channel);
    api.failNextIn(channel, 'chat.update', { status: 429, retryAfter: 1 }, { status: 429, retryAfter: 1 });
    const limited = await until('the first 429', () => failedUpdates(channel)[0]);
    const answer = await answerIn(api, channel);
    expect(wordsOf(answer.blocks)).toContain('✓ ok');
    expect(failedUpdates(channel)).toHaveLength(2);
    expect(performance.now() - limited.at).toBeGreaterThan(2_000);
  });
});

function failedUpdates(channel: string): ApiCall[] {
  return api.callsOf('chat.update').filter(({ args, result }) => args.channel === channel && result === undefined);
}

describe.concurrent('Socket Mode', () => {
  it('a command goes the same way through the WebSocket', async () => {
    const socketed = await startSlackProduct('socket');
    try {
      const socket = await socketed.api.sockets.connection(1);
      const fields = slashCommand('/probe', 'expired.sandbox.test', { channel_id: 'CSOCKET' });
      expect(await socket.deliver('slash_commands', fields)).toEqual({});
      const answer = await answerIn(socketed.api, 'CSOCKET');
      expect(wordsOf(answer.blocks)).toContain('CertificateFailure');
      expect(everyProblem(socketed.api)).toEqual([]);
      expect(socketed.bugs).toEqual([]);
    } finally {
      await socketed.close();
    }
  });
});

describe.concurrent('a process that dies', () => {
  /** Acknowledged in the very moment of the crash. */
  const atOnce = Array.from({ length: 8 }, (_, index) => `CKEPT${index}`);
  let folder: string;
  let silent: Server;
  let slack: SlackWebApi;
  let second: ProductProcess;
  let after: SlackSender;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mailmedic-crash-'));
    slack = await startSlackWebApi();
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const env = {
      MAILMEDIC_SLACK_BOT_TOKEN: BOT_TOKEN,
      MAILMEDIC_SLACK_SIGNING_SECRET: SIGNING_SECRET,
      MAILMEDIC_SLACK_API_URL: slack.apiUrl,
      MAILMEDIC_EGRESS_ALLOW: '127.0.0.0/8',
      MAILMEDIC_EGRESS_PORTS: String(port),
    };
    const first = await startProductProcess(folder, env);
    const before = createSlackSender(`${first.url}/slack/events`, SIGNING_SECRET);
    await crash(first, before, `127.0.0.1:${port}`);
    before.close();
    second = await startProductProcess(folder, env);
    after = createSlackSender(`${second.url}/slack/events`, SIGNING_SECRET);
  });
  afterAll(async () => {
    expect(await second.stop()).toBe(0);
    expect(wordsOf(messagesIn(slack, 'CKILL')[0]?.blocks)).toContain('Stopped by a restart');
    expect(everyProblem(slack)).toEqual([]);
    after.close();
    silent.close();
    await slack.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Kills the process while a probe runs, while Slack puts off an answer, and just as it acknowledges. */
  async function crash(first: ProductProcess, sender: SlackSender, target: string): Promise<void> {
    expectAcknowledged(await sender.command(slashCommand('/probe', target, { channel_id: 'CKILL' })));
    slack.failNextIn('CLATE', 'chat.update', { status: 429, retryAfter: 60 });
    const reply = slashCommand('/diagnose', '550 5.1.1 User unknown', { channel_id: 'CLATE' });
    expectAcknowledged(await sender.command(reply));
    await until('the 429', () => slack.callsOf('chat.update').find(({ args }) => args.channel === 'CLATE'));
    // An edit on the way shows that the run and its message are kept.
    const running = await until('the first edit', () => messagesIn(slack, 'CKILL').find(({ edits }) => edits > 0));
    expect(isRunning(running)).toBe(true);
    const answers = await Promise.all([
      ...atOnce.map((channel_id) => sender.command(slashCommand('/probe', target, { channel_id }))),
      sender.event(messageEvent('app_mention', `<@UBOT> probe ${target}`, { channel: 'CMENTION' })),
    ]);
    await first.kill();
    for (const answer of answers) expectAcknowledged(answer);
  }

  it('says after its start which probe was interrupted, in its message, and the button runs it again', async () => {
    const told = await answerIn(slack, 'CKILL');
    expect(wordsOf(told.blocks)).toMatch(/■ stopped.*interrupted by a restart/);
    expectAcknowledged(await after.interaction(press(told, 'Run again')));
    await until('the probe to run again', () => messagesIn(slack, 'CKILL').find(isRunning));
    expect(messagesIn(slack, 'CKILL')).toHaveLength(1);
  });

  it.each([...atOnce, 'CMENTION'])('has lost nothing that was acknowledged: %s', async (channel) => {
    await until('the truth', () =>
      messagesIn(slack, channel).find(({ blocks }) => wordsOf(blocks).includes('interrupted by a restart')),
    );
  });

  it('shows the answer that Slack had put off', async () => {
    expect(wordsOf((await answerIn(slack, 'CLATE')).blocks)).toContain('RecipientRejected');
    expect(messagesIn(slack, 'CLATE')).toHaveLength(1);
  });
});

it.concurrent('refuses to start when Slack is half set, and names the key', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mailmedic-half-'));
  const ended = await tryProductProcess(folder, { MAILMEDIC_SLACK_SIGNING_SECRET: 's' });
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('MAILMEDIC_SLACK_BOT_TOKEN is not') });
  await rm(folder, { recursive: true });
});

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
