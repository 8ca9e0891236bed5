import { article } from '../article.ts';

/** What to do about AttributionFailure. */
export const ATTRIBUTION_FAILURE = article({
  errorType: 'AttributionFailure',
  title: 'Attribution failure',
  meaning:
    "Exchange Online could not tell which tenant the message belongs to, or the tenant's connector does not accept the sending server.",
  steps: [
    'Compare the inbound connector with what the server really shows: Get-InboundConnector | fl Name,ConnectorType,SenderIPAddresses,TlsSenderCertificateName,RestrictDomainsToIPAddresses,RestrictDomainsToCertificate',
    'Check which certificate the on-premises server sends: Get-SendConnector "{connector|Outbound to Office 365}" | fl TlsCertificateName,Fqdn, and that its name is an accepted domain of the tenant',
    'When the public address has changed, update the connector, or better match by certificate',
    'Run the Hybrid Configuration Wizard again after renewing the certificate',
  ],
  causes: {
    attribution: {
      meaning:
        'The front door could not attribute the message to a tenant: by itself that is a fault of the service, with "Relay Access Denied" it is the connector.',
      steps: [
        'A 4xx answer with ATTR and nothing else passes by itself: wait and watch the service health page',
        "Check that the MX points to the tenant's own host: Resolve-DnsName {domain|<domain>} -Type MX",
      ],
    },
    'connector-mismatch': {
      meaning:
        'A partner connector restricts the domain to certain addresses or a certificate, and the sending server shows neither.',
      steps: ['Add the address or certificate of the sending server to the partner connector, or lift the restriction'],
    },
  },
  confirm: ['The message trace of the tenant has no row for the message: it was refused before it was attributed.'],
  next: ['Ask whether the public address or the certificate of the sending server changed lately'],
  attach: ["The reply with host, time and session, the sending address, and the connector's settings"],
  see: [
    {
      title: 'Fix NDR 5.7.64 TenantAttribution',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/fix-error-code-5-7-64-in-exchange-online',
    },
    {
      title: 'Set up connectors to route mail',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/use-connectors-to-configure-mail-flow/set-up-connectors-to-route-mail',
    },
  ],
});
