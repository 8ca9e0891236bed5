import { article } from '../article.ts';

/** What to do about AttributionFailure. */
export const ATTRIBUTION_FAILURE = article({
  errorType: 'AttributionFailure',
  title: 'Attribution failure',
  meaning:
    "Exchange Online could not tell which tenant the message belongs to, or the tenant's connector does not accept the sending server.",
  steps: [
    'Send one message and look for it in the message trace of the tenant: a RECEIVE row means that it is attributed again',
  ],
  causes: {
    attribution: {
      meaning:
        'The front door could not attribute the message to a tenant: by itself (ATTR, 4xx) that is a fault of the service (GLS), with "Relay Access Denied" or 5.7.64 it is the connector.',
      steps: [
        {
          text: 'Let the sender retry and watch service health (Exchange Online): a 4xx with ATTR and nothing else is mended by the service',
          owner: 'service',
        },
        {
          text: "Check that the MX names the tenant's own host: [?domain `Resolve-DnsName {domain} -Type MX`?:`Resolve-DnsName` with `-Type MX`?] ends in `mail.protection.outlook.com` or `mx.microsoft`",
          owner: 'service',
        },
        {
          text: 'Check that no smart host is an IP address of Office 365 or `mail.messaging.microsoft.com` (ATTR35): `Get-SendConnector | fl Name,SmartHosts`',
          owner: 'service',
        },
        {
          text: 'When it lasts over 30 minutes, open a support case: whole replies with host, time and session, domain, sending address',
          owner: 'service',
        },
        {
          text: 'Compare the inbound connector with the server: `Get-InboundConnector | fl Name,ConnectorType,SenderIPAddresses,TlsSenderCertificateName`',
          owner: 'sender',
        },
        {
          text: 'Check which certificate the server sends: `Get-SendConnector "{connector|Outbound to Office 365}" | fl TlsCertificateName,Fqdn`',
          owner: 'sender',
        },
        {
          text: 'Put the new address or certificate name into the connector; the name must be an accepted domain: `Get-AcceptedDomain`',
          owner: 'sender',
        },
        {
          text: 'After renewing the certificate, run the Hybrid Configuration Wizard again',
          owner: 'sender',
        },
      ],
    },
    'connector-mismatch': {
      meaning:
        'A partner connector restricts the domain to certain addresses or a certificate, and the sending server shows neither (5.7.51).',
      steps: [
        'Read the restriction: `Get-InboundConnector | fl Name,SenderDomains,RestrictDomainsToIPAddresses,RestrictDomainsToCertificate`',
        'Add the sending address[?senderIp  {senderIp}?] or certificate to that connector: `Set-InboundConnector` with `-SenderIPAddresses` or `-TlsSenderCertificateName`',
        'When the domain sends from elsewhere too, lift the restriction: `Set-InboundConnector` with `-RestrictDomainsToIPAddresses $false`',
      ],
    },
  },
  confirm: ['The message trace of the tenant has no row for the message: it was refused before it was attributed.'],
  next: ['Ask whether the public address or the certificate of the sending server changed lately'],
  attach: [
    'The whole reply with host, time and session, the domain and the sending address',
    'The settings of the inbound connector, and name and thumbprint of the certificate that the server sends',
  ],
  see: [
    {
      title: 'Fix NDR 5.7.64 TenantAttribution',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-5-7-64-in-exchange-online',
    },
    {
      title: 'ATTR35 when mail is sent to Exchange Online',
      url: 'https://learn.microsoft.com/exchange/troubleshoot/email-delivery/wrong-office-365-region-exo',
    },
    {
      title: 'Set up connectors to route mail',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/use-connectors-to-configure-mail-flow/set-up-connectors-to-route-mail',
    },
  ],
  related: ['ProxyDnsFailure', 'PolicyRejected', 'CertificateFailure'],
});
