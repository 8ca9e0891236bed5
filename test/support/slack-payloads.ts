/** Payloads as Slack sends them, for tests: what is given replaces the usual values. */

let counter = 0;

/** Slack's ids of deliveries are never used twice. */
export function uniqueId(prefix: string): string {
  counter += 1;
  return `${prefix}${process.pid}${String(counter).padStart(6, '0')}`;
}

/** A slash command. */
export function slashCommand(command: string, text = '', over: Record<string, string> = {}): Record<string, string> {
  return {
    token: 'legacy',
    team_id: 'T1',
    team_domain: 'contoso',
    channel_id: 'C1',
    channel_name: 'mail-ops',
    user_id: 'U1',
    user_name: 'kim',
    command,
    text,
    api_app_id: 'A1',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T1/1/x',
    trigger_id: uniqueId('1.2.'),
    ...over,
  };
}

/** An event in its envelope. */
export function eventCallback(event: Record<string, unknown>, over: Record<string, unknown> = {}): object {
  return {
    token: 'legacy',
    team_id: 'T1',
    api_app_id: 'A1',
    type: 'event_callback',
    event_id: uniqueId('Ev'),
    event_time: 1700000000,
    authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true, is_enterprise_install: false }],
    event,
    ...over,
  };
}

/** A mention or a message. */
export function messageEvent(
  type: 'app_mention' | 'message',
  text: string,
  over: Record<string, unknown> = {},
): object {
  const where = type === 'message' ? { channel: 'D1', channel_type: 'im' } : { channel: 'C1' };
  return eventCallback({
    type,
    user: 'U1',
    text,
    ts: '1700000001.000100',
    event_ts: '1700000001.000100',
    ...where,
    ...over,
  });
}

const interaction = (): Record<string, unknown> => ({
  token: 'legacy',
  api_app_id: 'A1',
  team: { id: 'T1', domain: 'contoso' },
  user: { id: 'U1', username: 'kim', name: 'kim', team_id: 'T1' },
  enterprise: null,
  is_enterprise_install: false,
  trigger_id: uniqueId('1.2.'),
});

/** A press of a button, or a choice in an overflow menu. */
export function blockActions(action: Record<string, unknown>, over: Record<string, unknown> = {}): object {
  return {
    ...interaction(),
    type: 'block_actions',
    container: { type: 'message', message_ts: '1700000002.000200', channel_id: 'C1', is_ephemeral: false },
    channel: { id: 'C1', name: 'mail-ops' },
    message: { type: 'message', ts: '1700000002.000200', text: 'card' },
    state: { values: {} },
    response_url: 'https://hooks.slack.com/actions/T1/1/x',
    actions: [{ block_id: 'b', action_ts: '1700000003.0', type: 'button', ...action }],
    ...over,
  };
}

/** The shortcut in the menu of a message. */
export function messageShortcut(message: Record<string, unknown>, over: Record<string, unknown> = {}): object {
  return {
    ...interaction(),
    type: 'message_action',
    callback_id: 'parse_with_mailmedic',
    action_ts: '1700000004.0',
    message_ts: '1700000001.000100',
    channel: { id: 'C1', name: 'mail-ops' },
    message: { type: 'message', user: 'U2', ts: '1700000001.000100', text: '', ...message },
    response_url: 'https://hooks.slack.com/app/T1/1/x',
    ...over,
  };
}

/** A submitted form. */
export function viewSubmission(
  command: string,
  values: Record<string, Record<string, unknown>>,
  privateMetadata: string,
  over: Record<string, unknown> = {},
): object {
  return {
    ...interaction(),
    type: 'view_submission',
    view: {
      id: uniqueId('V'),
      type: 'modal',
      callback_id: `mm:form:${command}`,
      private_metadata: privateMetadata,
      state: { values: Object.fromEntries(Object.entries(values).map(([id, state]) => [id, { [id]: state }])) },
    },
    ...over,
  };
}
