import { request } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { connectFault } from './https-fault.ts';
import { quoted } from './remote-text.ts';

/** The body of an answer with status 200. */
export interface HttpText {
  /** Media type in lower case without its parameters; empty when there is none. */
  mediaType: string;
  text: string;
}

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Gets a text of at most 64 KB over a connection that stands, and closes it; or says what is wrong. Redirects are not
 * followed (RFC 8461 3.3). The caller ends the wait by aborting `signal`.
 */
export function getText(
  socket: TLSSocket,
  host: string,
  path: string,
  signal: AbortSignal,
): Promise<HttpText | { fault: string }> {
  return new Promise((resolve) => {
    let answered = false;
    const finish = (result: HttpText | { fault: string }): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => finish({ fault: 'does not send its answer in time' });
    signal.addEventListener('abort', onAbort, { once: true });
    // The time may have run out with the handshake; then nothing would end the wait.
    if (signal.aborted) return onAbort();
    const headers = { host, accept: 'text/plain', 'user-agent': 'mailmedic', connection: 'close' };
    const asked = request({ createConnection: () => socket, host, path, headers });
    asked.on('error', (error) => finish({ fault: connectFault(error, true) }));
    asked.on('close', () => {
      if (!answered) finish({ fault: 'closes the connection without an answer' });
    });
    asked.on('response', (response) => {
      answered = true;
      const { statusCode = 0, headers: given } = response;
      if (statusCode !== 200) return finish({ fault: statusFault(statusCode, given.location) });
      const chunks: Buffer[] = [];
      let held = 0;
      response.on('data', (chunk: Buffer) => {
        held += chunk.length;
        chunks.push(chunk);
        if (held > MAX_BODY_BYTES) finish({ fault: 'sends more than 64 KB' });
      });
      response.on('error', () => finish({ fault: 'breaks off in the middle of its answer' }));
      response.on('end', () => {
        const [mediaType = ''] = (given['content-type'] ?? '').split(';');
        finish({ mediaType: mediaType.trim().toLowerCase(), text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    asked.end();
  });
}

function statusFault(status: number, location: string | undefined): string {
  if (status < 300 || status > 399) return `answers with HTTP status ${status}`;
  const to = location === undefined ? '' : ` to ${quoted(location)}`;
  return `redirects${to} (HTTP status ${status}), which senders do not follow`;
}
