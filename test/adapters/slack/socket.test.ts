import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackAdapter, type SlackAdapter } from '../../../src/adapters/slack/slack-adapter.ts';
import { silentLogger } from '../../../src/log.ts';
import { SLASH_COMMANDS } from '../../support/slack-harness.ts';
import {
  blockActions,
  messageEvent,
  messageShortcut,
  slashCommand,
  viewSubmission,
} from '../../support/slack-payloads.ts';
import { createSlackRecorder, type SlackRecorder } from '../../support/slack-recorder.ts';
import { APP_TOKEN, BOT_TOKEN, type SlackWebApi, startSlackWebApi } from '../../support/slack-web-api.ts';

const card = { kind: 'probe', state: 'ok', title: 'contoso.example receives mail' } as const;

let api: SlackWebApi;
let handler: SlackRecorder;
let adapter: SlackAdapter;

async function connect(appToken = APP_TOKEN): Promise<void> {
  adapter = await createSlackAdapter({
    config: { botToken: BOT_TOKEN, appToken, apiUrl: api.apiUrl },
    handler,
    logger: silentLogger(),
    commands: SLASH_COMMANDS,
  });
  await adapter.start();
}

beforeEach(async () => {
  api = await startSlackWebApi();
  handler = createSlackRecorder(async ({ port, place }) => void (await port.post(place, { card })));
});
afterEach(async () => {
  await adapter.stop();
  await api.close();
});

describe('Socket Mode', () => {
  it('acknowledges a command, then answers it', async () => {
    await connect();
    expect(adapter.health()).toBe('ok');
    const socket = await api.sockets.connection(1);
    expect(await socket.deliver('slash_commands', slashCommand('/probe', 'contoso.example'))).toEqual({});
    const [post] = await api.waitFor('chat.postMessage');
    expect(post?.args.channel).toBe('C1');
    expect(handler.commands[0]).toMatchObject({ line: '/probe contoso.example', user: { id: 'U1' } });
  });

  it('takes presses, shortcuts, forms and mentions', async () => {
    await connect();
    const socket = await api.sockets.connection(1);
    await socket.deliver('interactive', blockActions({ action_id: 'mm:run:0', value: 'v' }));
    await socket.deliver('interactive', messageShortcut({ text: '550 5.1.1' }));
    await socket.deliver('interactive', viewSubmission('probe', { target: { value: 'contoso.example' } }, ''));
    await socket.deliver('events_api', messageEvent('app_mention', '<@UBOT> probe contoso.example'));
    await handler.took(4);
    expect(handler.presses).toHaveLength(1);
    expect(handler.forms[0]?.values).toEqual({ target: 'contoso.example' });
    expect(handler.commands.map(({ line }) => line)).toEqual(['/diagnose 550 5.1.1', 'probe contoso.example']);
  });

  it('answers an unknown command in the acknowledgement', async () => {
    await connect();
    const socket = await api.sockets.connection(1);
    const answer = await socket.deliver('slash_commands', slashCommand('/pear', ''));
    expect(answer).toMatchObject({ response_type: 'ephemeral', text: expect.stringContaining('Did you mean /peer?') });
  });

  it('does the work of a repeated event once', async () => {
    await connect();
    const socket = await api.sockets.connection(1);
    const event = messageEvent('message', 'probe contoso.example');
    await socket.deliver('events_api', event);
    await socket.deliver('events_api', event);
    await socket.deliver('slash_commands', slashCommand('/peer', '192.0.2.1'));
    await handler.took(2);
    expect(handler.commands.map(({ line }) => line)).toEqual(['probe contoso.example', '/peer 192.0.2.1']);
  });

  it.each(['disconnect', 'cut'] as const)('connects again at once after %s', async (how) => {
    await connect();
    (await api.sockets.connection(1))[how]();
    const started = performance.now();
    const second = await api.sockets.connection(2);
    expect(performance.now() - started).toBeLessThan(3000);
    await second.deliver('slash_commands', slashCommand('/probe', 'contoso.example'));
    await handler.took(1);
    expect(adapter.health()).toBe('ok');
  });

  it('keeps trying while Slack refuses new connections', async () => {
    await connect();
    api.failNext('apps.connections.open', { status: 500 }, { error: 'internal_error' });
    (await api.sockets.connection(1)).cut();
    await api.sockets.connection(2);
    expect(api.callsOf('apps.connections.open').length).toBeGreaterThanOrEqual(4);
  });

  it('keeps trying while the sockets themselves break off', async () => {
    api.sockets.refuse = 2;
    await connect();
    const socket = await api.sockets.connection(1);
    await socket.deliver('slash_commands', slashCommand('/probe', 'contoso.example'));
    await handler.took(1);
    expect(api.callsOf('apps.connections.open')).toHaveLength(3);
  });

  it('starts while Slack cannot be reached, and connects when it can', async () => {
    api.failNext('apps.connections.open', { status: 503 });
    await connect();
    expect(adapter.health()).toBe('Socket Mode is not connected');
    await api.sockets.connection(1);
  });

  it.each([
    '{',
    'null',
    '[]',
    '{"type":"events_api"}',
    '{"type":"events_api","payload":{}}',
    '{"type":"events_api","payload":{"event":{"type":null}}}',
    '{"type":"slash_commands","payload":null}',
    '{"type":"slash_commands","payload":{}}',
    '{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions","actions":[{}]}}',
    '{"type":"x","payload":{"event":null}}',
    Buffer.from([0, 255]),
  ])('survives the frame %j', async (frame) => {
    await connect();
    const socket = await api.sockets.connection(1);
    socket.raw(frame);
    await socket.deliver('slash_commands', slashCommand('/probe', 'contoso.example'));
    await handler.took(1);
    expect(handler.commands).toHaveLength(1);
  });

  it('names the key when Slack refuses the app token', async () => {
    await expect(connect('xapp-wrong')).rejects.toThrow(/MAILMEDIC_SLACK_APP_TOKEN \(invalid_auth\)/);
  });

  it('names the key when Slack refuses the bot token', async () => {
    api.failNext('auth.test', { error: 'token_revoked' });
    await expect(connect()).rejects.toThrow(/MAILMEDIC_SLACK_BOT_TOKEN \(token_revoked\)/);
  });

  it('stops quietly and does not come back', async () => {
    await connect();
    await api.sockets.connection(1);
    const started = performance.now();
    await adapter.stop();
    expect(performance.now() - started).toBeLessThan(1500);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(api.callsOf('apps.connections.open')).toHaveLength(1);
    expect(adapter.health()).toBe('Socket Mode is not connected');
  });
});

describe('configuration', () => {
  it('needs the web server for a signing secret alone', async () => {
    await connect();
    const config = { botToken: BOT_TOKEN, signingSecret: 's' };
    const options = { config, handler, logger: silentLogger(), commands: SLASH_COMMANDS };
    await expect(createSlackAdapter(options)).rejects.toThrow(/needs the web server/);
    await expect(createSlackAdapter({ ...options, config: {} })).rejects.toThrow(/not configured/);
  });
});
