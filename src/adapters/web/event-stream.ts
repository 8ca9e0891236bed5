import type { Request, Response } from 'express';
import type { EventLog, LoggedEvent } from './event-log.ts';

const HEARTBEAT_MS = 15_000;
/** A reader this far behind is cut off; it comes back with Last-Event-ID. */
const MAX_UNSENT_BYTES = 4_000_000;
const MAX_STREAMS = 40;

/** The open server-sent event streams of the channel. */
export interface EventStreams {
  /** Answers one `GET /api/events`. */
  open(request: Request, response: Response): void;
  closeAll(): void;
}

/**
 * Server-sent events (WHATWG HTML, section 9.2). A stream starts after `Last-Event-ID`, or after the query's `after` on
 * the first connection; an id that is no longer known is answered with one `reset` event.
 */
export function createEventStreams(log: EventLog): EventStreams {
  const closers = new Set<() => void>();

  function open(request: Request, response: Response): void {
    if (closers.size >= MAX_STREAMS) {
      response.status(503).json({ error: 'Too many open pages. Close one and reload.' });
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.write('retry: 1000\n\n');

    const write = (event: LoggedEvent): void => {
      response.write(`id: ${event.id}\nevent: ${event.name}\ndata: ${event.data}\n\n`);
      if (response.writableLength > MAX_UNSENT_BYTES) response.destroy();
    };
    const from = request.get('last-event-id') ?? queryText(request.query.after);
    const missed = from === undefined ? [] : log.after(from);
    if (missed === undefined) write({ id: log.lastId(), name: 'reset', data: '{}' });
    else for (const event of missed) write(event);

    const stopListening = log.listen(write);
    const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS).unref();
    const close = (): void => {
      clearInterval(heartbeat);
      stopListening();
      closers.delete(close);
      response.end();
    };
    closers.add(close);
    response.on('close', close);
  }

  return {
    open,
    closeAll: () => {
      for (const close of [...closers]) close();
    },
  };
}

function queryText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 100 ? value : undefined;
}
