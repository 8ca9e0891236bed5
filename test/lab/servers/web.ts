import { once } from 'node:events';
import https from 'node:https';
import type { Placed, WebSpec } from './server.ts';

/** What an MTA-STS policy host serves; everything has a sound default. */
export interface PolicyOptions {
  mode?: 'enforce' | 'testing' | 'none';
  mx?: readonly string[];
  maxAgeS?: number;
  status?: number;
  headers?: Record<string, string>;
  /** Instead of a policy. */
  body?: string;
}

/** A policy host (RFC 8461 3.3); its MX patterns are relative to nothing: give full names. */
export function policyHost(policy: (domain: string) => PolicyOptions, more: Partial<WebSpec> = {}): WebSpec {
  return {
    kind: 'web',
    port: 443,
    certificate: {},
    answer: (request, response) => {
      const domain = (request.headers.host ?? '').replace(/^mta-sts\./, '').replace(/:\d+$/, '');
      const { status = 200, headers = { 'content-type': 'text/plain' }, body, ...options } = policy(domain);
      const found = request.url === '/.well-known/mta-sts.txt';
      response.writeHead(found ? status : 404, headers).end(body ?? policyText(options));
    },
    ...more,
  };
}

function policyText({ mode = 'enforce', mx = [], maxAgeS = 604_800 }: PolicyOptions): string {
  const lines = ['version: STSv1', `mode: ${mode}`, ...mx.map((host) => `mx: ${host}`), `max_age: ${maxAgeS}`];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Starts it on its own address. */
export async function startWeb({ spec, place }: Placed<WebSpec>): Promise<https.Server> {
  const { cert, key } = place.issued ?? {};
  const server = https.createServer({ ...(cert && { cert }), ...(key && { key }) }, spec.answer);
  // A client that does not trust the certificate only goes away.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.listen({ host: place.ip, port: spec.port ?? 443 });
  await once(server, 'listening');
  return server;
}
