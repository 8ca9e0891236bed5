import type { SecureContext } from 'node:tls';
import type { PeerCertificate } from './tls-facts.ts';

/** So many chains are kept of one context, some 5 KB each; the one that was not asked for longest goes first. */
const KEPT = 1000;

/** What an endpoint showed when its chain was last read. */
export interface ReadChain {
  /** Digests of the certificates as they were sent, in their order. */
  sent: string;
  /** Up to the root, where the trust store has it. */
  chain: PeerCertificate[];
}

/**
 * Chains by endpoint. Reading the fields of one costs a fifth of a whole probe, and monitors meet the same one each time.
 * Nothing is judged by memory: a chain is used again only when the very same certificates were sent in a handshake that
 * OpenSSL has verified anew.
 */
export class CertificateMemory {
  private readonly chains = new Map<string, ReadChain>();

  recall(endpoint: string): ReadChain | undefined {
    const known = this.chains.get(endpoint);
    if (known === undefined) return undefined;
    this.chains.delete(endpoint);
    this.chains.set(endpoint, known);
    return known;
  }

  keep(endpoint: string, read: ReadChain): void {
    this.chains.delete(endpoint);
    this.chains.set(endpoint, read);
    const oldest = this.chains.keys().next();
    if (this.chains.size > KEPT && oldest.done !== true) this.chains.delete(oldest.value);
  }

  forget(endpoint: string): void {
    this.chains.delete(endpoint);
  }
}

const memories = new WeakMap<SecureContext, CertificateMemory>();

/** The memory that goes with a context: another trust store may complete the same certificates to another chain. */
export function memoryOf(context: SecureContext): CertificateMemory {
  let memory = memories.get(context);
  if (memory === undefined) {
    memory = new CertificateMemory();
    memories.set(context, memory);
  }
  return memory;
}
