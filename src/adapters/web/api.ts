import express, { type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import type { ChatHandler, ChatPort, IncomingFile } from '../../chat/port.ts';
import type { Logger } from '../../log.ts';
import type { Channel } from './channel.ts';
import type { EventLog } from './event-log.ts';
import type { EventStreams } from './event-stream.ts';
import type { FileShelf } from './file-shelf.ts';
import { formComplaint, type OpenForms } from './open-forms.ts';
import type { WireFile, WireHistory, WireSetup } from './page/wire.ts';
import { commandBody, formBody, pressBody } from './requests.ts';
import type { Uploads } from './uploads.ts';
import { LOCAL_PERSON, webPlace } from './web-port.ts';

/** What the API works on. */
export interface ApiParts {
  handler: ChatHandler;
  port: ChatPort;
  channel: Channel;
  forms: OpenForms;
  uploads: Uploads;
  shelf: FileShelf;
  log: EventLog;
  streams: EventStreams;
  setup: WireSetup;
  logger: Logger;
  newId: () => string;
}

/** Reading: the set-up, the history, the stream and files beside answers. */
export function readApi(parts: ApiParts): Router {
  const router = express.Router();
  router.get('/api/setup', (_request, response) => void response.json(parts.setup));
  router.get('/api/messages', (_request, response) => {
    const history: WireHistory = { messages: parts.channel.all(), lastEvent: parts.log.lastId() };
    response.json(history);
  });
  router.get('/api/events', (request, response) => parts.streams.open(request, response));
  router.get('/api/files/:id', (request, response) => {
    const file = parts.shelf.get(request.params.id);
    if (file === undefined) {
      response.status(404).json({ error: 'The file is no longer kept. Run the command again.' });
      return;
    }
    response.attachment(file.name).type('application/octet-stream').send(file.content);
  });
  return router;
}

/** Acting: every request is answered at once; what follows arrives as events. */
export function actApi(parts: ApiParts): Router {
  const { handler, port, channel, forms, logger } = parts;
  const router = express.Router();
  const json = express.json({ limit: '512kb' });

  /** Handlers do not throw by contract; should one, the person's page lives on and the log tells. */
  function start(work: Promise<void>): void {
    work.catch((error: unknown) => logger.error({ err: error }, 'web handler failed'));
  }

  router.post('/api/command', json, (request, response) => {
    const body = checked(commandBody, request, response);
    if (body === undefined) return;
    const root = body.threadId === undefined ? undefined : channel.get(body.threadId);
    const files = findUploads(parts.uploads, body.files);
    if (files === undefined || (body.threadId !== undefined && root === undefined)) {
      response.status(404).json({ error: 'The thread or file is no longer kept. Reload the page.' });
      return;
    }
    const threadId = root === undefined ? undefined : (root.threadId ?? root.id);
    const message = channel.add('posted', {
      author: 'person',
      text: body.line,
      files: files.map((file, index): WireFile => sentFile(file, body.files[index] ?? '')),
      ...(threadId === undefined ? {} : { threadId }),
    });
    response.status(202).json({ messageId: message.id });
    start(
      handler.command({
        port,
        place: webPlace(threadId),
        user: LOCAL_PERSON,
        line: body.line,
        files,
        trigger: { client: body.client },
        deliveryId: message.id,
      }),
    );
  });

  router.post('/api/press', json, (request, response) => {
    const body = checked(pressBody, request, response);
    if (body === undefined) return;
    const message = channel.get(body.messageId);
    if (message === undefined) {
      response.status(404).json({ error: 'The message is no longer kept. Reload the page.' });
      return;
    }
    const place = webPlace(message.threadId);
    response.status(202).json({});
    start(
      handler.press({
        port,
        place,
        user: LOCAL_PERSON,
        value: body.value,
        message: { place, messageId: message.id },
        trigger: { client: body.client },
        deliveryId: parts.newId(),
      }),
    );
  });

  router.post('/api/form', json, (request, response) => {
    const body = checked(formBody, request, response);
    if (body === undefined) return;
    const open = forms.get(body.formId);
    const files = findUploads(parts.uploads, body.files);
    if (open === undefined || files === undefined) {
      response.status(404).json({ error: 'The form is no longer open. Type the command again.' });
      return;
    }
    const complaint = formComplaint(open.form, body.values, files.length);
    if (complaint !== undefined) {
      response.status(422).json({ error: complaint });
      return;
    }
    forms.close(body.formId);
    response.status(202).json({});
    start(
      handler.form({
        port,
        place: open.place,
        user: LOCAL_PERSON,
        command: open.form.command,
        values: body.values,
        files,
        deliveryId: body.formId,
      }),
    );
  });

  router.post('/api/upload', async (request, response) => {
    const name = typeof request.query.name === 'string' ? request.query.name.slice(0, 200) : 'file';
    response.status(201).json(await parts.uploads.receive(name, request));
  });
  return router;
}

function checked<S extends z.ZodType>(schema: S, request: Request, response: Response): z.infer<S> | undefined {
  const result = schema.safeParse(request.body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  response.status(400).json({ error: `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}` });
  return undefined;
}

function findUploads(uploads: Uploads, ids: readonly string[]): (IncomingFile & { size: number })[] | undefined {
  const files = ids.map((id) => uploads.get(id));
  return files.every((file) => file !== undefined) ? files : undefined;
}

function sentFile(file: IncomingFile & { size: number }, id: string): WireFile {
  return { id, name: file.name, title: file.name, size: file.size, sent: true };
}
