import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Identity } from '../support/certificates.ts';
import { bareClient, ourClient, type Sink } from './probe-clients.ts';
import { checkSmtp } from './probe-rivals.ts';
import { type Round, runRound } from './probe-round.ts';
import { startSmtpSink } from './smtp-sink.ts';

/** The parts of the bench that have a process of their own. Each answers every message of its parent with one. */
const ROLES = { bare, ours, endpoint, command, sink } as const;

async function bare(setup: Sink): Promise<void> {
  await serveRounds(bareClient(setup));
}

async function ours(setup: Sink): Promise<void> {
  const probe = ourClient(setup);
  await serveRounds(() => probe());
}

/** check_smtp, one process a probe. */
async function command({ program, port }: { program: string; port: number }): Promise<void> {
  await serveRounds(() => checkSmtp(program, port));
}

/** Answers each round with the milliseconds that it took. */
async function serveRounds(task: () => Promise<unknown>): Promise<void> {
  for (let round = await answer<Round>({}); ; ) {
    const began = performance.now();
    await runRound(task, round);
    round = await answer<Round>({ ms: performance.now() - began });
  }
}

/** `GET /probe` of the product. */
async function endpoint(setup: Sink & { token: string }): Promise<void> {
  // What only this role needs must not count as memory of the others.
  const { default: express } = await import('express');
  const { addProbeEndpoint } = await import('../../src/http/probe-endpoint.ts');
  const probe = ourClient(setup);
  const app = express();
  addProbeEndpoint(app, {
    token: setup.token,
    maxTimeoutS: 60,
    probe: (_target, _module, { signal }) => probe(signal),
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await answer({ port: (server.address() as AddressInfo).port });
}

async function sink({ holdUntil = 0, ...identity }: Identity & { holdUntil?: number }): Promise<void> {
  // The one message after the setup asks for the moment when all are held; the next lets them go.
  let held: (() => void) | undefined;
  const allHeld = new Promise<void>((resolve) => {
    held = resolve;
  });
  const { port } = await startSmtpSink(identity, {
    holdUntil,
    onAllHeld: async () => {
      held?.();
      await once(process, 'message');
    },
  });
  await answer({ port });
  await allHeld;
  process.send?.({});
}

/** Sends an answer and waits for the next message. */
async function answer<T>(message: object): Promise<T> {
  const next = once(process, 'message');
  process.send?.(message);
  return ((await next) as [T])[0];
}

process.once('disconnect', () => process.exit());
const role = ROLES[process.argv[2] as keyof typeof ROLES];
const [setup] = (await once(process, 'message')) as [never];
await role(setup);
