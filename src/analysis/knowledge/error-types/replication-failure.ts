import { article } from '../article.ts';

/** What to do about ReplicationFailure. */
export const REPLICATION_FAILURE = article({
  errorType: 'ReplicationFailure',
  title: 'Replication failure',
  meaning:
    'The hub server got the message but could not make a shadow copy of it, so it did not accept it. The sender keeps it and retries.',
  steps: [
    'See whether the failures are concentrated on one DAG or site: then look at the health of its servers',
    'In Exchange Online nothing has to be changed on your side; retrying delivers',
    'On your own servers: Test-ReplicationHealth {server|<server>}, Get-ServerComponentState for HubTransport of every member, and the shadow queues: Get-Queue | where DeliveryType -eq ShadowRedundancy',
    'To keep mail flowing while only one server is up: Set-TransportConfig -RejectMessageOnShadowFailure $false, and set it back afterwards',
  ],
  causes: {
    'shadow-copy': {
      meaning:
        'No second server could take a shadow copy of the message, so the hub did not accept it. The sender keeps it and retries.',
    },
  },
  confirm: ['The reply is 451 4.4.24, 4.4.25 or 4.4.28 and comes after the message data.'],
  next: ['Count the failing probes by DAG'],
  attach: ['Host, time and session of three failing replies'],
  see: [
    {
      title: 'Shadow redundancy',
      url: 'https://learn.microsoft.com/exchange/mail-flow/transport-high-availability/shadow-redundancy',
    },
  ],
});
