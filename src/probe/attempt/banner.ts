import { isIP } from 'node:net';
import { isHostName } from '../../dns/host-name.ts';
import type { ProbeAttempt } from '../report.ts';
import { describeReply, type SmtpReply } from '../session/smtp-reply.ts';

type Banner = NonNullable<ProbeAttempt['banner']>;

/** Characters kept of a greeting; servers use about a hundred. */
const MAX_TEXT = 500;

/** The first line of a greeting and the name that the server gives itself in it (RFC 5321 4.2: `220 <domain> …`). */
export function readBanner(reply: SmtpReply): Banner {
  const line = describeReply(reply).text.split('\n', 1)[0] ?? '';
  const text = Array.from(line).slice(0, MAX_TEXT).join('').trim();
  return { text, serverName: serverName(text) };
}

/** A word with a dot is a name; one without only where `ESMTP` follows, or "Welcome" would be a server. */
function serverName(text: string): string | null {
  const [first = '', second = ''] = text.split(/\s+/, 2);
  if (!isHostName(first) || isIP(first) !== 0) return null;
  return first.includes('.') || /^(?:E?SMTP|Microsoft)$/i.test(second) ? first : null;
}

/** True when a firewall has overwritten most of the greeting with asterisks. */
export function isMangled(text: string): boolean {
  const stars = text.length - text.replaceAll('*', '').length;
  return stars >= 4 && stars * 2 >= text.replaceAll(' ', '').length;
}
