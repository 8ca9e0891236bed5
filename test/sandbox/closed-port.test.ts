import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { holdClosedPort } from '../../src/sandbox/closed-port.ts';
import { openClient } from './raw-client.ts';

it('holds a port that refuses and that nobody else can take', async () => {
  const closed = await holdClosedPort();
  for (let round = 0; round < 20; round += 1) {
    await expect(openClient({ host: '127.0.0.1', port: closed.port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
  const taken = createServer();
  const code = await new Promise((resolve) => {
    taken.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    taken.listen(closed.port, '127.0.0.1', () => resolve('listening'));
  });
  taken.close();
  expect(code).toBe('EADDRINUSE');
  await closed.release();
});
