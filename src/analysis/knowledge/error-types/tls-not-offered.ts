import { article } from '../article.ts';

/** What to do about TlsNotOffered. */
export const TLS_NOT_OFFERED = article({
  errorType: 'TlsNotOffered',
  title: 'TLS not offered',
  meaning: 'TLS is demanded on this path, and the session could not use it.',
  steps: [
    {
      text: 'After renewing the certificate in a hybrid setup, run the Hybrid Configuration Wizard again: the connectors hold the old one',
      owner: 'recipient',
    },
    'Probe again: [?peer `/probe {peer} --tls require`?:`/probe` with `--tls require`?]; the STARTTLS stage must turn green',
  ],
  causes: {
    'starttls-missing': {
      meaning:
        'TLS is demanded on this path, but the receiving server does not offer STARTTLS, or the sender did not use it.',
      steps: [
        {
          text: 'Look for event 12014 (MSExchangeTransport) on {host|the server}: Exchange hides STARTTLS when no certificate fits the name of the connector',
          owner: 'recipient',
        },
        {
          text: 'Bind a valid certificate: `Enable-ExchangeCertificate` with its thumbprint and `-Services SMTP`, then `Restart-Service MSExchangeFrontEndTransport`',
          owner: 'recipient',
        },
        {
          text: 'Look for XXXX in the EHLO answer: a firewall that inspects SMTP hides STARTTLS (Cisco ASA: `no inspect esmtp`)',
          owner: 'recipient',
        },
        {
          text: 'Switch TLS on where the mail is sent: `Get-SendConnector | fl Name,RequireTLS,IgnoreSTARTTLS,TlsAuthLevel`; `IgnoreSTARTTLS` must be False',
          owner: 'sender',
        },
        {
          text: 'Read the send log for "TLS negotiation failed": the sender then goes on without TLS and is refused. TLS 1.2 must be enabled on it',
          owner: 'sender',
        },
        {
          text: 'Check that the sender trusts `DigiCert Global Root G2`: Exchange Online chains to it since 30 April 2026',
          owner: 'sender',
        },
      ],
    },
    'starttls-refused': {
      meaning: 'The server offers STARTTLS but refuses to begin it (454): its TLS cannot start.',
      steps: [
        'Check that the certificate of SMTP has its private key: `Get-ExchangeCertificate | fl Thumbprint,HasPrivateKey,NotAfter,Services`',
        'Give NETWORK SERVICE read permission on that private key (`certlm.msc`, Manage Private Keys)',
        'Restart the service and look for SChannel events 36870 and 36871: `Restart-Service MSExchangeFrontEndTransport`',
      ],
    },
  },
  confirm: [
    '[?peer `openssl s_client -starttls smtp -connect {peer}:{port|25}`?:`openssl s_client -starttls smtp`?] says that STARTTLS is missing, or shows the 454 answer.',
    'The server offers STARTTLS inside its network but not outside: a device in between hides it.',
  ],
  next: [
    'When you are the sender and TLS is offered, look at your own connector: `Get-SendConnector | fl Name,RequireTLS,TlsAuthLevel,TlsCertificateName`',
  ],
  attach: ['The EHLO answer and the answer to STARTTLS, with the time', 'The name and dates of the SMTP certificate'],
  see: [
    { title: 'RFC 3207: SMTP over TLS', url: 'https://www.rfc-editor.org/rfc/rfc3207' },
    {
      title: 'How Exchange Online uses TLS',
      url: 'https://learn.microsoft.com/purview/exchange-online-uses-tls-to-secure-email-connections',
    },
    {
      title: 'Certificates for hybrid mail flow',
      url: 'https://learn.microsoft.com/exchange/certificate-requirements',
    },
  ],
  related: ['TlsHandshakeFailure', 'CertificateFailure', 'ProtocolError'],
});
