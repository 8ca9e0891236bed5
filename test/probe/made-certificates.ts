import type { PeerCertificate } from '../../src/probe/tls/tls-facts.ts';

const DAY_MS = 86_400_000;

/** A certificate for `host` with nothing wrong at `now`; `overrides` spoil it. */
export function madeCertificate(host: string, now: Date, overrides: Partial<PeerCertificate> = {}): PeerCertificate {
  return {
    subject: host,
    issuer: 'Test root',
    selfIssued: false,
    altNames: [`DNS:${host}`],
    validFrom: new Date(now.getTime() - 30 * DAY_MS),
    validTo: new Date(now.getTime() + 60 * DAY_MS),
    sha256: 'AA:BB',
    bits: 256,
    rsa: false,
    namesIssuerUrl: false,
    der: Buffer.from([0x30, 0]),
    ...overrides,
  };
}
