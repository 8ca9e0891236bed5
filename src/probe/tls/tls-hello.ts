import { randomBytes } from 'node:crypto';

/** What a server chose in answer to a hello, before any key is agreed on: all of it is in plain text up to TLS 1.2. */
export interface ServerFlight {
  /** `0x0303` is TLS 1.2 (RFC 5246 E.1), `0x0300` SSL 3.0. */
  version: number;
  /** Number of the cipher suite in IANA's registry. */
  cipher: number;
  /** DER, in the order in which they were sent; empty for an anonymous suite. */
  certificates: Buffer[];
}

/** How far the server's answer can be read. */
export type FlightReading =
  | { state: 'more' }
  | { state: 'flight'; flight: ServerFlight }
  /** It says no (RFC 5246 7.2). */
  | { state: 'alert'; code: number }
  /** Not TLS, or more than anybody needs. */
  | { state: 'broken' };

const RECORD = { alert: 21, handshake: 22 } as const;
const MESSAGE = { serverHello: 2, certificate: 11, serverKeyExchange: 12, serverHelloDone: 14 } as const;
const MAX_BYTES = 64 * 1024;
const MAX_CERTIFICATES = 20;

/** A TLS 1.2 ClientHello (RFC 5246 7.4.1.2) that offers these suites, by hand, because OpenSSL no longer has some of them. */
export function clientHello(ciphers: readonly number[], servername: string | undefined): Buffer {
  const extensions = Buffer.concat([
    ...(servername === undefined ? [] : [extension(0, vector16(serverName(servername)))]),
    // x25519, P-256, P-384, P-521.
    extension(10, vector16(numbers16([29, 23, 24, 25]))),
    extension(11, Buffer.from([1, 0])),
    // RSA and ECDSA over SHA-256, 384, 512 and 1, RSA-PSS, RSA over MD5.
    extension(
      13,
      vector16(numbers16([0x0403, 0x0401, 0x0804, 0x0503, 0x0501, 0x0603, 0x0601, 0x0203, 0x0201, 0x0101])),
    ),
    // No renegotiation yet (RFC 5746 3.4).
    extension(0xff01, Buffer.from([0])),
  ]);
  const body = Buffer.concat([
    numbers16([0x0303]),
    randomBytes(32),
    Buffer.from([0]),
    vector16(numbers16(ciphers)),
    Buffer.from([1, 0]),
    vector16(extensions),
  ]);
  const message = Buffer.concat([Buffer.from([1]), number24(body.length), body]);
  // Record version 1.0, as every client sends it for the sake of old servers (RFC 5246 E.1).
  return Buffer.concat([Buffer.from([RECORD.handshake, 3, 1]), vector16(message)]);
}

/** Reads the server's answer as far as its certificates; `bytes` is everything received so far. */
export function readServerFlight(bytes: Buffer): FlightReading {
  const fragments: Buffer[] = [];
  let at = 0;
  while (at + 5 <= bytes.length) {
    const type = bytes.readUInt8(at);
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if ((type !== RECORD.handshake && type !== RECORD.alert) || bytes.readUInt8(at + 1) !== 3) {
      return { state: 'broken' };
    }
    if (end > bytes.length) break;
    if (type === RECORD.alert && end >= at + 7) return { state: 'alert', code: bytes.readUInt8(at + 6) };
    fragments.push(bytes.subarray(at + 5, end));
    at = end;
  }
  const flight = readMessages(Buffer.concat(fragments));
  if (flight !== undefined) return { state: 'flight', flight };
  return { state: bytes.length > MAX_BYTES ? 'broken' : 'more' };
}

/** The flight once it is complete: its certificates have come, or a message that follows where none would. */
function readMessages(data: Buffer): ServerFlight | undefined {
  let chosen: Omit<ServerFlight, 'certificates'> | undefined;
  let at = 0;
  while (at + 4 <= data.length) {
    const type = data.readUInt8(at);
    const end = at + 4 + data.readUIntBE(at + 1, 3);
    if (end > data.length) return undefined;
    const body = data.subarray(at + 4, end);
    if (type === MESSAGE.serverHello) chosen = readHello(body);
    else if (chosen !== undefined && type === MESSAGE.certificate) {
      return { ...chosen, certificates: readCertificates(body) };
    } else if (chosen !== undefined && (type === MESSAGE.serverKeyExchange || type === MESSAGE.serverHelloDone)) {
      return { ...chosen, certificates: [] };
    }
    at = end;
  }
  return undefined;
}

function readHello(body: Buffer): Omit<ServerFlight, 'certificates'> | undefined {
  const session = body[34] ?? 0;
  if (body.length < 37 + session) return undefined;
  return { version: body.readUInt16BE(0), cipher: body.readUInt16BE(35 + session) };
}

function readCertificates(body: Buffer): Buffer[] {
  const certificates: Buffer[] = [];
  let at = 3;
  while (at + 3 <= body.length && certificates.length < MAX_CERTIFICATES) {
    const end = at + 3 + body.readUIntBE(at, 3);
    if (end > body.length) break;
    certificates.push(body.subarray(at + 3, end));
    at = end;
  }
  return certificates;
}

function serverName(name: string): Buffer {
  return Buffer.concat([Buffer.from([0]), vector16(Buffer.from(name, 'latin1'))]);
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([numbers16([type]), vector16(data)]);
}

function vector16(data: Buffer): Buffer {
  return Buffer.concat([numbers16([data.length]), data]);
}

function numbers16(values: readonly number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]));
}

function number24(value: number): Buffer {
  return Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
}
