import { createHash, X509Certificate } from 'node:crypto';
import { type Authority, createAuthority, type Identity, selfSigned } from '../support/certificates.ts';

/** What certificate a server shows; all of it has a sound default. */
export interface CertificateSpec {
  /** Default: the server's host name. */
  names?: string[];
  /** Default `root`, which the probe is told to trust. `missing` is signed by an intermediate that is not sent. */
  by?: 'root' | 'intermediate' | 'missing' | 'stranger' | 'sha1' | 'self';
  fromDays?: number;
  toDays?: number;
  rsaBits?: number;
  /** Send the signer's own certificate too, as DANE-TA asks (RFC 7672 3.1.2). */
  sendRoot?: boolean;
}

/** A certificate as issued. */
export interface Issued extends Identity {
  /** PEM of who signed it; its own where it vouches for itself. */
  issuer: string;
}

/** Where the lab's servers get their certificates. */
export interface CertificateShop {
  /** PEM of the roots that the probe trusts. */
  trusted: string;
  issue(host: string, spec: CertificateSpec): Promise<Issued>;
}

/** The lab's certificate authorities. */
export async function openCertificateShop(): Promise<CertificateShop> {
  const root = await createAuthority('Lab Root');
  const intermediate = await root.intermediate('Lab Issuing CA');
  const authorities: Record<'root' | 'intermediate' | 'missing' | 'stranger' | 'sha1', Authority> = {
    root,
    intermediate,
    missing: intermediate,
    stranger: await createAuthority('Nobody Knows Root'),
    sha1: await createAuthority('Lab Old Root', { sha1: true }),
  };
  return {
    trusted: [root, authorities.sha1].map(({ cert }) => `${cert.trim()}\n`).join(''),
    async issue(host, { names = [host], by = 'root', sendRoot = false, ...options }) {
      if (by === 'self') {
        const own = await selfSigned({ names, ...options });
        return { ...own, issuer: own.cert };
      }
      const { cert, key } = await authorities[by].issue({ names, ...options });
      const sent = by === 'intermediate' || sendRoot ? [cert, authorities[by].cert] : [cert];
      return { cert: sent.map((pem) => `${pem.trim()}\n`).join(''), key, issuer: authorities[by].cert };
    },
  };
}

/** RDATA of a TLSA record for the certificate, or for its issuer with usage 2 (RFC 6698 2.1). */
export function tlsa(issued: Issued | undefined, usage: 2 | 3, selector: 0 | 1, matching: 0 | 1 | 2): string {
  if (issued === undefined) throw new Error('a TLSA record needs a server with a certificate');
  const certificate = new X509Certificate(usage === 2 ? issued.issuer : issued.cert);
  const data = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' });
  const shown = matching === 0 ? data.toString('hex') : digest(matching === 1 ? 'sha256' : 'sha512', data);
  return `TLSA ${usage} ${selector} ${matching} ${shown}`;
}

function digest(algorithm: string, data: Buffer): string {
  return createHash(algorithm).update(data).digest('hex');
}
