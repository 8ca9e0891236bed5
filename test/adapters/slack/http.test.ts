import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePlace, slackPlace } from '../../../src/adapters/slack/slack-place.ts';
import { SLASH_COMMANDS, type SlackHarness, startSlackHarness } from '../../support/slack-harness.ts';
import {
  blockActions,
  eventCallback,
  messageEvent,
  messageShortcut,
  slashCommand,
  viewSubmission,
} from '../../support/slack-payloads.ts';
import type { SlackSender } from '../../support/slack-sender.ts';

const never = new AbortController().signal;
let slack: SlackHarness;

beforeEach(async () => {
  slack = await startSlackHarness();
});
afterEach(() => slack.close());

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));

describe('slash commands', () => {
  it.each(SLASH_COMMANDS)('hands /%s over with place, person and trigger', async (name) => {
    const fields = slashCommand(`/${name}`, 'contoso.example --json');
    expect(await slack.sender.command(fields)).toMatchObject({ status: 200, body: '' });
    await slack.handler.took(1);
    expect(slack.handler.commands[0]).toMatchObject({
      line: `/${name} contoso.example --json`,
      place: { platform: 'slack', teamId: 'T1', channelId: 'C1', direct: false },
      user: { id: 'U1', name: 'kim' },
      trigger: { triggerId: fields.trigger_id },
      deliveryId: fields.trigger_id,
      port: { platform: 'slack' },
    });
  });

  it.each([
    ['', '/probe'],
    ['a &amp;lt; b &lt;c&gt;', '/probe a &lt; b <c>'],
    ['<mailto:kim@fabrikam.example|kim@fabrikam.example>', '/probe <mailto:kim@fabrikam.example|kim@fabrikam.example>'],
    ['two\nlines', '/probe two\nlines'],
  ])('unescapes entities and leaves the rest to the grammar: %j', async (typed, line) => {
    await slack.sender.command(slashCommand('/probe', typed));
    await slack.handler.took(1);
    expect(slack.handler.commands[0]?.line).toBe(line);
  });

  it('marks direct messages as direct', async () => {
    await slack.sender.command(slashCommand('/peer', '192.0.2.1', { channel_id: 'D1', channel_name: 'directmessage' }));
    await slack.handler.took(1);
    expect(slack.handler.commands[0]?.place).toMatchObject({ channelId: 'D1', direct: true });
  });

  it.each([
    ['a command', (sender: SlackSender) => sender.command(slashCommand('/probe', 'contoso.example'))],
    ['a mention', (sender: SlackSender) => sender.event(messageEvent('app_mention', '<@UBOT> probe contoso.example'))],
  ])('%s is acknowledged when the handler has kept it, before it is done', async (_name, send) => {
    const steps: string[] = [];
    let end = (): void => undefined;
    const holding = await startSlackHarness(async ({ kept }) => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      steps.push('kept');
      kept?.();
      await new Promise<void>((resolve) => {
        end = () => resolve();
      });
    });
    const answer = await send(holding.sender);
    expect(answer.status).toBe(200);
    expect(answer.ms).toBeLessThan(900);
    steps.push('acknowledged');
    end();
    await holding.close();
    expect(steps).toEqual(['kept', 'acknowledged']);
  });

  it('answers an unknown command at once, in private and with the nearest name', async () => {
    const answer = await slack.sender.command(slashCommand('/prob<e', 'contoso.example'));
    expect(answer.status).toBe(200);
    expect(answer.ms).toBeLessThan(1000);
    const body = JSON.parse(answer.body) as { response_type: string; text: string };
    expect(body.response_type).toBe('ephemeral');
    expect(body.text).toContain('"/prob&lt;e"');
    expect(body.text).toContain('Did you mean /probe?');
    expect(slack.handler.commands).toHaveLength(0);
  });

  it('acknowledges before the handler has done anything', async () => {
    await slack.close();
    let release = (): void => undefined;
    const blocked = new Promise<void>((resolve) => {
      release = resolve;
    });
    slack = await startSlackHarness(() => blocked);
    const answer = await slack.sender.command(slashCommand('/probe', 'contoso.example'));
    expect(answer.status).toBe(200);
    await slack.handler.took(1);
    release();
  });

  it('survives a handler that fails', async () => {
    await slack.close();
    slack = await startSlackHarness(() => Promise.reject(new Error('broken')));
    expect((await slack.sender.command(slashCommand('/probe', 'a.example'))).status).toBe(200);
    expect((await slack.sender.command(slashCommand('/probe', 'b.example'))).status).toBe(200);
    await slack.handler.took(2);
  });
});

