import { execFileSync } from 'node:child_process';
import { type AddressPlan, UNREACHABLE } from './place.ts';

/** As many servers as the plan has addresses for. */
const SERVERS = 490;

/** Gives the namespace its addresses and its faulty routes. */
export function buildNetwork(plan: AddressPlan): void {
  const servers = Array.from({ length: SERVERS }, (_, index) => plan.server(index));
  const ip4 = [
    plan.nameServer,
    plan.resolver.ip,
    plan.office.ip,
    plan.lame,
    plan.policyService,
    ...servers.map(({ ip }) => ip),
  ];
  ip([
    'link set lo up',
    ...[...new Set(ip4)].map((address) => `addr add ${address}/32 dev lo`),
    ...servers.map(({ ip6 }) => `-6 addr add ${ip6}/128 dev lo nodad`),
    // Packets come back on loopback, are nobody's, and are dropped without a word.
    'route add 198.51.100.0/25 dev lo',
    `route add unreachable ${UNREACHABLE}/32`,
  ]);
}

function ip(lines: readonly string[]): void {
  for (const family of ['-4', '-6']) {
    const own = lines.filter((line) => line.startsWith('-6') === (family === '-6'));
    const input = own.map((line) => `${line.replace(/^-6 /, '')}\n`).join('');
    execFileSync('ip', [family, '-batch', '-'], { input });
  }
}
