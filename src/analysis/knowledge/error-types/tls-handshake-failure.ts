import { article } from '../article.ts';

/** What to do about TlsHandshakeFailure. */
export const TLS_HANDSHAKE_FAILURE = article({
  errorType: 'TlsHandshakeFailure',
  title: 'TLS handshake failure',
  meaning: 'The server offered STARTTLS, but the two sides could not set TLS up.',
  steps: [
    'Try the versions one by one: openssl s_client -starttls smtp -connect {host|<host>}:25 -tls1_2, then -tls1_3',
    'On Windows enable TLS 1.2 for client and server in SChannel, switch TLS 1.0, 1.1, RC4 and 3DES off, and restart',
    'Bypass TLS inspection for port 25: a device that breaks TLS open shows a certificate of its own',
    'Look for SChannel events 36874, 36887 and 36888 at the time of the failure: the alert number names the reason',
  ],
  causes: {
    'protocol-version': {
      meaning: 'The two sides share no TLS version: one of them still speaks only TLS 1.0 or older.',
    },
    cipher: {
      meaning:
        'The two sides share no cipher, or the one they agree on (RC4, 3DES, a short DH key) is not accepted any more.',
      steps: [
        'Compare the cipher lists: a Windows Server 2003 or an old appliance advertises ciphers that it cannot use; upgrade it or stop offering TLS there',
      ],
    },
    reset: {
      meaning: 'The connection was reset in the middle of the TLS handshake.',
      steps: [
        'Capture at the edge: tcp.port == 25 [?ip and ip.addr == {ip} ?], and look who sends the RST after the ClientHello',
      ],
    },
    timeout: {
      meaning: 'The TLS handshake hung until the deadline.',
      steps: ['Check the path MTU: a large certificate chain that never arrives looks like this'],
    },
    handshake: {
      meaning: 'The TLS handshake failed.',
      steps: [
        '"NoCredentials" or "UnknownCredentials" means that this side has no usable certificate: check the private key and its permission for NETWORK SERVICE',
      ],
    },
  },
  confirm: [
    'openssl shows the alert; the same version and cipher fail from two networks: the server. They fail from one: a device in between.',
  ],
  next: ['Probe {host|the server} with --tls require to see the version, cipher and alert'],
  attach: ['The openssl output for each TLS version, and the protocol log of one failing session'],
  see: [
    {
      title: 'Preparing for TLS 1.2 in Office 365',
      url: 'https://learn.microsoft.com/purview/prepare-tls-1.2-in-office-365',
    },
    { title: 'RFC 8996: deprecating TLS 1.0 and 1.1', url: 'https://www.rfc-editor.org/rfc/rfc8996' },
  ],
});
