import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CertificateMemory, memoryOf } from '../../src/probe/tls/certificate-memory.ts';
import { leaveNamesToUs, type TlsFacts, tlsFacts } from '../../src/probe/tls/tls-facts.ts';
import { type Authority, createAuthority, type Identity, selfSigned } from '../support/certificates.ts';

const NAME = 'mx1.contoso.example';

let root: Authority;
let intermediate: Authority;
let other: Authority;
let first: Identity;
let server: tls.Server;
let context: tls.SecureContext;

beforeAll(async () => {
  root = await createAuthority('Memory root');
  intermediate = await root.intermediate('Memory intermediate');
  other = await createAuthority('Nobody knows');
  first = withChain(await intermediate.issue({ names: [NAME] }), intermediate.cert);
  context = tls.createSecureContext({ ca: [root.cert] });
  server = tls.createServer(first, (socket) => socket.on('error', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

function withChain({ cert, key }: Identity, ...above: string[]): Identity {
  return { cert: [cert, ...above].join('\n'), key };
}

/** The facts of one handshake; the server shows `identity` from here on. */
async function meet(memory: CertificateMemory, identity: Identity): Promise<TlsFacts> {
  server.setSecureContext(identity);
  const { port } = server.address() as AddressInfo;
  const socket = tls.connect({ port, servername: NAME, secureContext: context, rejectUnauthorized: false });
  leaveNamesToUs(socket);
  await once(socket, 'secureConnect');
  const facts = tlsFacts(socket, { name: 'one', memory });
  socket.destroy();
  return facts;
}

const subjects = ({ chain }: TlsFacts): string[] => chain.map(({ subject }) => subject);
const WHOLE = [NAME, 'Memory intermediate', 'Memory root'];

describe('what is remembered of certificates', () => {
  test('the same certificates give the same chain, which is not read again', async () => {
    const memory = new CertificateMemory();
    const once = await meet(memory, first);
    const again = await meet(memory, first);
    expect(subjects(once)).toEqual(WHOLE);
    expect(again.trusted).toBe(true);
    expect(again.chain).toBe(once.chain);
  });

  test('a renewed certificate is seen at once, and its whole chain the next time', async () => {
    const memory = new CertificateMemory();
    const before = await meet(memory, first);
    const renewed = withChain(await intermediate.issue({ names: [NAME], toDays: 30 }), intermediate.cert);
    const after = await meet(memory, renewed);
    expect(after.chain[0]?.sha256).not.toBe(before.chain[0]?.sha256);
    expect(after.chain[0]?.validTo).not.toEqual(before.chain[0]?.validTo);
    expect(subjects(after)).toEqual(WHOLE.slice(0, 2));
    expect(subjects(await meet(memory, renewed))).toEqual(WHOLE);
  });

  test('the same leaf with another chain behind it is another chain', async () => {
    const memory = new CertificateMemory();
    const known = await meet(memory, first);
    const longer = await meet(memory, { cert: `${first.cert}\n${root.cert}`, key: first.key });
    expect(longer.chain).not.toBe(known.chain);
    expect(subjects(longer)).toEqual(WHOLE);
  });

  test('a handshake that does not verify is read anew, whatever is remembered', async () => {
    const memory = new CertificateMemory();
    await meet(memory, first);
    const bare = await meet(memory, { cert: first.cert.split('\n-----BEGIN')[0] ?? '', key: first.key });
    expect(bare).toMatchObject({ trusted: false, trustError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(subjects(bare)).toEqual([NAME]);
    const foreign = await meet(memory, await other.issue({ names: [NAME] }));
    expect(foreign.trusted).toBe(false);
    expect(foreign.chain[0]?.issuer).toBe('Nobody knows');
    const own = await meet(memory, await selfSigned({ names: [NAME] }));
    expect(own.trustError).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  test('a name that does not fit is no matter of trust', async () => {
    const facts = await meet(new CertificateMemory(), await root.issue({ names: ['other.example'] }));
    expect(facts).toMatchObject({ trusted: true, trustError: null });
    expect(facts.chain[0]?.altNames).toEqual(['DNS:other.example']);
  });

  test('each context has its own memory, of bounded size', () => {
    const memory = memoryOf(context);
    expect(memoryOf(context)).toBe(memory);
    expect(memoryOf(tls.createSecureContext())).not.toBe(memory);
    for (let at = 0; at < 1005; at += 1) {
      memory.keep(`endpoint ${at}`, { sent: String(at), chain: [] });
      memory.recall('endpoint 0');
    }
    const kept = Array.from({ length: 1005 }, (_, at) => at).filter((at) => memory.recall(`endpoint ${at}`));
    expect(kept).toHaveLength(1000);
    expect(kept).toContain(0);
    expect(kept).not.toContain(1);
  });
});
