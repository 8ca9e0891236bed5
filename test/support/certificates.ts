import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
/** RFC 5280 4.2.1.12. */
const PURPOSES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/** PEM of a certificate (with what a server sends after it) and its key. */
export interface Identity {
  cert: string;
  key: string;
}

export interface IssueOptions {
  /** Names and addresses it is for; the first is the common name. */
  names: string[];
  /** Days from now; negative for the past. */
  fromDays?: number;
  toDays?: number;
  /** Makes an RSA key of this size instead of P-256. */
  rsaBits?: number;
  /** Extended key usage; none by default, which allows everything. */
  purpose?: 'client' | 'server';
  /** Leaves the names out of the alternative names, so that only the common name has one. */
  commonNameOnly?: boolean;
}

/** Someone who signs: a root or an intermediate. */
export interface Authority {
  /** PEM of its own certificate. */
  cert: string;
  issue(options: IssueOptions): Promise<Identity>;
  /** A certificate authority below this one. */
  intermediate(name: string, options?: { toDays?: number }): Promise<Authority>;
}

interface Signer {
  name: string;
  keys: webcrypto.CryptoKeyPair;
  algorithm: webcrypto.Algorithm | webcrypto.EcdsaParams;
}

let serial = 1;

/** A root; `sha1` makes everything it signs carry SHA-1 (with an RSA key). */
export async function createAuthority(name: string, options: { sha1?: boolean } = {}): Promise<Authority> {
  const algorithm = options.sha1 === true ? rsa(2048, 'SHA-1') : EC;
  const keys = await generate(algorithm);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: nextSerial(),
    name: `CN=${name}`,
    ...validity(-1, 365),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return authority({ name, keys, algorithm }, cert.toString('pem'));
}

/** A certificate that vouches for itself. */
export async function selfSigned({ names, fromDays = -1, toDays = 90 }: IssueOptions): Promise<Identity> {
  const keys = await generate(EC);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: nextSerial(),
    name: `CN=${names[0]}`,
    ...validity(fromDays, toDays),
    keys,
    signingAlgorithm: EC,
    extensions: [altNames(names)],
  });
  return { cert: cert.toString('pem'), key: await pemOf(keys) };
}

function authority(signer: Signer, cert: string): Authority {
  return {
    cert,
    async issue({ names, fromDays = -1, toDays = 90, rsaBits, purpose, commonNameOnly }) {
      const keys = await generate(rsaBits === undefined ? EC : rsa(rsaBits, 'SHA-256'));
      const leaf = await sign(signer, `CN=${names[0]}`, keys, validity(fromDays, toDays), [
        ...(commonNameOnly === true ? [] : [altNames(names)]),
        ...(purpose === undefined ? [] : [new x509.ExtendedKeyUsageExtension([PURPOSES[purpose]])]),
      ]);
      return { cert: leaf, key: await pemOf(keys) };
    },
    async intermediate(name, { toDays = 365 } = {}) {
      const keys = await generate(EC);
      const own = await sign(signer, `CN=${name}`, keys, validity(-1, toDays), [
        new x509.BasicConstraintsExtension(true, undefined, true),
      ]);
      return authority({ name, keys, algorithm: EC }, own);
    },
  };
}

async function sign(
  signer: Signer,
  subject: string,
  keys: webcrypto.CryptoKeyPair,
  dates: ReturnType<typeof validity>,
  extensions: x509.Extension[],
): Promise<string> {
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: nextSerial(),
    subject,
    issuer: `CN=${signer.name}`,
    ...dates,
    publicKey: keys.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signer.algorithm,
    extensions,
  });
  return cert.toString('pem');
}

function altNames(names: string[]): x509.Extension {
  const entries = names.map((value) => ({
    type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
    value,
  }));
  return new x509.SubjectAlternativeNameExtension(entries);
}

function validity(fromDays: number, toDays: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now + fromDays * DAY_MS), notAfter: new Date(now + toDays * DAY_MS) };
}

function rsa(modulusLength: number, hash: string) {
  return { name: 'RSASSA-PKCS1-v1_5', hash, modulusLength, publicExponent: new Uint8Array([1, 0, 1]) };
}

async function generate(
  algorithm: webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams,
): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

async function pemOf(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return x509.PemConverter.encode(der, 'PRIVATE KEY');
}

function nextSerial(): string {
  serial += 1;
  return serial.toString(16).padStart(2, '0');
}
