import { once } from 'node:events';
import net from 'node:net';

/** Port of the policy service; the path of the address is not part of the protocol, so each delay has a port of its own. */
export const GREYLIST_PORTS = { passesSoon: 10_023, neverPasses: 10_024 } as const;

/** How long a new triplet is put off. */
const PASSES_AFTER_MS = 2000;

/**
 * Greylisting for Postfix over its policy delegation protocol (SMTPD_POLICY_README): the first try of a client, sender
 * and recipient is put off, with the words of postgrey.
 */
export async function startPolicyServices(host: string): Promise<net.Server[]> {
  return Promise.all([
    startGreylist(host, GREYLIST_PORTS.passesSoon, PASSES_AFTER_MS),
    startGreylist(host, GREYLIST_PORTS.neverPasses, Number.POSITIVE_INFINITY),
  ]);
}

async function startGreylist(host: string, port: number, afterMs: number): Promise<net.Server> {
  const firstSeen = new Map<string, number>();
  const server = net.createServer((socket) => {
    let buffer = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      buffer += data.toString('latin1');
      for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
        const request = Object.fromEntries(buffer.slice(0, end).split('\n').map(keyAndValue));
        buffer = buffer.slice(end + 2);
        const triplet = `${request.client_address} ${request.sender} ${request.recipient}`;
        const seen = firstSeen.get(triplet) ?? Date.now();
        firstSeen.set(triplet, seen);
        const passes = Date.now() - seen >= afterMs;
        socket.write(`action=${passes ? 'DUNNO' : 'DEFER_IF_PERMIT Greylisted, see http://postgrey.example/help'}\n\n`);
      }
    });
  });
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}

function keyAndValue(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
