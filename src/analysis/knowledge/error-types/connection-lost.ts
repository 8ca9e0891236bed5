import { article } from '../article.ts';

/** What to do about ConnectionLost. */
export const CONNECTION_LOST = article({
  errorType: 'ConnectionLost',
  title: 'Connection lost',
  meaning: 'The connection stood and then broke in the middle of the SMTP session. Mail stays queued and is retried.',
  steps: [
    'Switch off SMTP inspection on the firewall that sends the RST (Cisco ASA: `no inspect esmtp`) and try again',
    'When only some sending servers fail, compare TLS protocol and cipher of a failing and a working session: TLS 1.0 with RC4 needs an upgrade',
    'Only as a proof: stop offering STARTTLS at the receiver for a few minutes. When the queue drains, it is TLS',
  ],
  causes: {
    reset: {
      meaning: 'The server, or a device on the way, reset the connection in the middle of the session.',
      steps: [
        {
          text: 'When part of the mail passes, drop the extended message trace here: failures by sending server and target address show what they have in common',
          tried: ['exchange-online'],
        },
        'Find the command after which it breaks ([?peer `/probe {peer}`?:`/probe` of the server?] or the protocol log): STARTTLS points to TLS, DATA to size or inspection',
        'Capture at the edge of the network, not on the server: `tcp.port == {port|25} [?ip and ip.addr == {ip} ?]and not tcp.analysis.retransmission`',
        'Find the device that sends the RST by its TTL: a TTL other than that of the SYN-ACK is not {host|the server}',
      ],
    },
    'closed-by-peer': {
      meaning: 'The other side closed the connection before it accepted the message.',
      steps: [
        'Read the log of {host|the receiving server} at that time: connection limits, tarpitting and back pressure close sessions too',
        'Find the command after which it closes: [?peer `/probe {peer}`?:`/probe` of the server?] or the protocol log of the sender',
        'Look for "421" as the last words: it names the reason, and {host|the server} expects a retry',
      ],
    },
  },
  confirm: [
    "The capture shows a RST or FIN from an address or TTL other than the server's own.",
    'A capture inside the network shows nothing of a device further out: it must come from the edge (`tcp.port == {port|25} and not tcp.analysis.retransmission and not tcp.analysis.duplicate_ack`).',
    'The send log says that TLS "negotiation succeeded" and the connection drops at once: an old TLS stack on the other side.',
  ],
  next: [
    'Drop the extended message trace here: grouping by sending server and target address shows whether it depends on one of them',
  ],
  attach: [
    'The edge capture',
    'The protocol log of one failing and one working session (`SmtpSend` or `SmtpReceive`), with times in UTC',
  ],
  see: [
    {
      title: 'Mail flow intelligence: connector errors (4.4.318)',
      url: 'https://learn.microsoft.com/defender-office-365/connectors-mail-flow-intelligence',
    },
    {
      title: 'RFC 5321 section 3.8: terminating sessions',
      url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.8',
    },
    {
      title: 'Protocol logging',
      url: 'https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging',
    },
  ],
  related: ['TlsHandshakeFailure', 'UnableToConnect', 'ServerBusy'],
});
