import { fork } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createKnowledge } from '../../src/analysis/knowledge/knowledge.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { createResolver } from '../../src/dns/system-resolver.ts';
import { silentLogger } from '../../src/log.ts';
import { createProber } from '../../src/probe/probe.ts';
import { createAuthority, type Identity } from '../support/certificates.ts';
import { startSmtpSink } from './smtp-sink.ts';

/**
 * `npm run bench:probe`: a probe of depth `tls` against a bare net and tls client that has the same conversation (banner,
 * EHLO, STARTTLS, handshake, EHLO, QUIT) with the same sink, which runs in a process of its own. Rounds alternate between
 * the two. What counts is the ratio: absolute times mean nothing on a shared machine.
 */
const HOST = 'mx1.contoso.example';
const ROUNDS = 12;
const PER_ROUND = 150;
const WARM_UP = 400;
const CONCURRENCY = 50;

type Task = () => Promise<void>;

interface Sample {
  /** Milliseconds of each run, or of the whole round where several run side by side. */
  times: number[];
  /** Milliseconds of processor time of this process for one run. */
  cpu: number[];
}

/** The conversation with nothing around it: no limits, no verdict, no transcript. */
function bareClient(port: number, ca: string): Task {
  const secureContext = tls.createSecureContext({ ca: [...tls.rootCertificates, ca] });
  return async () => {
    const raw = net.connect({ host: '127.0.0.1', port });
    await reply(raw);
    await ask(raw, 'EHLO bench.contoso.example');
    await ask(raw, 'STARTTLS');
    raw.removeAllListeners('data');
    const secure = tls.connect({ socket: raw, servername: HOST, secureContext });
    await once(secure, 'secureConnect');
    if (!secure.authorized) throw new Error(`the bare client does not trust the sink: ${secure.authorizationError}`);
    await ask(secure, 'EHLO bench.contoso.example');
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

/** The product's own prober, as the services wire it. */
function ourProber(port: number, ca: string): Task {
  const config = loadConfig({ env: { MAILMEDIC_EGRESS_ALLOW: '127.0.0.0/8' } });
  const limits = { perUserPerMinute: 1e9, perTargetPerMinute: 1e9, concurrency: 1000, helo: 'bench.contoso.example' };
  const prober = createProber({
    config: { ...config, probe: { ...config.probe, ...limits } },
    resolver: createResolver({ server: '127.0.0.1:9' }),
    clock: systemClock,
    knowledge: createKnowledge({ runbookUrl: (errorType) => `https://runbooks.example/${errorType}` }),
    logger: silentLogger(),
    ca: [ca],
  });
  const request = {
    text: HOST,
    target: { kind: 'host', host: HOST, port },
    hostIp: '127.0.0.1',
    depth: 'tls',
    tls: 'require',
    chunking: 'auto',
    pipelining: 'auto',
    tlsScan: false,
    all: false,
  } as const;
  const { signal } = new AbortController();
  return async () => {
    const { verdict, summary } = await prober.probe(request, { signal });
    if (verdict !== 'ok') throw new Error(`the probe found fault with the sink: ${summary}`);
  };
}

async function oneAfterTheOther(task: Task, sample: Sample): Promise<void> {
  const cpu = process.cpuUsage();
  for (let run = 0; run < PER_ROUND; run += 1) {
    const began = performance.now();
    await task();
    sample.times.push(performance.now() - began);
  }
  sample.cpu.push(cpuMs(cpu) / PER_ROUND);
}

async function sideBySide(task: Task, sample: Sample): Promise<void> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let left = PER_ROUND * 4;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await task();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  sample.times.push((performance.now() - began) / (PER_ROUND * 4));
  sample.cpu.push(cpuMs(cpu) / (PER_ROUND * 4));
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(
  title: string,
  measure: (task: Task, sample: Sample) => Promise<void>,
  tasks: { ours: Task; bare: Task },
): Promise<void> {
  const ours: Sample = { times: [], cpu: [] };
  const bare: Sample = { times: [], cpu: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    await measure(tasks.bare, bare);
    await measure(tasks.ours, ours);
  }
  const [ourMs, bareMs, ourCpu, bareCpu] = [ours.times, bare.times, ours.cpu, bare.cpu].map(median) as [
    number,
    number,
    number,
    number,
  ];
  const rate = (ms: number): string => `${Math.round(1000 / ms)}/s`;
  console.log(
    `${title}: ${ourMs.toFixed(2)} ms a probe (${rate(ourMs)}), bare ${bareMs.toFixed(2)} ms (${rate(bareMs)}), ` +
      `ratio ${(ourMs / bareMs).toFixed(2)}; processor ${ourCpu.toFixed(2)} ms and ${bareCpu.toFixed(2)} ms, ` +
      `ratio ${(ourCpu / bareCpu).toFixed(2)}`,
  );
}

async function main(): Promise<void> {
  const root = await createAuthority('Bench root');
  const identity = await root.issue({ names: [HOST] });
  const sink = fork(fileURLToPath(import.meta.url), ['sink']);
  sink.send(identity);
  const [port] = (await once(sink, 'message')) as [number];
  try {
    const tasks = { ours: ourProber(port, root.cert), bare: bareClient(port, root.cert) };
    for (let run = 0; run < WARM_UP; run += 1) {
      await tasks.bare();
      await tasks.ours();
    }
    await compare('one after the other', oneAfterTheOther, tasks);
    await compare(`${CONCURRENCY} side by side`, sideBySide, tasks);
  } finally {
    sink.kill();
  }
}

async function serveSink(): Promise<void> {
  const [identity] = (await once(process, 'message')) as [Identity];
  const { port } = await startSmtpSink(identity);
  process.send?.(port);
}

if (process.argv[2] === 'sink') await serveSink();
else await main();
