import { article } from '../article.ts';

const SHOW =
  'See what is presented: [?peer `openssl s_client -starttls smtp -connect {peer}:{port|25} -showcerts`?:`openssl s_client -starttls smtp -showcerts`?]';
const BIND =
  'Bind it to SMTP: `Get-ExchangeCertificate | ft Thumbprint,NotAfter,Subject`, then `Enable-ExchangeCertificate` with `-Services SMTP`';
const HYBRID =
  'When Office 365 sends here by connector, run the Hybrid Configuration Wizard again: it holds the old certificate';

/** What to do about CertificateFailure. */
export const CERTIFICATE_FAILURE = article({
  errorType: 'CertificateFailure',
  title: 'Certificate failure',
  meaning:
    'The certificate that was shown for SMTP was not accepted. Senders that require TLS fail; others still deliver.',
  steps: [
    'Probe again: [?peer `/probe {peer} --tls require`?:`/probe` with `--tls require`?]; the certificate stage must turn green',
  ],
  causes: {
    expired: {
      meaning: 'The certificate of the server has expired.',
      steps: ['Renew the certificate that SMTP uses on {host|the server}', BIND, HYBRID],
    },
    'not-yet-valid': {
      meaning: 'The certificate is not valid yet, or the clock of one side is wrong.',
      steps: [
        'Check the clocks of {host|the server} and of the side that checks: `w32tm /query /status`',
        'When the clocks are right, bind the previous certificate until the new one begins: `Enable-ExchangeCertificate` with `-Services SMTP`',
      ],
    },
    'name-mismatch': {
      meaning: 'The certificate is for another name than the one that was asked for.',
      steps: [
        {
          text: 'Compare with the name that the connector expects: `Get-OutboundConnector | fl Name,SmartHosts,TlsSettings,TlsDomain`',
          tried: ['exchange-online'],
        },
        'Get a certificate whose alternative names hold {name|the host name of the MX or smart host}',
        BIND,
        HYBRID,
      ],
    },
    'self-signed': {
      meaning: 'The certificate is self-signed: fine for opportunistic TLS, refused where the issuer is checked.',
      steps: [
        "Get a certificate of a public CA for {host|the server}; Exchange's own self-signed one is for inside only",
        BIND,
        HYBRID,
        {
          text: 'Until then let the connector encrypt without checking: `Set-OutboundConnector` with `-TlsSettings EncryptionOnly`',
          tried: ['exchange-online'],
        },
      ],
    },
    untrusted: {
      meaning: 'The issuer of the certificate is not trusted by the other side.',
      steps: [
        'Read the issuer: when it names a firewall, exempt port 25 from TLS inspection',
        'Else get a certificate of a public CA for {host|the server}, or install the root on the side that checks',
        SHOW,
      ],
    },
    'incomplete-chain': {
      meaning:
        'The server does not send the intermediate certificates, or the other side lacks the root. Exchange Online does not fetch missing ones.',
      steps: [
        {
          text: 'Install the intermediate certificates on {host|the server}, so that it sends the whole chain, and restart its transport service',
          owner: 'recipient',
        },
        {
          text: 'Update the trusted roots on the side that checks: Exchange Online chains to `DigiCert Global Root G2` since 30 April 2026',
          owner: 'sender',
        },
        SHOW,
      ],
    },
    'weak-key': {
      meaning: 'The key or signature of the certificate is too weak.',
      steps: ['Reissue the certificate with RSA 2048 bits or more, or ECDSA, signed with SHA-256', BIND, HYBRID],
    },
    'dane-mismatch': {
      meaning:
        'The certificate does not match the TLSA record of the host, so senders that check DANE refuse to deliver.',
      steps: [
        'Bind the previous certificate or key again when it is still valid: DANE senders deliver at once',
        'Else publish the key in use: TLSA `3 1 1` with its hash at [?name `_25._tcp.{name}`?:`_25._tcp` of the MX host?]; it counts after one TTL',
        'Get the hash: `openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | openssl sha256`',
        'Next time publish the new record beside the old one two TTLs before the certificate changes, and remove the old one after (RFC 7671 section 8.1)',
      ],
    },
    'mta-sts-mismatch': {
      meaning: 'The MX hosts or their certificates do not match the MTA-STS policy of the domain.',
      steps: [
        'Compare the lines `mx:` of [?domain `https://mta-sts.{domain}/.well-known/mta-sts.txt`?:the policy?] with the MX: [?domain `Resolve-DnsName {domain} -Type MX`?:`Resolve-DnsName` with `-Type MX`?]',
        'When the MX is right, add it to the policy; else correct the MX, or get its host a certificate with its own name from a public CA',
        'After changing the policy, raise the id in the TXT record[?domain  `_mta-sts.{domain}`?:  `_mta-sts`?]: senders ask for the new policy only then',
        'Until it is mended, `mode: testing` in the policy, with a new id, lets mail through: senders report and deliver',
        'Probe the domain again, as only it has a policy: [?domain `/probe {domain} --all --tls require`?:`/probe` with `--all --tls require`?]',
      ],
      only: true,
    },
    invalid: {
      meaning: 'The certificate was not accepted; the words do not say which check failed.',
      steps: [
        { text: SHOW, owner: 'recipient' },
        {
          text: 'Check dates, names, chain and purpose (server authentication) in that order; replace what fails',
          owner: 'recipient',
        },
        {
          text: 'Compare the certificate that the send connector names with the installed ones: `Get-SendConnector | fl Name,TlsCertificateName`',
          owner: 'sender',
        },
        {
          text: 'Name the new one: `Set-SendConnector "{connector|Outbound to Office 365}" -TlsCertificateName "<I>issuer<S>subject"` with its issuer and subject',
          owner: 'sender',
        },
        BIND,
        HYBRID,
      ],
    },
  },
  confirm: [
    'A probe with `--tls require` fails at the certificate stage with the same reason.',
    '[?peer `openssl s_client -starttls smtp -connect {peer}:{port|25} -showcerts`?:`openssl s_client -starttls smtp -showcerts`?] shows the names, dates and chain that are presented.',
  ],
  next: ['[?peer `/probe {peer}`?:`/probe` the server?]: it shows the names, dates and chain of the certificate'],
  attach: ['Subject, alternative names, issuer, dates and thumbprint of the certificate that was presented'],
  see: [
    {
      title: 'Certificates for hybrid mail flow',
      url: 'https://learn.microsoft.com/exchange/certificate-requirements',
    },
    {
      title: 'NDR 450 4.4.317 UntrustedRoot',
      url: 'https://learn.microsoft.com/troubleshoot/exchange/email-delivery/ndr/fix-error-code-450-4-4-317-untrusted-root',
    },
    { title: 'How SMTP DANE works', url: 'https://learn.microsoft.com/purview/how-smtp-dane-works' },
    {
      title: 'Enhancing mail flow with MTA-STS',
      url: 'https://learn.microsoft.com/purview/enhancing-mail-flow-with-mta-sts',
    },
    { title: 'RFC 8461: MTA-STS', url: 'https://www.rfc-editor.org/rfc/rfc8461' },
    { title: 'RFC 7671: DANE operations', url: 'https://www.rfc-editor.org/rfc/rfc7671' },
  ],
  related: ['TlsHandshakeFailure', 'TlsNotOffered', 'AttributionFailure'],
});
