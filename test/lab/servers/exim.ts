import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Daemons } from '../daemons.ts';
import type { Programs } from '../packages.ts';
import { identityFiles } from './identity-files.ts';
import type { EximSpec, Placed } from './server.ts';
import type { Users } from './users.ts';

/** Starts an Exim for one server; it queues what it takes and delivers nothing. */
export async function startExim(
  parent: string,
  programs: Programs,
  users: Users,
  server: Placed<EximSpec>,
  daemons: Daemons,
): Promise<void> {
  const { id, spec, place } = server;
  const folder = path.join(parent, id);
  mkdirSync(path.join(folder, 'spool'), { recursive: true });
  chownSync(folder, users.exim, users.exim);
  chownSync(path.join(folder, 'spool'), users.exim, users.exim);
  const config = path.join(folder, 'exim.conf');
  writeFileSync(config, eximConf(folder, server));
  const port = spec.port ?? 25;
  await daemons.start(id, path.join(programs.root, 'usr/sbin/exim4'), ['-C', config, '-bdf'], {
    env: programs.env,
    waitFor: { ip: place.ip, port },
  });
  if (spec.occupied === true) await occupy(place.ip, port);
}

/** Holds a connection from the moment that it is greeted; the one that found the daemon listening may still count. */
async function occupy(host: string, port: number): Promise<void> {
  for (;;) {
    const socket = net.connect({ host, port });
    socket.on('error', () => socket.destroy());
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    if (greeting.toString('latin1').startsWith('220')) return;
    socket.destroy();
  }
}

function eximConf(folder: string, { id, spec, place, domain }: Placed<EximSpec>): string {
  const files = place.issued && identityFiles(folder, id, place.issued);
  const tls = files
    ? [
        'tls_advertise_hosts = *',
        `tls_certificate = ${files.cert}`,
        `tls_privatekey = ${files.key}`,
        ...(spec.port === 465 ? ['tls_on_connect_ports = 465'] : []),
      ]
    : spec.main?.some((line) => line.startsWith('tls_advertise_hosts'))
      ? []
      : ['tls_advertise_hosts ='];
  const addresses = [place.ip, ...(spec.ipv6 === true ? [place.ip6] : [])];
  return [
    `primary_hostname = ${place.host}`,
    `spool_directory = ${folder}/spool`,
    `log_file_path = ${folder}/%slog`,
    `pid_file_path = ${folder}/pid`,
    `daemon_smtp_ports = ${spec.port ?? 25}`,
    `local_interfaces = <; ${addresses.join(' ; ')}`,
    'keep_environment = LD_LIBRARY_PATH',
    'acl_smtp_rcpt = acl_rcpt',
    'acl_smtp_data = acl_data',
    ...(spec.connect ? ['acl_smtp_connect = acl_connect'] : []),
    'queue_only',
    'host_lookup =',
    'rfc1413_hosts =',
    'chunking_advertise_hosts = *',
    'prdr_enable = true',
    ...tls,
    ...(spec.main ?? []),
    'begin acl',
    ...(spec.connect ? ['acl_connect:', ...spec.connect, '  accept'] : []),
    'acl_rcpt:',
    ...(spec.rcpt ?? []),
    `  accept domains = ${domain}`,
    '  deny message = relay not permitted',
    'acl_data:',
    ...(spec.data ?? []),
    '  accept',
    'begin routers',
    'begin transports',
    'begin authenticators',
    ...(spec.authenticators ?? []),
    '',
  ].join('\n');
}
