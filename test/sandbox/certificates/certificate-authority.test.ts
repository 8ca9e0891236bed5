import { createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificateAuthority,
  type CertificateKind,
  createCertificateAuthority,
} from '../../../src/sandbox/certificates/certificate-authority.ts';

const now = new Date('2026-11-20T12:00:00Z');
const host = 'mx1.contoso.example';
let authority: CertificateAuthority;
let root: X509Certificate;

beforeAll(async () => {
  authority = await createCertificateAuthority(now);
  root = new X509Certificate(authority.ca);
});

async function issue(kind: CertificateKind): Promise<X509Certificate> {
  return new X509Certificate((await authority.issue(kind, host)).cert);
}

describe('createCertificateAuthority', () => {
  it('makes a root that signs itself and may sign others', () => {
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
  });

  it.each<[CertificateKind, { signed: boolean; named: boolean; inDate: boolean; self: boolean }]>([
    ['valid', { signed: true, named: true, inDate: true, self: false }],
    ['expired', { signed: true, named: true, inDate: false, self: false }],
    ['wrong-name', { signed: true, named: false, inDate: true, self: false }],
    ['self-signed', { signed: false, named: true, inDate: true, self: true }],
    ['incomplete-chain', { signed: false, named: true, inDate: true, self: false }],
  ])('issues %s', async (kind, expected) => {
    const certificate = await issue(kind);
    expect({
      signed: certificate.verify(root.publicKey),
      named: certificate.checkHost(host) === host,
      inDate: Date.parse(certificate.validFrom) < now.getTime() && now.getTime() < Date.parse(certificate.validTo),
      self: certificate.verify(certificate.publicKey),
    }).toEqual(expected);
    expect(certificate.ca).toBe(false);
  });

  it('gives the key that belongs to the certificate', async () => {
    const { key, cert } = await authority.issue('valid', host);
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
  });
});
