import { article } from '../article.ts';

const hung = (stage: string): { meaning: string } => ({
  meaning: `The probe hung at the ${stage} stage until its deadline.`,
});

/** What to do about ProbeTimeout. */
export const PROBE_TIMEOUT = article({
  errorType: 'ProbeTimeout',
  title: 'Probe timeout',
  meaning: 'The probe did not finish before its deadline. The stage it hung in tells which part is slow.',
  steps: [
    'Look at the last reply: "250 Recipient OK" means that the front end is fine and the part behind it is slow',
    'Probe again with more time: /probe {host|<host>} --timeout 120',
    'Check the port and the greeting by hand: Test-NetConnection {host|<host>} -Port 25, then telnet {host|<host>} 25',
  ],
  causes: {
    dns: hung('DNS'),
    connect: {
      ...hung('connect'),
      steps: ['A firewall that drops packets looks like this: check its drop log for TCP port 25'],
    },
    banner: {
      ...hung('banner'),
      steps: [
        'The connection stands but no greeting comes: look for tarpitting, slow reverse DNS lookups and an overloaded front door',
      ],
    },
    ehlo: hung('EHLO'),
    starttls: hung('STARTTLS'),
    tls: { ...hung('TLS'), steps: ['Check the path MTU and TLS inspection'] },
    certificate: hung('certificate'),
    auth: hung('authentication'),
    mail: hung('MAIL'),
    rcpt: {
      ...hung('RCPT'),
      steps: ['Slow recipient look-ups or greylisting delay the answer: look at the directory behind the server'],
    },
    data: {
      ...hung('DATA'),
      steps: ['The hub behind the front end is slow: look at its queues and at shadow redundancy'],
    },
    bdat: {
      ...hung('BDAT'),
      steps: ['The hub behind the front end is slow: look at its queues and at shadow redundancy'],
    },
    'end-of-data': {
      ...hung('end of data'),
      steps: ['The hub is slow to accept: content filters, shadow redundancy or its disk'],
    },
    quit: hung('QUIT'),
  },
  confirm: ['A second probe from another network hangs at the same stage.'],
  next: ['Compare the stage times with those of the last good probe'],
  attach: ['The transcript with its times'],
  see: [{ title: 'RFC 5321 section 4.5.3.2: timeouts', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2' }],
});
