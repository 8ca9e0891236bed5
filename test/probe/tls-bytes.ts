/** One TLS record (RFC 5246 6.2.1). */
export function record(type: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3, data.length >> 8, data.length & 0xff]), data]);
}

/** A ServerHello that chooses this version and suite (RFC 5246 7.4.1.3). */
export function serverHello(version: number, suite: number): Buffer {
  const choice = [0, suite >> 8, suite & 0xff, 0];
  return message(
    2,
    Buffer.concat([Buffer.from([version >> 8, version & 0xff]), Buffer.alloc(32), Buffer.from(choice)]),
  );
}

/** The Certificate message with these, leaf first (RFC 5246 7.4.2). */
export function certificateMessage(certificates: readonly Buffer[]): Buffer {
  const list = Buffer.concat(certificates.flatMap((der) => [length24(der.length), der]));
  return message(11, Buffer.concat([length24(list.length), list]));
}

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), length24(body.length), body]);
}

function length24(value: number): Buffer {
  return Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
}
