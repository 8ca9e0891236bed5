import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { App, HTTPReceiver } from '@slack/bolt';
import express from 'express';
import { createSlackAdapter } from '../../src/adapters/slack/slack-adapter.ts';
import { silentLogger } from '../../src/log.ts';
import { slashCommand } from '../support/slack-payloads.ts';
import { createSlackRecorder } from '../support/slack-recorder.ts';
import { createSlackSender, type SlackSender } from '../support/slack-sender.ts';
import { BOT_TOKEN, startSlackWebApi } from '../support/slack-web-api.ts';

/**
 * `npm run bench:ack`: how long a slash command waits for its acknowledgement, from us (with a handler that posts a card
 * and edits it) and from an empty Bolt handler. Each, and the loopback Slack, runs in a process of its own; seconds at 100
 * requests alternate between the two. What counts is the ratio: absolute times mean nothing on a shared machine.
 */
const PER_SECOND = 100;
const ROUNDS = 10;
/** Enough for the compiler to settle: a bot runs for months. */
const WARM_UP = 500;
const SECRET = 'bench-signing-secret';

/** Longer than the run, so that no server closes a connection just as a request goes out on it. */
const KEEP_ALIVE_MS = 120_000;

const ROLES = { slack: serveSlack, mailmedic: serveOurs, 'empty Bolt handler': serveEmpty };
type Role = keyof typeof ROLES;

/** Slack's Web API; what a child tells its parent is where it listens. */
async function serveSlack(): Promise<string> {
  const api = await startSlackWebApi();
  process.on('message', () => process.send?.(api.callsOf('chat.update').length));
  return api.apiUrl;
}

/** mailmedic's adapter, whose handler posts an answer and edits it once. */
async function serveOurs(apiUrl: string): Promise<string> {
  const card = { kind: 'probe', state: 'running', title: 'contoso.example' } as const;
  const handler = createSlackRecorder(async ({ port, place, kept }) => {
    kept?.();
    const ref = await port.post(place, { card });
    await port.edit(ref, { card: { ...card, state: 'ok', title: 'contoso.example receives mail' } });
  });
  const app = express();
  const adapter = await createSlackAdapter({
    config: { botToken: BOT_TOKEN, signingSecret: SECRET, apiUrl },
    handler,
    logger: silentLogger(),
    commands: ['probe'],
    http: { app },
  });
  await adapter.start();
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return addressOf(server);
}

/** The least that a Bolt app can do. */
async function serveEmpty(apiUrl: string): Promise<string> {
  const receiver = new HTTPReceiver({ signingSecret: SECRET, port: 0 });
  const app = new App({ receiver, token: BOT_TOKEN, clientOptions: { slackApiUrl: apiUrl } });
  app.command('/probe', async ({ ack }) => ack());
  return addressOf(await receiver.start(0));
}

function addressOf(server: Server): string {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
}

/** Sends at a fixed rate whatever the answers do, and counts from the moment a request was due. */
async function oneSecond(sender: SlackSender, count: number): Promise<number[]> {
  const started = performance.now();
  const waits = Array.from({ length: count }, async (_, index) => {
    const due = started + (index * 1000) / PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    // A timer may fire a little early.
    const from = Math.min(due, performance.now());
    const answer = await sender.command(slashCommand('/probe', 'contoso.example'));
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    return performance.now() - from;
  });
  return Promise.all(waits);
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function startChild(role: Role, apiUrl = ''): Promise<{ child: ChildProcess; address: string }> {
  const child = fork(fileURLToPath(import.meta.url), [role, apiUrl]);
  const [address] = (await once(child, 'message')) as [string];
  return { child, address };
}

async function measure(): Promise<void> {
  const slack = await startChild('slack');
  const names = ['mailmedic', 'empty Bolt handler'] as const;
  const [ours, empty] = await Promise.all(names.map((name) => startContender(name, slack.address)));
  if (ours === undefined || empty === undefined) return;
  for (const { sender } of [ours, empty]) await oneSecond(sender, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { sender, times } of [ours, empty]) times.push(...(await oneSecond(sender, PER_SECOND)));
  }
  const [mine, bolt] = [summary(ours), summary(empty)];
  const ratio = (of: (one: Summary) => number): string => (of(mine) / of(bolt)).toFixed(2);
  console.log(`ratio p50 ${ratio(({ p50 }) => p50)}   ratio p99 ${ratio(({ p99 }) => p99)} (target at most 1.5)`);
  slack.child.send('count');
  const [posted] = (await once(slack.child, 'message')) as [number];
  console.log(`${posted} answers were posted and edited meanwhile`);
  for (const { sender } of [ours, empty]) sender.close();
  for (const { child } of [ours, empty, slack]) child.kill();
}

interface Contender {
  name: Role;
  child: ChildProcess;
  sender: SlackSender;
  times: number[];
}

async function startContender(name: Role, apiUrl: string): Promise<Contender> {
  const { child, address } = await startChild(name, apiUrl);
  return { name, child, sender: createSlackSender(address, SECRET), times: [] };
}

interface Summary {
  p50: number;
  p99: number;
}

function summary({ name, times }: Contender): Summary {
  times.sort((a, b) => a - b);
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  console.log(`${name.padEnd(20)} ${times.length} requests   p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms`);
  return { p50, p99 };
}

// A child does not outlive its parent, however that ends.
process.on('disconnect', () => process.exit());
const [role, apiUrl] = process.argv.slice(2);
if (role === undefined) await measure();
else process.send?.(await ROLES[role as Role](apiUrl ?? ''));
