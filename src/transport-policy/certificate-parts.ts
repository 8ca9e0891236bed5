interface Element {
  tag: number;
  start: number;
  /** Where its contents begin. */
  body: number;
  end: number;
}

const SEQUENCE = 0x30;
const VERSION = 0xa0;
/** Of TBSCertificate (RFC 5280 4.1), behind the optional version: serial, signature, issuer, validity, subject, then the key. */
const FIELDS_BEFORE_KEY = 5;

/**
 * The SubjectPublicKeyInfo of a certificate, byte for byte as it stands there: what TLSA selector 1 speaks of (RFC 6698
 * 2.1.2). A key that OpenSSL reads and writes again may come out differently. Undefined for what is no certificate.
 */
export function publicKeyInfo(der: Buffer): Buffer | undefined {
  const certificate = readElement(der, 0);
  const body = certificate?.tag === SEQUENCE ? readElement(der, certificate.body) : undefined;
  if (body?.tag !== SEQUENCE) return undefined;
  let field = readElement(der, body.body);
  if (field?.tag === VERSION) field = readElement(der, field.end);
  for (let index = 0; index < FIELDS_BEFORE_KEY && field !== undefined; index += 1) {
    field = readElement(der, field.end);
  }
  return field?.tag === SEQUENCE && field.end <= body.end ? der.subarray(field.start, field.end) : undefined;
}

/** The DER element at `start` (X.690 8.1, definite lengths only); undefined when it is not all there. */
function readElement(der: Buffer, start: number): Element | undefined {
  const [tag, first] = der.subarray(start, start + 2);
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const body = start + 2 + lengthBytes;
  if (lengthBytes > 3 || first === 0x80 || body > der.length) return undefined;
  const end = body + (lengthBytes === 0 ? first : der.readUIntBE(start + 2, lengthBytes));
  return end <= der.length ? { tag, start, body, end } : undefined;
}
