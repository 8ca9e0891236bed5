import { parentPort, workerData } from 'node:worker_threads';
import { type RangeTask, readRange } from './range.ts';

/** Runs in a thread of its own: reads the range of its task and posts progress and result. */
async function run(): Promise<void> {
  if (!parentPort) throw new Error('range-worker runs only as a thread');
  const port = parentPort;
  const cancelled = new AbortController();
  port.once('message', () => cancelled.abort());
  const result = await readRange(workerData as RangeTask, cancelled.signal, (bytes, rows) => {
    port.postMessage({ progress: { bytes, rows } });
  });
  const { messages, recipients } = result.tally.messages;
  const arrays = [...Object.values(messages), ...Object.values(recipients)];
  port.postMessage(
    { result },
    arrays.map(({ buffer }) => buffer),
  );
  port.close();
}

await run();
