import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { type App, assemble, type Connect } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { startMailWorld } from '../../src/sandbox/mail-world.ts';

/** The whole product in this process, over a mail world of its own. */
export interface Product {
  app: App;
  /** Lines that were logged as errors: none is expected, whatever is asked. */
  bugs: string[];
  dataDir: string;
  close(): Promise<void>;
}

/**
 * Starts it with these platforms, in a folder of its own and with room for more probes than a person would ask for.
 * `crashed` is the folder of a product that still runs: what a kill -9 at this moment would leave is found at the start.
 */
export async function startProduct(
  env: Record<string, string>,
  connect: readonly Connect[],
  crashed?: string,
): Promise<Product> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'mailmedic-product-'));
  if (crashed !== undefined) {
    await cp(crashed, dataDir, { recursive: true, filter: (source) => !/\.(lock|tmp)$/.test(source) });
  }
  const own = {
    MAILMEDIC_DATA_DIR: dataDir,
    MAILMEDIC_HTTP_PORT: '0',
    MAILMEDIC_PROBE_PER_USER_PER_MINUTE: '1000',
    MAILMEDIC_PROBE_PER_TARGET_PER_MINUTE: '1000',
  };
  const bugs: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line) => bugs.push(line) });
  const config = loadConfig({ env: { ...own, ...env } });
  const app = await assemble({ config, logger, world: await startMailWorld(), connect });
  return {
    app,
    bugs,
    dataDir,
    async close() {
      await app.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
