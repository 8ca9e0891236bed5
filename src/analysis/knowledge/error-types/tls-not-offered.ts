import { article } from '../article.ts';

/** What to do about TlsNotOffered. */
export const TLS_NOT_OFFERED = article({
  errorType: 'TlsNotOffered',
  title: 'TLS not offered',
  meaning: 'TLS is demanded on this path, and the session could not use it.',
  steps: [
    'Ask the server: openssl s_client -starttls smtp -connect {host|<host>}:25. No STARTTLS in its answer means that it has no certificate that it can use for SMTP',
    'On Exchange, look for event 12014 (MSExchangeTransport), then bind a valid certificate: Enable-ExchangeCertificate -Thumbprint <thumbprint> -Services SMTP, and restart the transport services',
    "Check the certificate's name, dates and chain; since 30 April 2026 Exchange Online chains to DigiCert Global Root G2, which must be in the trust store",
    'After renewing a certificate in a hybrid setup run the Hybrid Configuration Wizard again, so that the connectors know the new one',
  ],
  causes: {
    'starttls-missing': {
      meaning:
        'TLS is demanded on this path, but the receiving server does not offer STARTTLS, or the sender did not use it.',
      steps: [
        'When a firewall stands in between, check that it does not hide STARTTLS: an EHLO answer with XXXX in it says so',
      ],
    },
    'starttls-refused': {
      meaning: 'The server offers STARTTLS but refuses to begin it: its TLS cannot start.',
      steps: [
        'Read the event log of {host|the server} at that time: a certificate without private key or a wrong permission on it is the usual reason',
      ],
    },
  },
  confirm: ['A probe of {host|the server} shows no STARTTLS among the capabilities, or a 4xx answer to it.'],
  next: [
    'When you are the sender and TLS is offered, look at your own send connector: RequireTLS, TlsAuthLevel and TlsCertificateName',
  ],
  attach: ['The EHLO answer and the answer to STARTTLS, with the time'],
  see: [
    { title: 'RFC 3207: SMTP over TLS', url: 'https://www.rfc-editor.org/rfc/rfc3207' },
    {
      title: 'How Exchange Online uses TLS',
      url: 'https://learn.microsoft.com/purview/exchange-online-uses-tls-to-secure-email-connections',
    },
  ],
});
