import { article } from '../article.ts';

/** What to do about ProtocolError. */
export const PROTOCOL_ERROR = article({
  errorType: 'ProtocolError',
  title: 'Protocol error',
  meaning: 'One side sent a command or reply that the other does not accept.',
  steps: [
    'Read the session in the protocol log: Set-SendConnector "{connector|<connector>}" -ProtocolLoggingLevel Verbose on the sender, Set-ReceiveConnector on the receiver',
    'Probe {host|the server} and compare its greeting and EHLO answer with what the sender saw: differences come from a device in between',
    'Give the sending server its own full name in EHLO: Set-SendConnector "{connector|<connector>}" -Fqdn mail.yourdomain.example',
  ],
  causes: {
    protocol: {
      meaning: 'A command, its arguments or their order were not accepted.',
      steps: [
        'Verbs overwritten with XXXX mean mail inspection in a firewall: switch it off (Cisco ASA: no inspect esmtp)',
      ],
    },
    'malformed-reply': { meaning: 'The server answered with something that is no SMTP reply.' },
    'reply-too-long': { meaning: 'The server answered with more than an SMTP reply may hold.' },
    'banner-mangled': {
      meaning: 'The greeting is overwritten with stars: a firewall inspects SMTP.',
      steps: [
        'Switch SMTP inspection off in the firewall before {host|the server} (Cisco ASA: no inspect esmtp; PIX: no fixup protocol smtp)',
      ],
    },
    'capability-masked': {
      meaning:
        'A capability in the EHLO answer is overwritten, so TLS or chunking cannot be used: a firewall inspects SMTP.',
      steps: [
        'Switch SMTP inspection off in the firewall before {host|the server} (Cisco ASA: no inspect esmtp, or allow-tls)',
      ],
    },
    'starttls-injection': {
      meaning: 'The server sent more bytes after its answer to STARTTLS: a bug, or somebody in between.',
      steps: [
        'Update the mail software of {host|the server} (CVE-2011-0411 class)',
        'Probe from a second network: different bytes mean a device in between',
      ],
      only: true,
    },
  },
  confirm: ['The same session from inside the network of the server, past the firewall, works.'],
  next: ['Paste the protocol log of one session: the line before the error shows who departs from the protocol'],
  attach: ['The protocol log of one failing session from both sides'],
  see: [
    { title: 'RFC 5321 section 4.2: SMTP replies', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.2' },
    { title: 'RFC 3207: SMTP over TLS', url: 'https://www.rfc-editor.org/rfc/rfc3207' },
  ],
});
