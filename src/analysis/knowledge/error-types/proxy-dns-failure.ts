import { article } from '../article.ts';

/** What to do about ProxyDnsFailure. */
export const PROXY_DNS_FAILURE = article({
  errorType: 'ProxyDnsFailure',
  title: 'Proxy failure',
  meaning:
    'The front end accepted the session but could not find or reach the back end it hands messages to (PRX). In Exchange Online this is a fault of the service; mail is retried.',
  steps: [
    'See how far it spreads: failures over many DAGs before the hub is reached point to the front door; one DAG points to its servers',
    'In Exchange Online nothing has to be changed on your side: retrying delivers. Open a support case when it lasts longer than the service health page explains',
    'On your own Exchange servers check the DNS servers on every network adapter and Get-TransportService | fl ExternalDNS*,InternalDNS*: the front end must resolve the back end',
    'Check the health of the back end: Get-ServerComponentState {server|<server>} and Test-ServiceHealth',
  ],
  causes: {
    proxy: {
      meaning:
        'The front end could not find or reach the back end it proxies to. In Exchange Online this is a fault of the service; mail is retried.',
    },
  },
  confirm: [
    'The replies carry PRX and the same host suffix, and the connection itself stands: it breaks before the hub answers.',
  ],
  next: ['Count the failing probes by DAG and by forest: the spread tells whose it is'],
  attach: ['Host, time and session of three failing replies'],
  see: [
    {
      title: '451 4.7.0 Temporary server error',
      url: 'https://learn.microsoft.com/exchange/troubleshoot/email-delivery/451-470-temporary-server-error',
    },
  ],
});
