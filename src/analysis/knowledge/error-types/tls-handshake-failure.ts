import { article } from '../article.ts';

/** What to do about TlsHandshakeFailure. */
export const TLS_HANDSHAKE_FAILURE = article({
  errorType: 'TlsHandshakeFailure',
  title: 'TLS handshake failure',
  meaning: 'The server offered STARTTLS, but the two sides could not set TLS up.',
  steps: [
    'On Windows, read SChannel events 36874, 36887 and 36888 at that time: the alert number names the reason',
    'Probe again: [?peer `/probe {peer} --tls require`?:`/probe` with `--tls require`?]; the TLS stage must turn green',
  ],
  causes: {
    'protocol-version': {
      meaning: 'The two sides share no TLS version: one of them still speaks only TLS 1.0 or older (RFC 8996).',
      steps: [
        'Test TLS 1.2: [?peer `openssl s_client -starttls smtp -connect {peer}:{port|25} -tls1_2`?:`openssl s_client -starttls smtp` with `-tls1_2`?]; it must succeed',
        'Enable TLS 1.2 for client and server in SChannel on {host|the server} and restart it; leave TLS 1.0 and 1.1 off',
        'When {host|the server} is too old for TLS 1.2, upgrade it; until then let it stop offering STARTTLS: mail flows again, in clear',
      ],
    },
    cipher: {
      meaning:
        'The two sides share no cipher, or the one they agree on (RC4, 3DES, a short DH key) is not accepted any more.',
      steps: [
        'See what is agreed on: [?peer `openssl s_client -starttls smtp -connect {peer}:{port|25} -tls1_2`?:`openssl s_client -starttls smtp -tls1_2`?], line Cipher',
        'Enable AES-GCM suites with ECDHE on {host|the server} and switch RC4 and 3DES off: `Get-TlsCipherSuite | ft Name`',
        'Windows Server 2003 and old appliances offer ciphers that they cannot use: upgrade, or stop offering STARTTLS there',
      ],
    },
    reset: {
      meaning: 'The connection was reset in the middle of the TLS handshake.',
      steps: [
        'Bypass TLS inspection for port 25 on the way to {host|the server}, and try again',
        'Capture at the edge and see who sends the RST after the ClientHello: `tcp.port == {port|25} [?ip and ip.addr == {ip} ?]and tcp.flags.reset == 1`',
        'Try the other version: [?peer `openssl s_client -starttls smtp -connect {peer}:{port|25} -tls1_2`?:`openssl s_client -starttls smtp -tls1_2`?], then `-tls1_3`; one that works names it',
      ],
    },
    timeout: {
      meaning: 'The TLS handshake hung until the deadline.',
      steps: [
        'Check the path MTU: a certificate chain that never arrives looks like this[?address : `ping {address} -f -l 1472`?]',
        'Bypass TLS inspection for port 25 on the way to {host|the server}, and try again',
        'Look at the load of {host|the server}, and at its age: old TLS stacks agree on a cipher and then hang',
      ],
    },
    handshake: {
      meaning: 'The TLS handshake failed; the words do not say which part.',
      steps: [
        'Try the versions one by one: [?peer `openssl s_client -starttls smtp -connect {peer}:{port|25} -tls1_2`?:`openssl s_client -starttls smtp -tls1_2`?], then `-tls1_3`',
        'Bypass TLS inspection for port 25: a device that breaks TLS open shows a certificate of its own',
        'For "NoCredentials" or "UnknownCredentials": this side has no usable certificate; check its private key and NETWORK SERVICE\'s right to it',
      ],
    },
  },
  confirm: [
    'The same version and cipher fail from two networks: the server. They fail from one: a device in between.',
    'Only some sending servers fail: they differ from the others in TLS version or cipher.',
  ],
  next: [
    '[?peer `/probe {peer} --tls require`?:`/probe` the server with `--tls require`?] shows the version, cipher and alert',
  ],
  attach: [
    'The output of `openssl s_client` for each TLS version',
    'The protocol log of one failing session, with the time and zone',
  ],
  see: [
    {
      title: 'How Exchange Online uses TLS',
      url: 'https://learn.microsoft.com/purview/exchange-online-uses-tls-to-secure-email-connections',
    },
    { title: 'RFC 8996: deprecating TLS 1.0 and 1.1', url: 'https://www.rfc-editor.org/rfc/rfc8996' },
    { title: 'RFC 3207: SMTP over TLS', url: 'https://www.rfc-editor.org/rfc/rfc3207' },
  ],
  related: ['CertificateFailure', 'TlsNotOffered', 'ConnectionLost'],
});
