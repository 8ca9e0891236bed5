import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import type { Identity } from '../support/certificates.ts';

/** The domain whose policy the tests ask for. */
export const DOMAIN = 'contoso.example';
export const HOST = `mta-sts.${DOMAIN}`;

export const POLICY =
  'version: STSv1\nmode: enforce\nmx: mx1.contoso.example\nmx: *.mail.contoso.example\nmax_age: 604800\n';

/** Serves the text as a policy file should be. */
export function serve(text: string, headers: Record<string, string> = {}, status = 200): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers });
    response.end(text);
  };
}

/** A real HTTPS server on loopback. `requests` holds what it was asked: host, path and the name of SNI. */
export async function startPolicyHost(identity: Identity, listener: RequestListener, options: TlsOptions = {}) {
  const requests: { host: string | undefined; path: string | undefined; servername: unknown }[] = [];
  const sockets = new Set<Duplex>();
  const server: Server = createServer({ ...identity, ...options }, (request, response) => {
    const { servername } = request.socket as unknown as { servername: unknown };
    requests.push({ host: request.headers.host, path: request.url, servername });
    listener(request, response);
  });
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections;
    },
    /** Connections that are open now. */
    get open() {
      return sockets.size;
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