describe('messages', () => {
  it('takes a mention in a channel and answers in its thread', async () => {
    const event = messageEvent('app_mention', '<@UBOT> probe contoso.example &amp; co');
    expect((await slack.sender.event(event)).status).toBe(200);
    await slack.handler.took(1);
    expect(slack.handler.commands[0]).toMatchObject({
      line: 'probe contoso.example & co',
      place: { channelId: 'C1', threadId: '1700000001.000100', direct: false, extra: { newThread: true } },
      user: { id: 'U1' },
    });
  });

  it('stays in the thread of a mention inside one', async () => {
    await slack.sender.event(
      messageEvent('app_mention', 'hey <@UBOT> peer 192.0.2.7', { thread_ts: '1600000000.000001' }),
    );
    await slack.handler.took(1);
    expect(slack.handler.commands[0]).toMatchObject({
      line: 'peer 192.0.2.7',
      place: { threadId: '1600000000.000001', extra: { userId: 'U1' } },
    });
  });

  it('takes a direct message, with and without a mention', async () => {
    await slack.sender.event(messageEvent('message', '/diagnose 450 4.4.316'));
    await slack.sender.event(messageEvent('message', '<@UBOT> probe contoso.example'));
    await slack.handler.took(2);
    expect(slack.handler.commands.map(({ line }) => line)).toEqual(['/diagnose 450 4.4.316', 'probe contoso.example']);
    expect(slack.handler.commands[0]?.place).toMatchObject({ channelId: 'D1', direct: true });
    expect(slack.handler.commands[0]?.place.threadId).toBeUndefined();
  });

  it.each([
    ['a bot', { bot_id: 'B1' }],
    ['ourselves', { user: 'UBOT' }],
    ['an edit', { subtype: 'message_changed' }],
    ['a channel without mention', { channel: 'C1', channel_type: 'channel' }],
  ])('leaves %s alone', async (_, over) => {
    expect((await slack.sender.event(messageEvent('message', 'probe contoso.example', over))).status).toBe(200);
    await settle();
    expect(slack.handler.commands).toHaveLength(0);
  });

  it.each([
    ['trace.csv', '', '/trace-parse'],
    ['bounce.eml', '', '/diagnose'],
    ['trace.csv', 'please look at this', '/trace-parse'],
    ['trace.csv', '/trace-parse --since 2026-11-01', '/trace-parse --since 2026-11-01'],
  ])('gives the file %s with the words %j to %s', async (name, words, line) => {
    const url = slack.api.addFile({ id: 'F7', name, content: 'date_time_utc,sender\n' });
    const files = [{ id: 'F7', name, size: 21, mimetype: 'text/csv', url_private_download: url }];
    await slack.sender.event(messageEvent('message', words, { subtype: 'file_share', files }));
    await slack.handler.took(1);
    const command = slack.handler.commands[0];
    expect(command?.line).toBe(line);
    expect(command?.files?.[0]).toMatchObject({ name, size: 21 });
    const opened = await command?.files?.[0]?.open(never);
    expect(opened === undefined ? undefined : await text(opened)).toBe('date_time_utc,sender\n');
  });

  it('takes a shared file once, with the message that carries it', async () => {
    const url = slack.api.addFile({ id: 'F8', name: 't.csv', content: 'x' });
    await slack.sender.event(eventCallback({ type: 'file_shared', file_id: 'F8', user_id: 'U1', channel_id: 'D1' }));
    const files = [{ id: 'F8', name: 't.csv', url_private_download: url }];
    await slack.sender.event(messageEvent('message', 'diagnose', { subtype: 'file_share', files }));
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    expect(slack.handler.commands.map(({ line }) => line)).toEqual(['diagnose']);
  });

  it('takes a shared file without a message by its id', async () => {
    slack.api.addFile({ id: 'F9', name: 't.csv', content: 'a,b\n' });
    await slack.sender.event(eventCallback({ type: 'file_shared', file_id: 'F9', user_id: 'U1', channel_id: 'D1' }));
    await slack.handler.took(1);
    const opened = await slack.handler.commands[0]?.files?.[0]?.open(never);
    expect(opened === undefined ? undefined : await text(opened)).toBe('a,b\n');
    expect(slack.api.callsOf('files.info')[0]?.args).toMatchObject({ file: 'F9' });
  });
});

