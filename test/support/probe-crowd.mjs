// A process of its own that probes one port many times at once and says what came of it and what memory it took.
// Uses the compiled prober; run with --expose-gc.
import { createKnowledge } from '../../dist/src/analysis/knowledge/knowledge.js';
import { systemClock } from '../../dist/src/clock.js';
import { loadConfig } from '../../dist/src/config.js';
import { createResolver } from '../../dist/src/dns/stub-resolver.js';
import { silentLogger } from '../../dist/src/log.js';
import { createProber } from '../../dist/src/probe/probe.js';

const unhandled = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
const prober = createProber({
  config: loadConfig(),
  resolver: createResolver({ timeoutMs: 500, tries: 1 }),
  clock: systemClock,
  knowledge: createKnowledge({ runbookUrl: (name) => `https://runbooks.example/${name}` }),
  logger: silentLogger(),
});

/** Bytes in use on the heap and outside of it, garbage included. */
function inUse() {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function probeOnce(port) {
  const began = performance.now();
  const target = { kind: 'ip', ip: '127.0.0.1', port };
  const report = await prober.probe(
    {
      text: `127.0.0.1:${port}`,
      target,
      depth: 'rcpt',
      tls: 'opportunistic',
      chunking: 'auto',
      pipelining: 'auto',
      tlsScan: false,
      all: false,
      to: 'kim@contoso.example',
    },
    { signal: new AbortController().signal },
  );
  const { errorType, cause, stage } = report;
  return { fault: `${errorType} ${cause} ${stage}`, ms: performance.now() - began };
}

process.on('message', async ({ port, count }) => {
  global.gc();
  const before = { used: inUse(), rss: process.memoryUsage.rss() };
  const most = { used: 0, rss: 0 };
  const timer = setInterval(() => {
    most.used = Math.max(most.used, inUse() - before.used);
    most.rss = Math.max(most.rss, process.memoryUsage.rss() - before.rss);
  }, 4);
  const probes = await Promise.all(Array.from({ length: count }, () => probeOnce(port)));
  clearInterval(timer);
  global.gc();
  process.send({
    faults: [...new Set(probes.map(({ fault }) => fault))],
    slowestMs: Math.max(...probes.map(({ ms }) => ms)),
    peakUsed: most.used,
    peakRss: most.rss,
    kept: inUse() - before.used,
    unhandled,
  });
});
process.send('ready');
