import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** A call that the bot made to the connector. */
export interface ConnectorCall {
  method: string;
  /** Path with query, as it stood on the wire. */
  url: string;
  authorization: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of several shapes
  body: any;
  at: number;
  /** The id that the message was given; undefined when the call was refused or gave none. */
  answeredId?: string;
}

/** What the connector shall answer to the next calls; below 300 an ordinary 201. */
export interface PlannedFailure {
  status: number;
  headers?: Record<string, string>;
  code?: string;
}

/** Claims and signing of a token that differ from a good one. */
export interface TokenChanges {
  issuer?: string;
  audience?: string;
  expiresIn?: number;
  kid?: string;
  /** Signed with a key that the metadata does not name. */
  forged?: boolean;
  claims?: JWTPayload;
}

/** Microsoft's side on the loopback: OpenID document, keys, Bot Connector and a file store. */
export interface TeamsMicrosoft {
  url: string;
  serviceUrl: string;
  openIdMetadataUrl: string;
  issuer: string;
  calls: ConnectorCall[];
  /** Consumed one a call. */
  failures: PlannedFailure[];
  /** Files by path that the store gives; put here by PUT, too. */
  files: Map<string, { body: Buffer; headers: Record<string, string>; breaksOff?: true }>;
  fileRequests: { method: string; url: string; authorization: string | undefined; range: string | undefined }[];
  /** Makes the OpenID document fail from now on. */
  metadataStatus: number;
  token(appId: string, changes?: TokenChanges): Promise<string>;
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: object;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startTeamsMicrosoft(): Promise<TeamsMicrosoft> {
  const issuer = 'https://api.botframework.com';
  const good = await generateKeyPair('RS256');
  const other = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(good.publicKey)), kid: 'k1', use: 'sig', endorsements: ['msteams'] };
  let next = 0;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, headers = {}, body } = answer(request, Buffer.concat(chunks));
      const json = Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' };
      response.writeHead(status, { ...json, ...headers }).end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
    });
  });

  function answer(request: IncomingMessage, body: Buffer): Answer {
    const url = request.url ?? '';
    const jwksUri = `${microsoft.url}/keys`;
    if (url === '/openid') return { status: microsoft.metadataStatus, body: { issuer, jwks_uri: jwksUri } };
    if (url === '/keys') return { status: 200, body: { keys: [jwk] } };
    return url.startsWith('/files/') ? fileStore(request, url, body) : connector(request, url, body);
  }

  function fileStore(request: IncomingMessage, url: string, body: Buffer): Answer {
    const { authorization, 'content-range': range } = request.headers;
    microsoft.fileRequests.push({ method: request.method ?? '', url, authorization, range });
    if (request.method === 'PUT') {
      microsoft.files.set(url, { body, headers: {} });
      return { status: 201, body: {} };
    }
    const file = microsoft.files.get(url);
    if (file === undefined) return { status: 404, body: {} };
    if (file.breaksOff === true) setTimeout(() => request.socket.destroy(), 50);
    return { status: file.headers.location === undefined ? 200 : 302, headers: file.headers, body: file.body };
  }

  function connector(request: IncomingMessage, url: string, body: Buffer): Answer {
    const { authorization } = request.headers;
    const content = body.length > 0 ? JSON.parse(body.toString()) : undefined;
    const call: ConnectorCall = { method: request.method ?? '', url, authorization, body: content, at: Date.now() };
    microsoft.calls.push(call);
    const failure = microsoft.failures.shift();
    if (failure !== undefined && failure.status >= 300) {
      const error = { code: failure.code ?? 'Trouble' };
      return { status: failure.status, headers: failure.headers ?? {}, body: { error } };
    }
    // As the service does: a removal has no body.
    if (request.method === 'DELETE') return { status: 200, body: Buffer.alloc(0) };
    next += 1;
    call.answeredId = `act-${next}`;
    return { status: 201, body: { id: call.answeredId } };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const microsoft: TeamsMicrosoft = {
    url,
    serviceUrl: `${url}/svc/`,
    openIdMetadataUrl: `${url}/openid`,
    issuer,
    calls: [],
    failures: [],
    files: new Map(),
    fileRequests: [],
    metadataStatus: 200,
    token(appId, changes = {}) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ serviceurl: microsoft.serviceUrl, ...changes.claims })
        .setProtectedHeader({ alg: 'RS256', kid: changes.kid ?? 'k1' })
        .setIssuer(changes.issuer ?? issuer)
        .setAudience(changes.audience ?? appId)
        .setIssuedAt(now - 3600)
        .setExpirationTime(now + (changes.expiresIn ?? 3600))
        .sign(changes.forged ? other.privateKey : good.privateKey);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return microsoft;
}
