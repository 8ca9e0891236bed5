import { webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { ShownCertificate } from '../../src/transport-policy/dane.ts';

/** Certificates in PEM as a probe would show them, leaf first. */
export function shown(...pems: string[]): ShownCertificate[] {
  return pems.map((pem) => {
    const { raw, subject, subjectAltName, validFrom, validTo } = new X509Certificate(pem);
    return {
      der: raw,
      altNames: subjectAltName?.split(', ') ?? [],
      subject: /CN=(.*)/.exec(subject)?.[1] ?? subject,
      validFrom: new Date(validFrom),
      validTo: new Date(validTo),
    };
  });
}

/** A certificate for the name that another one has signed which is no authority; leaf first. */
export async function signedByNoAuthority(name: string): Promise<ShownCertificate[]> {
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const dates = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 86_400_000) };
  const generate = () => webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const [above, below] = await Promise.all([generate(), generate()]);
  const common = { ...dates, signingAlgorithm };
  const signer = await x509.X509CertificateGenerator.createSelfSigned(
    { ...common, serialNumber: '01', name: 'CN=No Authority', keys: above },
    webcrypto,
  );
  const leaf = await x509.X509CertificateGenerator.create(
    {
      ...common,
      serialNumber: '02',
      subject: `CN=${name}`,
      issuer: 'CN=No Authority',
      publicKey: below.publicKey,
      signingKey: above.privateKey,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
    },
    webcrypto,
  );
  return shown(leaf.toString('pem'), signer.toString('pem'));
}
