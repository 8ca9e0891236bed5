import { byId } from './dom.ts';
import type { WireMessage } from './wire.ts';

const MAX_READ = 300;

/** Reads a new message out to screen readers; edits are not read, or a running probe would never stop talking. */
export function announce(message: WireMessage): void {
  if (message.author !== 'bot') return;
  const where = message.threadId === undefined ? 'mailmedic' : 'mailmedic in a thread';
  byId('live').textContent = `${where}: ${message.text.slice(0, MAX_READ)}`;
}
