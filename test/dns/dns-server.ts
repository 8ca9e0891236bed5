import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import packet from 'dns-packet';

/** What the server says to one question: records, a code, nothing at all, or bytes that are no answer. */
export type Say =
  | { answers: packet.Answer[] }
  | { rcode: 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'FORMERR' }
  | { silence: true }
  | { bytes: Buffer };

const RCODES = { FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

/** A UDP name server on loopback that says what it is told; `checked`: the asker wants signatures checked (no CD bit). */
export async function startDnsServer(say: (type: string, name: string, checked: boolean) => Say) {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (message, peer) => {
    asked += 1;
    const query = packet.decode(message);
    const question = query.questions?.[0];
    const checked = ((query.flags ?? 0) & packet.CHECKING_DISABLED) === 0;
    const answer = say(question?.type ?? '', question?.name ?? '', checked);
    if ('silence' in answer) return;
    const base = { type: 'response' as const, id: query.id ?? 0, questions: query.questions ?? [] };
    const bytes =
      'bytes' in answer
        ? answer.bytes
        : 'rcode' in answer
          ? packet.encode({ ...base, flags: packet.RECURSION_AVAILABLE | RCODES[answer.rcode] })
          : packet.encode({ ...base, flags: packet.RECURSION_AVAILABLE, answers: answer.answers });
    socket.send(bytes, peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    get asked() {
      return asked;
    },
    close: () => new Promise<void>((resolve) => void socket.close(() => resolve())),
  };
}
