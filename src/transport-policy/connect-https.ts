import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls';
import { certificateFault, connectFault, isLocalFault } from './https-fault.ts';

/** No connection. `local`: this machine has no way there, which says nothing about the server. */
export interface ConnectFault {
  /** Completes "mta-sts.contoso.example …". */
  fault: string;
  local?: boolean;
}

/** One HTTPS server at one address. */
export interface HttpsPlace {
  /** Where to connect to: an address that the egress policy has let pass. */
  address: string;
  port: number;
  /** The name that the certificate must carry, asked for with SNI (RFC 8461 3.3). */
  host: string;
}

const contexts = new WeakMap<readonly string[], SecureContext>();

/**
 * A TLS connection whose certificate holds for the host, or what is wrong with it. `ca`: PEM certificates to trust beside
 * Node's own. It never looks a name up and knows no proxy. The caller ends the wait by aborting `signal`.
 */
export function connectHttps(
  { address, port, host }: HttpsPlace,
  ca: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<TLSSocket | ConnectFault> {
  return new Promise((resolve) => {
    const socket = connect({
      host: address,
      port,
      servername: host,
      // Judged below, so that the fault can be named; nothing is sent before.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...(ca === undefined || ca.length === 0 ? {} : { secureContext: contextWith(ca) }),
    });
    const finish = (result: TLSSocket | ConnectFault): void => {
      signal.removeEventListener('abort', onAbort);
      if (!('write' in result)) socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => finish({ fault: 'does not answer' });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    // Heard for as long as the socket lives: unheard, an error would end the process.
    socket.on('error', (error) => finish({ fault: connectFault(error, false), local: isLocalFault(error) }));
    socket.once('close', () => finish({ fault: 'closes the connection during the TLS handshake' }));
    socket.once('secureConnect', () => {
      finish(socket.authorized ? socket : { fault: certificateFault(trustError(socket), host, describe(socket)) });
    });
  });
}

function trustError(socket: TLSSocket): string {
  return String(socket.authorizationError ?? 'unknown');
}

function describe(socket: TLSSocket): Parameters<typeof certificateFault>[2] {
  const { subject, issuer, subjectaltname, valid_from, valid_to } = socket.getPeerCertificate();
  return {
    names: (subjectaltname ?? String(subject?.CN ?? 'no name')).replaceAll('DNS:', ''),
    issuer: String(issuer?.CN ?? issuer?.O ?? 'unknown'),
    validFrom: valid_from ?? 'unknown',
    validTo: valid_to ?? 'unknown',
  };
}

/** Made once: a context with all the roots costs milliseconds. */
function contextWith(ca: readonly string[]): SecureContext {
  let context = contexts.get(ca);
  if (context === undefined) {
    context = createSecureContext({ ca: [...rootCertificates, ...ca] });
    contexts.set(ca, context);
  }
  return context;
}
