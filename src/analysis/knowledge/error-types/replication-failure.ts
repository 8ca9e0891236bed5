import { article } from '../article.ts';

const MEANING =
  'The hub server got the message but could not make a shadow copy of it, so it did not accept it. The sender keeps it and retries.';

/** What to do about ReplicationFailure. */
export const REPLICATION_FAILURE = article({
  errorType: 'ReplicationFailure',
  title: 'Replication failure',
  meaning: MEANING,
  steps: [
    'See whose server says it: a name in brackets under `outlook.com` is the service, any other is an Exchange server of your own',
    'Change nothing for the service: the sender keeps the mail, and a retry meets another server. Watch service health (Exchange Online)',
    'When it lasts over 30 minutes, open a support case: three whole replies with the server in brackets, their UTC times and the EHLO name',
    'Count the failures by DAG: one DAG is the trouble of its servers, many DAGs are the forest',
    'On your own DAG, check its members: [?server `Test-ReplicationHealth {server}`?:`Test-ReplicationHealth`?], `Get-ServerComponentState` for `HubTransport`',
    'On your own DAG with one server up, accept without a copy: `Set-TransportConfig -RejectMessageOnShadowFailure $false` (the default)',
  ],
  causes: { 'shadow-copy': { meaning: MEANING } },
  confirm: [
    'The reply is 451 4.4.24, 4.4.25 or 4.4.28 and comes after the message data: everything before it was good.',
    'On your own DAG: `Get-Queue | where DeliveryType -eq ShadowRedundancy` shows shadow queues that grow or stand.',
  ],
  next: ['Count the failing probes by DAG: one DAG is an incident of that DAG, many are the forest'],
  attach: [
    'Three failing replies in full, with the server in brackets, time and zone',
    'The DAG and forest of each, and the share of failing messages',
  ],
  see: [
    {
      title: 'Shadow redundancy',
      url: 'https://learn.microsoft.com/exchange/mail-flow/transport-high-availability/shadow-redundancy',
    },
    { title: 'Back pressure', url: 'https://learn.microsoft.com/exchange/mail-flow/back-pressure' },
  ],
  related: ['ServerBusy', 'ProxyDnsFailure', 'ProbeTimeout'],
});
