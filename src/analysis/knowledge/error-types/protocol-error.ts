import { article } from '../article.ts';

const INSPECTION =
  'Switch SMTP inspection off in the firewall before {host|the server}: Cisco ASA `no inspect esmtp`, PIX `no fixup protocol smtp`';
const PROBE_AGAIN =
  'Probe again: [?peer `/probe {peer}`?:`/probe` with the name of the server?]; greeting and EHLO answer must come unchanged';

/** What to do about ProtocolError. */
export const PROTOCOL_ERROR = article({
  errorType: 'ProtocolError',
  title: 'Protocol error',
  meaning: 'One side sent a command or reply that the other does not accept.',
  steps: [
    'Compare the greeting and EHLO answer inside and outside the firewall: what differs was changed by a device in between',
    'Log the session on both sides: `Set-SendConnector` and `Set-ReceiveConnector` with `-ProtocolLoggingLevel Verbose`',
  ],
  causes: {
    'malformed-reply': {
      meaning: 'The server answered with something that is no SMTP reply.',
      steps: [
        'Check that {host|the server} speaks SMTP on this port: a web server, a proxy or implicit TLS (465) answers like this',
        'Read the raw bytes in the transcript of the probe: they name the software that answers',
      ],
    },
    'reply-too-long': {
      meaning: 'The server answered with more than an SMTP reply may hold (RFC 5321 section 4.5.3.1).',
      steps: [
        'Check that {host|the server} speaks SMTP on this port, and whose software the words name',
        'Ask its operator to shorten the greeting or EHLO answer: 512 octets a line',
      ],
    },
    'banner-mangled': {
      meaning: 'The greeting is overwritten with stars: a firewall inspects SMTP.',
      steps: [INSPECTION, PROBE_AGAIN],
    },
    'capability-masked': {
      meaning:
        'A capability in the EHLO answer is overwritten, so TLS or chunking cannot be used: a firewall inspects SMTP.',
      steps: [
        INSPECTION,
        'Where inspection must stay, let STARTTLS pass: Cisco ASA `allow-tls` in the parameters of the ESMTP inspection map',
        PROBE_AGAIN,
      ],
    },
    'starttls-injection': {
      meaning: 'The server sent more bytes after its answer to STARTTLS: a bug, or somebody in between.',
      steps: [
        'Probe from a second network: when the bytes differ, a device in between injects them; take it out before anything else',
        'Else update the mail software of {host|the server}: it mixes plaintext into TLS (CVE-2011-0411 class)',
        'Send no log-ins over this path until it is mended',
      ],
      only: true,
    },
    protocol: {
      meaning: 'A command, its arguments or their order were not accepted.',
      steps: [
        'Find the command before the error in the protocol log of the sender: verbs that read XXXX were overwritten by a firewall',
        {
          text: 'Give the sending server its own full name in EHLO: [?connector `Set-SendConnector "{connector}" -Fqdn`?:`Set-SendConnector` with `-Fqdn`?] and its public name',
          owner: 'sender',
        },
        {
          text: 'Correct the address or parameter in the program that sends: the reply says which argument was not understood',
          owner: 'sender',
        },
        { text: INSPECTION, owner: 'network' },
      ],
    },
  },
  confirm: ['The same session from inside the network of the server, past the firewall, works.'],
  next: ['Paste the protocol log of one session: the line before the error shows who departs from the protocol'],
  attach: ['The protocol log of one failing session from both sides, with times and zone'],
  see: [
    { title: 'RFC 5321 section 4.2: SMTP replies', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.2' },
    { title: 'RFC 3207: SMTP over TLS', url: 'https://www.rfc-editor.org/rfc/rfc3207' },
    {
      title: 'Protocol logging',
      url: 'https://learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging',
    },
  ],
  related: ['TlsNotOffered', 'ConnectionLost', 'PolicyRejected'],
});
