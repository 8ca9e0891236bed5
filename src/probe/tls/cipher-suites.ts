/** Suites that no sender offers any more, by what is wrong with them (IANA TLS Cipher Suites; RFC 7465, RFC 9325 4.1). */
const RETIRED: readonly (readonly [number, string, string])[] = [
  [0x0004, 'TLS_RSA_WITH_RC4_128_MD5', 'RC4'],
  [0x0005, 'TLS_RSA_WITH_RC4_128_SHA', 'RC4'],
  [0xc007, 'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA', 'RC4'],
  [0xc011, 'TLS_ECDHE_RSA_WITH_RC4_128_SHA', 'RC4'],
  [0x000a, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', '3DES'],
  [0x0016, 'TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA', '3DES'],
  [0xc008, 'TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA', '3DES'],
  [0xc012, 'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', '3DES'],
  [0x0009, 'TLS_RSA_WITH_DES_CBC_SHA', 'DES'],
  [0x0015, 'TLS_DHE_RSA_WITH_DES_CBC_SHA', 'DES'],
  [0x0003, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5', 'export ciphers'],
  [0x0006, 'TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5', 'export ciphers'],
  [0x0008, 'TLS_RSA_EXPORT_WITH_DES40_CBC_SHA', 'export ciphers'],
  [0x0001, 'TLS_RSA_WITH_NULL_MD5', 'ciphers that do not encrypt'],
  [0x0002, 'TLS_RSA_WITH_NULL_SHA', 'ciphers that do not encrypt'],
  [0x003b, 'TLS_RSA_WITH_NULL_SHA256', 'ciphers that do not encrypt'],
  [0x0018, 'TLS_DH_anon_WITH_RC4_128_MD5', 'anonymous ciphers'],
  [0x001b, 'TLS_DH_anon_WITH_3DES_EDE_CBC_SHA', 'anonymous ciphers'],
  [0x0034, 'TLS_DH_anon_WITH_AES_128_CBC_SHA', 'anonymous ciphers'],
  [0x003a, 'TLS_DH_anon_WITH_AES_256_CBC_SHA', 'anonymous ciphers'],
  [0x006c, 'TLS_DH_anon_WITH_AES_128_CBC_SHA256', 'anonymous ciphers'],
  [0x00a6, 'TLS_DH_anon_WITH_AES_128_GCM_SHA256', 'anonymous ciphers'],
  [0xc018, 'TLS_ECDH_anon_WITH_AES_128_CBC_SHA', 'anonymous ciphers'],
];

/** Everything that OpenSSL 3 can no longer offer by itself. */
export const RETIRED_SUITES: readonly number[] = RETIRED.map(([number]) => number);

/** What every current sender offers up to TLS 1.2: ECDHE and plain RSA with AES, and ChaCha20 (RFC 9325 4.2, RFC 5246 9). */
export const CURRENT_SUITES: readonly number[] = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
];

/** What kind of suite it is, and its name; undefined for one that was not asked for. */
export function retiredSuite(number: number): { kind: string; name: string } | undefined {
  const found = RETIRED.find(([one]) => one === number);
  return found && { name: found[1], kind: found[2] };
}
