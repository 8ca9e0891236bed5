import { type AskOptions, askServer, RCODES } from './ask-server.ts';
import type { NoReply } from './exchange.ts';
import type { DnsQuestion } from './question.ts';
import type { DnsMessage } from './read-message.ts';
import type { ServerAddress } from './server-address.ts';

/** What the servers have to say: an answer, that there is none, or why they give none. */
export type ServersSay = { status: 'answered'; message: DnsMessage } | { status: 'servfail' | 'dnssec' | NoReply };

/** Milliseconds that finding the reason of a SERVFAIL may take on top. */
const DNSSEC_CHECK_MS = 1000;

/** What a failure tells, most telling first: one server's SERVFAIL says more than another's silence. */
const TELLING = ['dnssec', 'servfail', 'refused', 'invalid', 'timeout'] as const;

/**
 * Asks the servers in turn, `tries` rounds at most. The first that answers, or denies that the name exists, decides; one
 * that fails or refuses is not asked again, one that is silent is. Rejects only when aborted.
 */
export async function askServers(
  servers: readonly ServerAddress[],
  question: DnsQuestion,
  tries: number,
  options: AskOptions,
): Promise<ServersSay> {
  const failures = new Set<(typeof TELLING)[number]>();
  let open = servers;
  for (let round = 0; round < tries && open.length > 0; round += 1) {
    const silent: ServerAddress[] = [];
    for (const server of open) {
      const said = await askOne(server, question, options);
      if (said.status === 'answered') return said;
      failures.add(said.status);
      if (said.status === 'timeout') silent.push(server);
    }
    open = silent;
  }
  return { status: TELLING.find((status) => failures.has(status)) ?? 'refused' };
}

async function askOne(server: ServerAddress, question: DnsQuestion, options: AskOptions): Promise<ServersSay> {
  const reply = await askServer(server, question, options);
  if (typeof reply !== 'object') return { status: reply };
  switch (reply.rcode) {
    case RCODES.NOERROR:
    case RCODES.NXDOMAIN:
      return { status: 'answered', message: reply };
    case RCODES.SERVFAIL:
      return { status: (await isDnssecFailure(server, question, options)) ? 'dnssec' : 'servfail' };
    default:
      return { status: 'refused' };
  }
}

/**
 * Did the server say SERVFAIL because the zone's signatures are broken? Then it answers as soon as it is told not to check
 * them (CD, RFC 4035 3.2.2), which is what `dig +cd` shows, and still fails when it may. Silence is a no.
 */
async function isDnssecFailure(server: ServerAddress, question: DnsQuestion, options: AskOptions): Promise<boolean> {
  const patience = { ...options, timeoutMs: Math.min(options.timeoutMs, DNSSEC_CHECK_MS) };
  const [unchecked, checked] = await Promise.all([
    askServer(server, question, { ...patience, unchecked: true }),
    askServer(server, question, patience),
  ]);
  if (typeof unchecked !== 'object' || typeof checked !== 'object') return false;
  return (
    checked.rcode === RCODES.SERVFAIL && (unchecked.rcode === RCODES.NOERROR || unchecked.rcode === RCODES.NXDOMAIN)
  );
}
