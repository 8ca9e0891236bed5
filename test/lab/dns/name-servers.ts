import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Daemons } from '../daemons.ts';
import type { Programs } from '../packages.ts';
import type { AddressPlan } from '../place.ts';
import type { SignedWorld, ZoneFile } from './zone-files.ts';

/** Starts NSD as the authority, a second one that knows no zone, and Unbound as the validating resolver that the probe asks. */
export async function startNameServers(
  folder: string,
  programs: Programs,
  plan: AddressPlan,
  world: SignedWorld,
  daemons: Daemons,
): Promise<void> {
  const authorities = { nsd: { ip: plan.nameServer, zones: world.zones }, lame: { ip: plan.lame, zones: [] } };
  for (const [name, { ip, zones }] of Object.entries(authorities)) {
    const config = path.join(folder, `${name}.conf`);
    writeFileSync(config, nsdConfig(path.join(folder, name), ip, zones));
    await daemons.start(name, path.join(programs.root, 'usr/sbin/nsd'), ['-d', '-c', config], {
      env: programs.env,
      waitFor: { ip, port: 53 },
    });
  }
  const unbound = path.join(folder, 'unbound.conf');
  writeFileSync(path.join(folder, 'anchor'), `${world.anchor}\n`);
  writeFileSync(unbound, unboundConfig(folder, plan));
  await daemons.start('unbound', path.join(programs.root, 'usr/sbin/unbound'), ['-d', '-c', unbound], {
    env: programs.env,
    waitFor: plan.resolver,
  });
}

function nsdConfig(state: string, ip: string, zones: readonly ZoneFile[]): string {
  mkdirSync(state);
  return [
    'server:',
    `  ip-address: ${ip}`,
    '  username: ""',
    '  zonesdir: ""',
    '  database: ""',
    '  pidfile: ""',
    `  xfrdfile: ${state}/xfrd.state`,
    `  zonelistfile: ${state}/zone.list`,
    `  xfrdir: ${state}`,
    '  verbosity: 1',
    'remote-control:',
    '  control-enable: no',
    ...zones.flatMap(({ name, file }) => ['zone:', `  name: ${name}`, `  zonefile: ${file}`]),
    '',
  ].join('\n');
}

/** Everything below `example.` comes from the lab's authority; nothing else exists. */
function unboundConfig(folder: string, { nameServer, resolver }: AddressPlan): string {
  return [
    'server:',
    `  interface: ${resolver.ip}@${resolver.port}`,
    '  access-control: 0.0.0.0/0 allow',
    '  do-ip6: no',
    '  do-not-query-localhost: no',
    '  chroot: ""',
    '  username: ""',
    `  directory: ${folder}`,
    '  pidfile: ""',
    '  use-syslog: no',
    '  verbosity: 1',
    '  val-log-level: 2',
    '  ede: yes',
    '  module-config: "validator iterator"',
    `  trust-anchor-file: ${folder}/anchor`,
    '  target-fetch-policy: "0 0 0 0 0"',
    '  local-zone: "." static',
    '  local-zone: "example." transparent',
    'stub-zone:',
    '  name: "example."',
    `  stub-addr: ${nameServer}`,
    '  stub-prime: no',
    'remote-control:',
    '  control-enable: no',
    '',
  ].join('\n');
}
