import type { ConfigurationBotFrameworkAuthentication } from 'botbuilder';

type ConnectorOptions = NonNullable<ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[4]>;
/** botbuilder's port for sending one HTTP request; its packages are not ours to import, so the type is taken from there. */
type HttpClient = NonNullable<ConnectorOptions['httpClient']>;

const TIMEOUT_MS = 15_000;
const MAX_RESPONSE = 64 * 1024;

/** The connector answered with an HTTP error. */
export class ConnectorError extends Error {
  override name = 'ConnectorError';
  readonly status: number;
  /** From Retry-After, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** `error.code` of the body: `MessageWritesBlocked`, `ConversationBlockedByUser` … */
  readonly code: string | undefined;
  constructor(status: number, options: { retryAfterMs: number | undefined; code: string | undefined }) {
    super(`The Teams connector answered ${status}${options.code === undefined ? '' : ` ${options.code}`}`);
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
    this.code = options.code;
  }
}

/**
 * The HTTP client under botbuilder's connector: one attempt, a deadline, no redirects (they would carry our token
 * elsewhere) and a bounded answer. Errors are thrown as {@link ConnectorError}, which botbuilder's own retry policy
 * lets through at once: it would sleep for any Retry-After it is told, with every later message waiting behind.
 */
export const connectorHttp: HttpClient = {
  async sendRequest(request) {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers.toJson(),
      ...(typeof request.body === 'string' ? { body: request.body } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const bodyAsText = await readBounded(response);
    if (!response.ok) {
      const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), Date.now());
      throw new ConnectorError(response.status, { retryAfterMs, code: errorCode(bodyAsText) });
    }
    const headers = request.headers.clone();
    return { request, status: response.status, headers, bodyAsText };
  },
};

/** Retry-After (RFC 9110, 10.2.3) in milliseconds: seconds or a date. */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes: Uint8Array = chunk;
    size += bytes.length;
    if (size > MAX_RESPONSE) break;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function errorCode(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('error' in value)) return undefined;
    const { error } = value;
    if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
    return typeof error.code === 'string' ? error.code.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
