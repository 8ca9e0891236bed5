import { article } from '../article.ts';

/** What to do about CertificateFailure. */
export const CERTIFICATE_FAILURE = article({
  errorType: 'CertificateFailure',
  title: 'Certificate failure',
  meaning:
    'The certificate that was shown for SMTP was not accepted. Senders that require TLS fail; others still deliver.',
  steps: [
    'See what is presented: openssl s_client -starttls smtp -connect {host|<host>}:25 -showcerts',
    'Bind a certificate that is in date, carries the name and sends its chain: Get-ExchangeCertificate | fl Thumbprint,Subject,NotAfter,Services, then Enable-ExchangeCertificate -Thumbprint <thumbprint> -Services SMTP',
    'In a hybrid setup run the Hybrid Configuration Wizard again after a change: the connectors hold the name or thumbprint of the old certificate',
    'Probe {host|the server} again: the certificate stage must turn green',
  ],
  causes: {
    expired: {
      meaning: 'The certificate of the server has expired.',
      steps: ['Renew the certificate that is bound to SMTP on {host|the server}'],
    },
    'not-yet-valid': {
      meaning: 'The certificate is not valid yet, or the clock of one side is wrong.',
      steps: ['Check the clocks: w32tm /query /status'],
    },
    'name-mismatch': {
      meaning: 'The certificate is for another name than the one that was asked for.',
      steps: [
        'Get a certificate whose alternate names hold {host|the host name of the MX or smart host}, or correct the name that the connector expects (TlsDomain)',
      ],
    },
    'self-signed': {
      meaning: 'The certificate is self-signed: fine for opportunistic TLS, refused where the issuer is checked.',
      steps: ['Use a certificate of a public CA, or set the connector not to check the issuer'],
    },
    untrusted: {
      meaning: 'The issuer of the certificate is not trusted by the other side.',
      steps: ['Check for TLS inspection: an issuer that is a firewall says so'],
    },
    'incomplete-chain': {
      meaning: 'The server does not send the intermediate certificates, or the other side lacks the root.',
      steps: [
        'Install the intermediate certificates on {host|the server}',
        'On the side that checks, update the trusted roots (Exchange Online: DigiCert Global Root G2)',
      ],
    },
    'weak-key': {
      meaning: 'The key or signature of the certificate is too weak.',
      steps: ['Reissue the certificate with RSA 2048 bits or more, or ECDSA, and SHA-256'],
    },
    'dane-mismatch': {
      meaning:
        'The certificate does not match the TLSA record of the host, so senders that check DANE refuse to deliver.',
      steps: [
        'Publish a TLSA record for the present certificate before removing the old one: Resolve-DnsName _25._tcp.{host|<mx host>} -Type 52',
        'Publish the new record at least one TTL before the next change of certificate (RFC 7671 section 8)',
      ],
    },
    'mta-sts-mismatch': {
      meaning: 'The MX hosts or their certificates do not match the MTA-STS policy of the domain.',
      steps: [
        'Compare https://mta-sts.{domain|<domain>}/.well-known/mta-sts.txt with the live MX records and certificate names',
        'After changing the policy change the id in the _mta-sts TXT record',
      ],
    },
    invalid: {
      meaning: 'The certificate was not accepted; the words do not say which check failed.',
      steps: [
        'When the send connector names a certificate, compare: Get-SendConnector "{connector|<connector>}" | fl TlsCertificateName with the installed one, then Set-SendConnector "{connector|<connector>}" -TlsCertificateName "<I>issuer<S>subject"',
      ],
    },
  },
  confirm: ['A probe with --tls require fails at the certificate stage with the same reason.'],
  next: ['Probe {host|the server}: it shows the names, dates and chain of the certificate'],
  attach: ['Subject, alternate names, issuer, dates and thumbprint of the certificate that was presented'],
  see: [
    {
      title: 'Certificates for hybrid mail flow',
      url: 'https://learn.microsoft.com/exchange/certificate-requirements',
    },
    { title: 'How SMTP DANE works', url: 'https://learn.microsoft.com/purview/how-smtp-dane-works' },
    { title: 'RFC 8461: MTA-STS', url: 'https://www.rfc-editor.org/rfc/rfc8461' },
  ],
});