describe('presses', () => {
  it.each([
    ['a button', { action_id: 'mm:run:0', value: '{"v":1}' }],
    ['an overflow menu', { action_id: 'mm:more:0', type: 'overflow', selected_option: { value: '{"v":1}' } }],
  ])('hands over %s with its value and message', async (_, action) => {
    expect(await slack.sender.interaction(blockActions(action))).toMatchObject({ status: 200, body: '' });
    await slack.handler.took(1);
    expect(slack.handler.presses[0]).toMatchObject({
      value: '{"v":1}',
      user: { id: 'U1', name: 'kim' },
      message: { messageId: '1700000002.000200', place: { channelId: 'C1', teamId: 'T1' } },
      trigger: { triggerId: expect.any(String) },
    });
  });

  it('knows the thread of a card and that a card is ephemeral', async () => {
    const container = { type: 'message', message_ts: '1700000002.000200', channel_id: 'C1', is_ephemeral: true };
    const over = { container, message: { ts: '1700000002.000200', thread_ts: '1600000000.1' } };
    await slack.sender.interaction(blockActions({ action_id: 'mm:run:0', value: 'x' }, over));
    await slack.handler.took(1);
    expect(slack.handler.presses[0]?.place).toMatchObject({
      threadId: '1600000000.1',
      extra: { userId: 'U1', ephemeral: true },
    });
  });

  it.each([
    ['a link button', { action_id: 'mm:link:0', value: 'x' }],
    ['a button of another app', { action_id: 'other', value: 'x' }],
    ['a button without value', { action_id: 'mm:run:0' }],
  ])('acknowledges %s and does nothing', async (_, action) => {
    expect((await slack.sender.interaction(blockActions(action))).status).toBe(200);
    await settle();
    expect(slack.handler.presses).toHaveLength(0);
  });
});

describe('the message shortcut', () => {
  it('parses the files of the message in its thread', async () => {
    const url = slack.api.addFile({ id: 'F1', name: 'trace.csv', content: 'rows' });
    const files = [{ id: 'F1', name: 'trace.csv', url_private_download: url }, { mode: 'tombstone' }];
    expect((await slack.sender.interaction(messageShortcut({ files }))).status).toBe(200);
    await slack.handler.took(1);
    const command = slack.handler.commands[0];
    expect(command).toMatchObject({ line: '/trace-parse', place: { channelId: 'C1', threadId: '1700000001.000100' } });
    expect(command?.files).toHaveLength(1);
    expect(command?.trigger).toBeDefined();
  });

  it.each([
    [{ text: '550 5.1.1 &lt;kim@fabrikam.example&gt;' }, '/diagnose 550 5.1.1 <kim@fabrikam.example>'],
    [{ attachments: [{ text: '421 4.4.2' }, { fallback: 'dropped' }] }, '/diagnose 421 4.4.2\ndropped'],
    [{}, '/diagnose'],
  ])('diagnoses the words of %j', async (message, line) => {
    await slack.sender.interaction(messageShortcut(message));
    await slack.handler.took(1);
    expect(slack.handler.commands[0]?.line).toBe(line);
  });
});

describe('forms', () => {
  it('hands over values and files, and answers where the form was opened', async () => {
    const url = slack.api.addFile({ id: 'F2', name: 'trace.csv', content: 'rows' });
    const place = slackPlace({ teamId: 'T1', channelId: 'C9', threadId: '1.2', userId: 'U1' });
    const values = {
      target: { type: 'plain_text_input', value: 'contoso.example' },
      depth: { type: 'static_select', selected_option: { value: 'tls' } },
      note: { type: 'plain_text_input', value: null },
      upload: { type: 'file_input', files: [{ id: 'F2', name: 'trace.csv', url_private_download: url }] },
    };
    const submitted = viewSubmission('trace-parse', values, encodePlace(place));
    expect(await slack.sender.interaction(submitted)).toMatchObject({ status: 200, body: '' });
    await slack.handler.took(1);
    const form = slack.handler.forms[0];
    expect(form).toMatchObject({
      command: 'trace-parse',
      values: { target: 'contoso.example', depth: 'tls' },
      place,
      user: { id: 'U1' },
    });
    expect(Object.keys(form?.values ?? {})).toEqual(['target', 'depth']);
    const opened = await form?.files[0]?.open(never);
    expect(opened === undefined ? undefined : await text(opened)).toBe('rows');
  });

  it('answers in direct messages when the form carries no place', async () => {
    await slack.sender.interaction(viewSubmission('probe', {}, 'not json'));
    await slack.handler.took(1);
    expect(slack.handler.forms[0]?.place).toMatchObject({ channelId: 'U1', direct: true });
  });
});
