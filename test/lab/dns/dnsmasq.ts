import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Daemons } from '../daemons.ts';
import type { Programs } from '../packages.ts';
import { type AddressPlan, domainOf, type Place } from '../place.ts';
import type { Scenario } from '../scenario.ts';

type Placement = { scenario: Scenario; places: Readonly<Record<string, Place>> };

/** Starts dnsmasq with the records of the `office` scenarios; whatever else it is asked it refuses. */
export async function startDnsmasq(
  folder: string,
  programs: Programs,
  { office }: AddressPlan,
  placements: readonly Placement[],
  daemons: Daemons,
): Promise<void> {
  const config = path.join(folder, 'dnsmasq.conf');
  const records = placements.filter(({ scenario }) => scenario.zone === 'office').flatMap(recordsOf);
  const own = [`listen-address=${office.ip}`, `port=${office.port}`, 'bind-interfaces', 'no-resolv', 'no-hosts'];
  writeFileSync(
    config,
    [...own, 'user=root', 'group=root', 'pid-file=', 'keep-in-foreground', ...records, ''].join('\n'),
  );
  const program = path.join(programs.root, 'usr/sbin/dnsmasq');
  await daemons.start('dnsmasq', program, [`--conf-file=${config}`], { env: programs.env, waitFor: office });
}

/** MX and address records in dnsmasq's words; it has no others here. */
function recordsOf({ scenario, places }: Placement): string[] {
  const domain = domainOf(scenario);
  const full = (name: string): string => (name === '@' ? domain : `${name}.${domain}`);
  const lines = scenario.records(places);
  // For a domain of which it is told so it says "no such record", for others it refuses what it does not know.
  const own = lines.some((line) => line.startsWith('@ MX')) ? [] : [`local=/${domain}/`];
  const records = lines.map((line) => {
    const [name = '', type, ...rest] = line.split(' ');
    if (type === 'MX') return `mx-host=${full(name)},${full(rest[1] ?? '')},${rest[0]}`;
    if (type === 'A') return `host-record=${full(name)},${rest[0]}`;
    throw new Error(`dnsmasq is given MX and A records only, not ${line}`);
  });
  return [...own, ...records];
}
