import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Daemons } from '../daemons.ts';
import type { Programs } from '../packages.ts';
import type { OpensmtpdSpec, Placed } from './server.ts';

/**
 * Starts one OpenSMTPD for all its servers. Its spool and its chroot are fixed at compile time, so it gets empty ones that
 * only this mount namespace sees.
 */
export async function startOpensmtpd(
  folder: string,
  programs: Programs,
  servers: readonly Placed<OpensmtpdSpec>[],
  daemons: Daemons,
): Promise<void> {
  const first = servers[0];
  if (first === undefined) return;
  for (const place of ['/var/lib', '/var/spool', '/var/run']) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', place]);
  }
  mkdirSync('/var/lib/opensmtpd/empty', { recursive: true, mode: 0o755 });
  mkdirSync('/var/spool/smtpd', { mode: 0o711 });
  mkdirSync(folder, { recursive: true });
  const config = path.join(folder, 'smtpd.conf');
  writeFileSync(config, smtpdConf(servers));
  chmodSync(config, 0o600);
  await daemons.start('opensmtpd', path.join(programs.root, 'usr/sbin/smtpd'), ['-d', '-f', config], {
    env: programs.env,
    waitFor: { ip: first.place.ip, port: first.spec.port ?? 25 },
  });
}

function smtpdConf(servers: readonly Placed<OpensmtpdSpec>[]): string {
  const lines = servers.flatMap(({ spec, place, domain }) => [
    `listen on ${place.ip} port ${spec.port ?? 25} hostname ${place.host}`,
    `match from any for domain "${domain}" action outward`,
  ]);
  // The relay is never reached: what is accepted stays in a queue that dies with the lab.
  return ['queue ttl 1h', 'action outward relay host smtp://127.0.0.1:1', ...lines, ''].join('\n');
}
