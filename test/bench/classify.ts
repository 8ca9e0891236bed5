import { classifyReply } from '../../src/analysis/reply/classify-reply.ts';

/**
 * Microseconds of processor time a reply, over a mix of short and long replies, wrappers and LED strings. A command, not a
 * test: run it with `node dist/test/bench/classify.js`.
 */
const MIX = [
  '250 2.1.5 Recipient OK',
  '550 5.1.1 <kim@fabrikam.example>: Recipient address rejected: User unknown in virtual mailbox table',
  '552 5.2.2 Mailbox full',
  '421 4.4.2 Connection dropped due to SocketError',
  '450 4.2.0 <kim@fabrikam.example>: Recipient address rejected: Greylisted, please try again in 300 seconds',
  '554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using zen.spamhaus.org',
  '550-5.7.26 Your email has been blocked because the sender is unauthenticated.\n550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\n550 5.7.26  https://support.google.com/mail/answer/81126 - gsmtp',
  '451 4.7.500 Server busy. Please try again later from [198.51.100.7]. (S77719) [HE1EUR02FT061.eop-EUR02.prod.protection.outlook.com]',
  '[{LED=450 4.4.316 Connection refused};{MSG=Socket error code 10061};{FQDN=smtp.fabrikam.example};{IP=203.0.113.9};{LRT=9/14/2026 3:07:55 PM}]',
  'host mx1.fabrikam.example[192.0.2.62] said: 550 5.7.1 Unable to relay for kim@fabrikam.example (in reply to RCPT TO command)',
];
const ROUNDS = 5000;

function round(times: number): void {
  for (let count = 0; count < times; count += 1) for (const text of MIX) classifyReply(text);
}

round(ROUNDS / 5);
const before = process.cpuUsage();
round(ROUNDS);
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  `${((user + system) / (ROUNDS * MIX.length)).toFixed(1)} µs a reply (${MIX.length} kinds, ${ROUNDS} rounds)\n`,
);
