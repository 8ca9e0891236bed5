import type { WireHistory, WireSetup } from './wire.ts';

/** The server said no; the message is for the person. */
export class ApiError extends Error {}

/** Marks this tab: forms open only in the tab that asked for them. */
export const CLIENT_ID = crypto.randomUUID();

const TOKEN = document.querySelector<HTMLMetaElement>('meta[name="mailmedic-token"]')?.content ?? '';

/** Commands, names and examples. */
export function fetchSetup(): Promise<WireSetup> {
  return getJson<WireSetup>('/api/setup');
}

/** All messages that the server keeps. */
export function fetchHistory(): Promise<WireHistory> {
  return getJson<WireHistory>('/api/messages');
}

/** Sends a line, with the ids of uploaded files. @throws ApiError */
export function sendCommand(line: string, files: string[], threadId?: string): Promise<void> {
  return post('/api/command', { line, files, client: CLIENT_ID, ...(threadId === undefined ? {} : { threadId }) });
}

/** Sends the value of a pressed button. @throws ApiError */
export function sendPress(messageId: string, value: unknown): Promise<void> {
  return post('/api/press', { messageId, value, client: CLIENT_ID });
}

/** Sends a filled-in form. @throws ApiError */
export function sendForm(formId: string, values: Record<string, string>, files: string[]): Promise<void> {
  return post('/api/form', { formId, values, files });
}

/** Sends a file and tells how far it is (0 to 1). XMLHttpRequest, because fetch does not report upload progress. */
export function uploadFile(file: File, signal: AbortSignal, onProgress: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('x-mailmedic-token', TOKEN);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = (event) => onProgress(event.total === 0 ? 1 : event.loaded / event.total);
    request.onload = () => {
      const answer = parseAnswer(request.responseText);
      if (request.status === 201 && typeof answer.id === 'string') resolve(answer.id);
      else reject(new ApiError(answer.error ?? `The upload failed (${request.status}). Try again.`));
    };
    request.onerror = () => reject(new ApiError('The upload broke off. Is mailmedic still running?'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new ApiError(await errorOf(response));
  return (await response.json()) as T;
}

async function post(path: string, body: unknown): Promise<void> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-mailmedic-token': TOKEN },
      body: JSON.stringify(body),
    });
  } catch (cause) {
    throw new ApiError('The server does not answer. Is mailmedic still running?', { cause });
  }
  if (!response.ok) throw new ApiError(await errorOf(response));
}

async function errorOf(response: Response): Promise<string> {
  return parseAnswer(await response.text()).error ?? `The server answered ${response.status}.`;
}

function parseAnswer(body: string): { id?: string; error?: string } {
  try {
    return JSON.parse(body) as { id?: string; error?: string };
  } catch {
    return { error: body.slice(0, 200) };
  }
}
