import { expect, test } from 'vitest';
import { connectHttps } from '../../src/transport-policy/connect-https.ts';
import { getText } from '../../src/transport-policy/get-text.ts';
import { createAuthority } from '../support/certificates.ts';
import { HOST, startPolicyHost } from './policy-host.ts';

test('time that ran out with the handshake ends the wait for a server that never answers', async () => {
  const ca = await createAuthority('Policy Test Root');
  const host = await startPolicyHost(await ca.issue({ names: [HOST] }), () => undefined);
  try {
    const stop = new AbortController();
    const socket = await connectHttps({ address: '127.0.0.1', port: host.port, host: HOST }, [ca.cert], stop.signal);
    if ('fault' in socket) throw new Error(socket.fault);
    stop.abort();
    expect(await getText(socket, HOST, '/', stop.signal)).toEqual({ fault: 'does not send its answer in time' });
    await expect.poll(() => host.open).toBe(0);
  } finally {
    await host.close();
  }
});
