import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { marked } from 'marked';
import { errnoOf, UserError } from '../errors.ts';
import { version } from '../package-info.ts';
import { ERROR_TYPES, type ErrorType } from '../vocabulary.ts';

/** The one HTTP server: adapters hang their routes on `app` before `listen` is called. */
export interface HttpServer {
  app: Express;
  /** @returns the address people reach, `http://127.0.0.1:3978`. @throws UserError when the port is taken. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** Where to listen, and what the fixed pages show. */
export interface HttpServerOptions {
  host: string;
  port: number;
  /** State of each part for /healthz; a part that is not `ok` makes the answer a 503. */
  health: () => Record<string, string>;
  renderRunbook: (errorType: ErrorType) => string;
}

/** Serves `/healthz` and `/runbooks/<ErrorType>`; everything else belongs to the adapters. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const app = express();
  app.disable('x-powered-by');
  // Else Express shows whoever sends a broken path where this program lies on the disk.
  app.set('env', 'production');
  app.get('/healthz', (_request, response) => {
    const parts = options.health();
    const healthy = Object.values(parts).every((state) => state === 'ok');
    response.status(healthy ? 200 : 503).json({ status: healthy ? 'ok' : 'degraded', version, parts });
  });
  app.get('/runbooks/:errorType', (request, response) => {
    const errorType = ERROR_TYPES.find((name) => name.toLowerCase() === request.params.errorType.toLowerCase());
    if (errorType === undefined) {
      response.status(404).type('text').send('There is no such runbook.');
      return;
    }
    response.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    response.type('html').send(runbookPage(errorType, options.renderRunbook(errorType)));
  });
  const server = createServer(app);
  return {
    app,
    listen: () => listen(server, options),
    close: () => close(server),
  };
}

function listen(server: Server, { host, port }: HttpServerOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = errnoOf(error) === 'EADDRINUSE';
      reject(
        taken
          ? new UserError(
              `Port ${port} on ${host} is taken. Stop the other program or set MAILMEDIC_HTTP_PORT to a free port.`,
            )
          : error,
      );
    });
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      resolve(`http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Runbooks are our own text, generated from the knowledge base: nothing remote is in them. */
function runbookPage(errorType: ErrorType, markdown: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${errorType} · mailmedic runbook</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  code, pre { font: 14px/1.5 ui-monospace, monospace; }
  pre { padding: .8rem; overflow-x: auto; border: 1px solid #8884; border-radius: 6px; }
  table { border-collapse: collapse; } td, th { border: 1px solid #8884; padding: .3rem .6rem; text-align: left; }
</style></head><body>
${marked.parse(markdown, { async: false })}
</body></html>`;
}
