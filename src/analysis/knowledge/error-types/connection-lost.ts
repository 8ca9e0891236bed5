import { article } from '../article.ts';

/** What to do about ConnectionLost. */
export const CONNECTION_LOST = article({
  errorType: 'ConnectionLost',
  title: 'Connection lost',
  meaning: 'The connection stood and then broke in the middle of the SMTP session.',
  steps: [
    'See after which command it breaks, in the protocol log or with a probe of {host|the server}: right after STARTTLS points to TLS inspection or ciphers, during DATA to size, MTU or content inspection',
    'Capture at the edge of the network, not on the server (a device in between does not show inside): tcp.port == 25 [?ip and ip.addr == {ip} ?]and not tcp.analysis.retransmission and not tcp.analysis.duplicate_ack',
    'Find who sends the RST: its TTL tells the device. Switch off SMTP inspection there (Cisco: no inspect esmtp)',
    'When only some sending servers fail, compare the TLS protocol and cipher of failing and working sessions: an old TLS 1.0 with RC4 that reports success and then drops means that the receiving system needs an upgrade',
    'Only as a proof, not as a repair: stop offering STARTTLS at the receiver for a few minutes. When the queue drains, it is TLS',
  ],
  causes: {
    reset: { meaning: 'The server, or a device on the way, reset the connection in the middle of the session.' },
    'closed-by-peer': {
      meaning: 'The other side closed the connection before it accepted the message.',
      steps: [
        'Look at the log of {host|the receiving server} for the reason: connection limits, tarpitting and back pressure close sessions too',
      ],
    },
  },
  confirm: ["The capture shows a RST or FIN from an address or TTL other than the server's own."],
  next: [
    'Drop the extended message trace here: grouping by sending server and target address shows whether it depends on one of them',
  ],
  attach: ['The edge capture, the protocol log of one failing and one working session, with times in UTC'],
  see: [
    {
      title: 'Mail flow intelligence: connector errors',
      url: 'https://learn.microsoft.com/defender-office-365/connectors-mail-flow-intelligence',
    },
    { title: 'RFC 5321 section 3.8', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.8' },
  ],
});
