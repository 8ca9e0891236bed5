import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { createKnowledge } from '../../src/analysis/knowledge/knowledge.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { createResolver } from '../../src/dns/stub-resolver.ts';
import { silentLogger } from '../../src/log.ts';
import { createProber } from '../../src/probe/probe.ts';
import type { ProbeReport } from '../../src/probe/report.ts';

/** Name for which the sink's certificate is issued. */
export const SINK_NAME = 'mx1.contoso.example';
const HELO = 'bench.contoso.example';

/** Where the sink is and who vouches for it. */
export interface Sink {
  port: number;
  /** PEM of the root. */
  ca: string;
}

/** The conversation with nothing around it: no limits, no verdict, no transcript. */
export function bareClient({ port, ca }: Sink): () => Promise<void> {
  const secureContext = tls.createSecureContext({ ca: [...tls.rootCertificates, ca] });
  return async () => {
    const raw = net.connect({ host: '127.0.0.1', port });
    await reply(raw);
    await ask(raw, `EHLO ${HELO}`);
    await ask(raw, 'STARTTLS');
    raw.removeAllListeners('data');
    const secure = tls.connect({ socket: raw, servername: SINK_NAME, secureContext });
    await once(secure, 'secureConnect');
    if (!secure.authorized) throw new Error(`the bare client does not trust the sink: ${secure.authorizationError}`);
    await ask(secure, `EHLO ${HELO}`);
    await ask(secure, 'QUIT');
    secure.end();
  };
}

function ask(socket: net.Socket, line: string): Promise<string> {
  const answer = reply(socket);
  socket.write(`${line}\r\n`);
  return answer;
}

function reply(socket: net.Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (data: Buffer): void => {
      text += data.toString('latin1');
      if (!/(?:^|\n)\d{3}(?: .*)?\r\n$/.test(text)) return;
      socket.off('data', onData);
      resolve(text);
    };
    socket.on('data', onData);
    socket.once('error', reject);
  });
}

/** The product's own prober, as the services wire it, with its limits out of the way. */
export function ourClient({ port, ca }: Sink): (signal?: AbortSignal) => Promise<ProbeReport> {
  const config = loadConfig({ env: { MAILMEDIC_EGRESS_ALLOW: '127.0.0.0/8' } });
  const limits = {
    perUserPerMinute: 1e9,
    perTargetPerMinute: 1e9,
    perMinute: 1e9,
    concurrency: 10_000,
    stageTimeoutS: 60,
    timeoutS: 120,
    helo: HELO,
  };
  const prober = createProber({
    config: { ...config, probe: { ...config.probe, ...limits } },
    resolver: createResolver({ server: '127.0.0.1:9' }),
    clock: systemClock,
    knowledge: createKnowledge({ runbookUrl: (errorType) => `https://runbooks.example/${errorType}` }),
    logger: silentLogger(),
    ca: [ca],
  });
  const request = {
    text: SINK_NAME,
    target: { kind: 'host', host: SINK_NAME, port },
    hostIp: '127.0.0.1',
    depth: 'tls',
    tls: 'require',
    chunking: 'auto',
    pipelining: 'auto',
    tlsScan: false,
    all: false,
  } as const;
  const always = new AbortController().signal;
  return async (signal = always) => {
    const report = await prober.probe(request, { signal });
    if (report.verdict !== 'ok') throw new Error(`the probe found fault with the sink: ${report.summary}`);
    return report;
  };
}
