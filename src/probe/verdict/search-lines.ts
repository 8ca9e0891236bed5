import { probeSubject } from '../attempt/probe-message.ts';
import type { ProbeAttempt, ProbeReport } from '../report.ts';

interface Trace {
  probeId: string;
  helo: string;
  attempts: readonly ProbeAttempt[];
  /** Of the message, once its text was sent. */
  messageId: string | null;
}

/** What may stand in a command that people paste: names and literals of our own, checked before they were sent. */
const PASTABLE = /^<[\w.:@[\]-]{1,320}>$/;

/**
 * How to find this probe on the other side. The id stands in the EHLO name unless somebody chose that, and in Message-ID
 * and subject once a message was sent; lines are offered only for what went over the wire.
 */
export function searchFor({ probeId, helo, attempts, messageId }: Trace): ProbeReport['search'] {
  const greeted = helo.includes(probeId) && attempts.some(({ timingsMs }) => timingsMs.ehlo !== null);
  return {
    helo,
    messageId,
    subject: messageId === null ? null : probeSubject(probeId),
    lines: [
      ...(greeted || messageId !== null ? protocolLogs(probeId) : []),
      ...(messageId !== null && PASTABLE.test(messageId) ? traces(messageId) : []),
    ],
  };
}

type Lines = ProbeReport['search']['lines'];

/** Protocol logs of Exchange (receive connectors log EHLO) and the usual files of Debian's Postfix and Exim. */
function protocolLogs(id: string): Lines {
  const folder = '$env:ExchangeInstallPath\\TransportRoles\\Logs\\FrontEnd\\ProtocolLog\\SmtpReceive';
  return [
    { label: 'Exchange, receive log', text: `Select-String -Path "${folder}\\*" -Pattern ${id}` },
    { label: 'Postfix', text: `grep ${id} /var/log/mail.log` },
    { label: 'Exim', text: `grep ${id} /var/log/exim4/mainlog` },
  ];
}

function traces(messageId: string): Lines {
  return [
    { label: 'Exchange Online, message trace', text: `Get-MessageTraceV2 -MessageId "${messageId}"` },
    { label: 'Exchange, message tracking', text: `Get-MessageTrackingLog -MessageId "${messageId}"` },
  ];
}
