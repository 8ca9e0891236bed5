/** What identifies a probe message. Addresses are bare; an empty `from` is the null sender. */
export interface ProbeMessage {
  probeId: string;
  from: string;
  to: string;
  /** Name of this machine, for Message-ID. */
  helo: string;
  date: Date;
}

/** The Message-ID with its angle brackets, as traces show it. */
export function messageIdOf({ probeId, helo }: Pick<ProbeMessage, 'probeId' | 'helo'>): string {
  return `<${probeId}@${helo}>`;
}

/** The subject, by which a trace can be searched. */
export function probeSubject(probeId: string): string {
  return `mailmedic probe ${probeId}`;
}

/** A small message by RFC 5322, in ASCII, lines ended by CR LF; RFC 3834 keeps auto-responders from answering it. */
export function renderProbeMessage({ probeId, from, to, helo, date }: ProbeMessage): string {
  const sender = from === '' ? `postmaster@${helo}` : from;
  return [
    `Date: ${date.toUTCString().replace(/GMT$/, '+0000')}`,
    `From: <${sender}>`,
    `To: <${to}>`,
    `Subject: ${probeSubject(probeId)}`,
    `Message-ID: ${messageIdOf({ probeId, helo })}`,
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: All',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `This message was sent by mailmedic to test mail flow (probe ${probeId}).`,
    'It needs no answer and can be deleted.',
    '',
  ].join('\r\n');
}

/** The message as DATA wants it: every line that starts with a dot gets another (RFC 5321 4.5.2), then the final dot. */
export function stuffDots(message: string): string {
  const lines = message.replace(/\r\n|\r|\n/g, '\r\n');
  const ended = lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
  return `${ended.replace(/(^|\r\n)\./g, '$1..')}.\r\n`;
}
