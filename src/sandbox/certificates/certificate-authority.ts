import 'reflect-metadata';

import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** What is right or wrong with a certificate. */
export type CertificateKind = 'valid' | 'expired' | 'wrong-name' | 'self-signed' | 'incomplete-chain';

/** PEM texts for tls.createSecureContext. */
export interface KeyAndCertificate {
  key: string;
  cert: string;
}

export interface CertificateAuthority {
  /** PEM of the root: whoever trusts it trusts every certificate issued here, so only the sandbox does. */
  ca: string;
  issue(kind: CertificateKind, host: string): Promise<KeyAndCertificate>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

/** Days of validity counted from now, and who signs. A signer that clients do not get makes the chain incomplete. */
const PLANS: Record<CertificateKind, { from: number; to: number; name?: string; signer: 'root' | 'unsent' | 'self' }> =
  {
    valid: { from: -30, to: 60, signer: 'root' },
    expired: { from: -93, to: -3, signer: 'root' },
    'wrong-name': { from: -30, to: 60, name: 'mail.fabrikam.example', signer: 'root' },
    'self-signed': { from: -30, to: 335, signer: 'self' },
    'incomplete-chain': { from: -30, to: 60, signer: 'unsent' },
  };

interface Signer {
  name: string;
  keys: webcrypto.CryptoKeyPair;
  certificate: x509.X509Certificate;
}

/** A certificate authority that lives in memory; its keys are made anew each time and never leave the process. */
export async function createCertificateAuthority(now: Date): Promise<CertificateAuthority> {
  const root = await createSigner('CN=mailmedic sandbox root', undefined, now);
  const unsent = await createSigner('CN=mailmedic sandbox intermediate', root, now);
  const keys = await generateKeys();
  const key = toPem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));

  async function issue(kind: CertificateKind, host: string): Promise<KeyAndCertificate> {
    const plan = PLANS[kind];
    const name = plan.name ?? host;
    const signer = { root, unsent, self: { name: `CN=${name}`, keys } }[plan.signer];
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: signer.name,
      notBefore: new Date(now.getTime() + plan.from * DAY_MS),
      notAfter: new Date(now.getTime() + plan.to * DAY_MS),
      publicKey: keys.publicKey,
      signingKey: signer.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([SERVER_AUTHENTICATION]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
      ],
    });
    return { key, cert: certificate.toString('pem') };
  }

  return { ca: root.certificate.toString('pem'), issue };
}

/** Signed by `issuer`, or by itself when there is none. */
async function createSigner(name: string, issuer: Signer | undefined, now: Date): Promise<Signer> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer?.name ?? name,
    notBefore: new Date(now.getTime() - 365 * DAY_MS),
    notAfter: new Date(now.getTime() + 365 * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, issuer === undefined ? 1 : 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { name, keys, certificate };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

function toPem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
