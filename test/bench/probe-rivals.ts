import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-info.ts';
import { SINK_NAME, type Sink } from './probe-clients.ts';
import { pidOf } from './probe-process.ts';

const run = promisify(execFile);

/** Packages are unpacked here, not installed; git does not see it. */
const CACHE = path.join(packageRoot, 'test/bench/.cache');
const PACKAGES = {
  'prometheus-blackbox-exporter': 'usr/bin/prometheus-blackbox-exporter',
  'monitoring-plugins-basic': 'usr/lib/nagios/plugins/check_smtp',
} as const;

/** A program out of a Debian package, fetched once; undefined where that is not possible, and then a line says why. */
export async function debianProgram(name: keyof typeof PACKAGES): Promise<string | undefined> {
  const program = path.join(CACHE, PACKAGES[name]);
  if (existsSync(program)) return program;
  try {
    await mkdir(CACHE, { recursive: true });
    await run('apt-get', ['download', name], { cwd: CACHE, timeout: 120_000 });
    const file = (await readdir(CACHE)).find((one) => one.startsWith(`${name}_`) && one.endsWith('.deb'));
    if (file === undefined) throw new Error('apt-get left no file');
    await run('dpkg-deb', ['-x', file, '.'], { cwd: CACHE });
    return program;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    console.log(`Without ${name}, which cannot be fetched here: ${why}`);
    return undefined;
  }
}

/** The conversation of a full STARTTLS probe in the words of blackbox_exporter: to the 221, and the chain is verified. */
const MODULE = {
  prober: 'tcp',
  timeout: '10s',
  tcp: {
    preferred_ip_protocol: 'ip4',
    query_response: [
      { expect: '^220 ' },
      { send: 'EHLO bench.contoso.example\r' },
      { expect: '^250-STARTTLS' },
      { expect: '^250 ' },
      { send: 'STARTTLS\r' },
      { expect: '^220 ' },
      { starttls: true },
      { send: 'EHLO bench.contoso.example\r' },
      { expect: '^250 ' },
      { send: 'QUIT\r' },
      { expect: '^221 ' },
    ],
  },
};

/** A running blackbox_exporter; `probe` throws when a probe of the sink does not succeed. */
export interface Exporter {
  pid: number;
  probe(): Promise<void>;
  stop(): void;
}

/**
 * @param folder where its configuration and the root may be written
 * @param core the one core that it may use; it sizes itself by that when it starts
 */
export async function startBlackbox(
  program: string,
  sink: Sink,
  { folder, core }: { folder: string; core: string | undefined },
): Promise<Exporter> {
  const ca = path.join(folder, 'root.pem');
  const config = path.join(folder, 'blackbox.yml');
  await writeFile(ca, sink.ca);
  const tcp = { ...MODULE.tcp, tls_config: { ca_file: ca, server_name: SINK_NAME } };
  // YAML 1.2 takes JSON as it is.
  await writeFile(config, JSON.stringify({ modules: { smtp_starttls: { ...MODULE, tcp } } }));
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const args = [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  const [command, ...rest] = [...(core === undefined ? [] : ['taskset', '--cpu-list', core]), program, ...args];
  const child = spawn(command ?? program, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
  const probe = scraper(`http://127.0.0.1:${port}/probe?target=127.0.0.1:${sink.port}&module=smtp_starttls`);
  const stop = (): void => void child.kill();
  try {
    await untilItListens(port);
  } catch (error) {
    stop();
    throw error;
  }
  return { pid: pidOf(child), probe, stop };
}

async function untilItListens(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await get(`http://127.0.0.1:${port}/-/healthy`, new http.Agent(), {});
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('blackbox_exporter does not listen');
}

/** Asks an exporter as Prometheus does, over connections that stay open. */
export function scraper(url: string, headers: http.OutgoingHttpHeaders = {}): () => Promise<void> {
  const agent = new http.Agent({ keepAlive: true });
  return async () => {
    const text = await get(url, agent, headers);
    if (!/^probe_success 1$/m.test(text)) throw new Error(`the probe of the sink failed:\n${text}`);
  };
}

function get(url: string, agent: http.Agent, headers: http.OutgoingHttpHeaders): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
  });
}

/** One run of check_smtp, which is one process. Throws unless it says OK. */
export async function checkSmtp(program: string, port: number): Promise<void> {
  await run(program, ['-H', '127.0.0.1', '-p', String(port), '-S', '-F', 'bench.contoso.example']);
}
