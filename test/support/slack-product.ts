import { connectSlack } from '../../src/app.ts';
import { startProduct } from './product.ts';
import { createSlackSender, type SlackSender } from './slack-sender.ts';
import { APP_TOKEN, BOT_TOKEN, type SlackWebApi, startSlackWebApi } from './slack-web-api.ts';

export const SIGNING_SECRET = 'loopback-signing-secret';

/** The whole product over the built-in mail world, with a loopback Slack on the other side. */
export interface SlackProduct {
  api: SlackWebApi;
  sender: SlackSender;
  /** Lines that were logged as errors: none is expected, whatever is asked. */
  bugs: string[];
  close(): Promise<void>;
}

/** Over HTTP with a signing secret, or in Socket Mode with an app token. */
export async function startSlackProduct(transport: 'http' | 'socket' = 'http'): Promise<SlackProduct> {
  const api = await startSlackWebApi();
  const { app, bugs, close } = await startProduct(
    {
      MAILMEDIC_SLACK_BOT_TOKEN: BOT_TOKEN,
      MAILMEDIC_SLACK_API_URL: api.apiUrl,
      ...(transport === 'http'
        ? { MAILMEDIC_SLACK_SIGNING_SECRET: SIGNING_SECRET }
        : { MAILMEDIC_SLACK_APP_TOKEN: APP_TOKEN }),
    },
    [connectSlack],
  );
  const sender = createSlackSender(`${app.url}/slack/events`, SIGNING_SECRET);
  return {
    api,
    sender,
    bugs,
    async close() {
      sender.close();
      await close();
      await api.close();
    },
  };
}
