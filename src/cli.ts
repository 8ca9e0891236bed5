#!/usr/bin/env node
import { createServices } from './services.ts';
import { processTerminal } from './terminal/print.ts';
import { runCli } from './terminal/run-cli.ts';

const controller = new AbortController();
process.once('SIGINT', () => {
  controller.abort();
  process.once('SIGINT', () => process.exit(130));
});
// A reader that went away (`mailmedic … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

/** Sockets get so long to close in good order; look-ups that nobody waits for any more would hold the process far longer. */
const LEAVE_MS = 300;
const LEAVE_CANCELLED_MS = 50;

const status = await runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  env: process.env,
  createServices,
  serve: async (config) => {
    const { serve } = await import('./app.ts');
    await serve(config);
  },
  signal: controller.signal,
});
process.exitCode = status;
// The callback comes when everything before it is out.
process.stdout.write('', () => {
  setTimeout(() => process.exit(status), controller.signal.aborted ? LEAVE_CANCELLED_MS : LEAVE_MS).unref();
});
