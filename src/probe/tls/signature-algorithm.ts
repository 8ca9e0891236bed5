/** Object identifiers of signatures over MD5 and SHA-1 (RFC 3279 2.2, RFC 8017 A.2.4), as DER content in hex. */
const WEAK: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'MD5',
  '2a864886f70d010105': 'SHA-1',
  '2a8648ce3d0401': 'SHA-1',
  '2a8648ce380403': 'SHA-1',
};

/** The broken hash under which a certificate was signed, or undefined. Node 20 does not tell, so the DER is read. */
export function weakSignatureHash(der: Uint8Array): string | undefined {
  // Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { algorithm OID … } … } (RFC 5280 4.1)
  const certificate = readElement(der, 0);
  const tbs = certificate && readElement(der, certificate.start);
  const algorithm = tbs && readElement(der, tbs.end);
  const oid = algorithm && readElement(der, algorithm.start);
  if (oid === undefined || oid.tag !== 0x06) return undefined;
  return WEAK[Buffer.from(der.subarray(oid.start, oid.end)).toString('hex')];
}

interface Element {
  tag: number;
  /** Where the content starts and ends. */
  start: number;
  end: number;
}

/** One DER element at `offset`; undefined when it does not fit, so that odd bytes end the search instead of misleading it. */
function readElement(der: Uint8Array, offset: number): Element | undefined {
  const tag = der[offset];
  const first = der[offset + 1];
  if (tag === undefined || first === undefined) return undefined;
  let start = offset + 2;
  let length = first;
  if (first >= 0x80) {
    const bytes = first & 0x7f;
    if (bytes === 0 || bytes > 4) return undefined;
    length = 0;
    for (let i = 0; i < bytes; i += 1) length = length * 256 + (der[start + i] ?? 0);
    start += bytes;
  }
  const end = start + length;
  return end > der.length ? undefined : { tag, start, end };
}
