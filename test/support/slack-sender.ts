import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

/** What came back. */
export interface SentAnswer {
  status: number;
  body: string;
  ms: number;
}

/** How a request is to differ from what Slack sends. */
export interface SendOptions {
  /** Unix time of the signature, in seconds. */
  timestamp?: number | string;
  secret?: string;
  signature?: string;
  contentType?: string;
  headers?: Record<string, string>;
}

/** Sends signed requests over kept-alive connections, as Slack does. */
export interface SlackSender {
  command(fields: Record<string, string>, options?: SendOptions): Promise<SentAnswer>;
  interaction(payload: object, options?: SendOptions): Promise<SentAnswer>;
  event(payload: object, options?: SendOptions): Promise<SentAnswer>;
  raw(body: string | Buffer, options?: SendOptions): Promise<SentAnswer>;
  close(): void;
}

const FORM = 'application/x-www-form-urlencoded';

/** The signature written apart from the product's own code, after Slack's documentation. */
export function signSlack(secret: string, timestamp: string, body: string | Buffer): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}

/** A sender to one address. */
export function createSlackSender(url: string, secret: string): SlackSender {
  const agent = new Agent({ keepAlive: true });

  function raw(body: string | Buffer, options: SendOptions = {}): Promise<SentAnswer> {
    const timestamp = String(options.timestamp ?? Math.floor(Date.now() / 1000));
    const headers: Record<string, string> = {
      'content-type': options.contentType ?? FORM,
      'content-length': String(Buffer.byteLength(body)),
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': options.signature ?? signSlack(options.secret ?? secret, timestamp, body),
      ...options.headers,
    };
    return new Promise((resolve, reject) => {
      const started = performance.now();
      const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: text, ms: performance.now() - started });
        });
        response.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  return {
    raw,
    command: (fields, options) => raw(new URLSearchParams(fields).toString(), options),
    interaction: (payload, options) =>
      raw(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), options),
    event: (payload, options) => raw(JSON.stringify(payload), { contentType: 'application/json', ...options }),
    close: () => agent.destroy(),
  };
}
