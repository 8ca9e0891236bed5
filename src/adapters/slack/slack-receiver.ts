import type { App } from '@slack/bolt';

/** One way for Slack's payloads to come in, as Bolt's Receiver with a word on how it is. */
export interface SlackReceiver {
  init(app: App): void;
  /** @throws UserError when it can never work as it is configured. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** `ok`, or what is wrong. */
  health(): string;
}

/** Several receivers as the one that a Bolt app has. */
export function joinReceivers(receivers: readonly SlackReceiver[]): SlackReceiver {
  return {
    init: (app) => {
      const patient = acknowledgeLast(app);
      for (const receiver of receivers) receiver.init(patient);
    },
    start: async () => {
      for (const receiver of receivers) await receiver.start();
    },
    stop: async () => {
      await Promise.all(receivers.map((receiver) => receiver.stop()));
    },
    health: () => {
      // An app uses one way at a time: the other one may well be idle.
      const states = receivers.map((receiver) => receiver.health());
      return states.includes('ok') ? 'ok' : states.join('; ');
    },
  };
}

/**
 * The app with acknowledgements that leave after the listeners: Bolt acknowledges an event before they run, and a
 * command when they say so, but what is acknowledged must be kept first.
 */
function acknowledgeLast(app: App): App {
  async function processEvent(event: Parameters<App['processEvent']>[0]): Promise<void> {
    let acknowledge: (() => Promise<void>) | undefined;
    await app.processEvent({
      ...event,
      ack: async (answer) => {
        acknowledge ??= () => event.ack(answer);
      },
    });
    await acknowledge?.();
  }
  return Object.create(app, { processEvent: { value: processEvent } });
}
