import { article } from '../article.ts';

const MEANING =
  'The front end accepted the session but could not find or reach the back end it hands messages to (PRX). In Exchange Online this is a fault of the service (EOP side); mail is retried.';

/** What to do about ProxyDnsFailure. */
export const PROXY_DNS_FAILURE = article({
  errorType: 'ProxyDnsFailure',
  title: 'Proxy failure',
  meaning: MEANING,
  steps: [
    'See whose server says PRX: a host under `outlook.com` is the service, any other name is an Exchange server of your own',
    'Change nothing for the service: the sender keeps the mail and retries. Watch service health (Exchange Online)',
    'When it lasts over 30 minutes, open a support case: three whole replies with host name, UTC time and session, and the EHLO name',
    'Count the failures by DAG and EOP forest: many DAGs, before the hub answers, is the front door; one DAG is its servers',
    'On your own Exchange, compare the DNS servers of the front end: `Get-FrontendTransportService | fl Name,*DNS*`, `Get-DnsClientServerAddress`',
    'On your own Exchange, check the back end: [?server `Get-ServerComponentState {server}`?:`Get-ServerComponentState` of each server?], `Get-Service MSExchangeTransport`, port 2525',
  ],
  causes: { proxy: { meaning: MEANING } },
  confirm: [
    'The replies carry PRX, and the connection itself stands: banner, EHLO and TLS are good, it breaks before the hub answers.',
    'The failures are spread over several DAGs and share the EOP forest in the host name (`eop-nam12`, `eop-eur03`).',
    'On your own servers: the front-end send log has "Failed to connect" or "Setting up client proxy session failed".',
  ],
  next: ['Count the failing probes by DAG and by forest: the spread tells whose it is'],
  attach: [
    'Three failing replies in full, each with host, time with zone, and session id',
    'The EHLO name and sending address of those sessions, so that the service can find them in its protocol logs',
    'The share of failing messages and since when',
  ],
  see: [
    {
      title: 'NDRs in Exchange Online',
      url: 'https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online',
    },
    { title: 'Mail flow and the transport pipeline', url: 'https://learn.microsoft.com/exchange/mail-flow/mail-flow' },
  ],
  related: ['ReplicationFailure', 'AttributionFailure', 'ProbeTimeout'],
});
