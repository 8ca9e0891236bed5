import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Programs } from '../packages.ts';
import type { AddressPlan, Place } from '../place.ts';
import { domainOf } from '../place.ts';
import type { Scenario, Zone } from '../scenario.ts';

/** Zones that the lab's name server answers for. */
const SERVED: readonly Zone[] = ['plain', 'signed', 'expired'];
const SIGNED: readonly Zone[] = ['signed', 'expired'];
const ALGORITHM = 'ECDSAP256SHA256';
const DAY_S = 86_400;

/** A zone, with its last dot, and its master file. */
export interface ZoneFile {
  name: string;
  file: string;
}

/** All zones and what to trust. */
export interface SignedWorld {
  zones: ZoneFile[];
  /** DS record of `example.`, which the resolver trusts. */
  anchor: string;
}

/** Writes `example.` and the zones below it, and signs those that are to be signed. */
export function writeZones(
  folder: string,
  programs: Programs,
  plan: AddressPlan,
  scenarios: readonly { scenario: Scenario; places: Readonly<Record<string, Place>> }[],
): SignedWorld {
  const signer = createSigner(folder, programs);
  const zones: ZoneFile[] = [];
  const delegations: string[] = [];
  for (const zone of SERVED) {
    const name = `${zone}.example.`;
    const lines = scenarios.filter(({ scenario }) => scenario.zone === zone).flatMap(scenarioLines);
    const file = writeZone(folder, name, [...apex(name, plan), ...lines]);
    delegations.push(`${name} NS ns.${name}`, `ns.${name} A ${plan.nameServer}`);
    if (SIGNED.includes(zone)) {
      const { signed, ds } = signer.sign(name, file, zone === 'expired' ? -DAY_S : 30 * DAY_S);
      zones.push({ name, file: signed });
      delegations.push(ds);
    } else zones.push({ name, file });
  }
  // A server that does not know the zone, and an address where no server is.
  delegations.push('lame.example. NS ns.lame.example.', `ns.lame.example. A ${plan.lame}`);
  delegations.push('silent.example. NS ns.silent.example.', `ns.silent.example. A ${plan.silent}`);
  const parent = writeZone(folder, 'example.', [...apex('example.', plan), ...delegations]);
  const { signed, ds } = signer.sign('example.', parent, 30 * DAY_S);
  zones.push({ name: 'example.', file: signed });
  return { zones, anchor: ds };
}

function apex(name: string, { nameServer }: AddressPlan): string[] {
  return [`$ORIGIN ${name}`, '$TTL 60', '@ SOA ns hostmaster 1 3600 900 604800 60', '@ NS ns', `ns A ${nameServer}`];
}

function scenarioLines({ scenario, places }: { scenario: Scenario; places: Readonly<Record<string, Place>> }) {
  return [`$ORIGIN ${domainOf(scenario)}.`, ...scenario.records(places)];
}

function writeZone(folder: string, name: string, lines: readonly string[]): string {
  const file = path.join(folder, `${name}zone`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function createSigner(folder: string, { root, env }: Programs) {
  const ldns = (program: string, ...args: string[]): string =>
    execFileSync(path.join(root, 'usr/bin', program), args, { cwd: folder, env, encoding: 'utf8' });
  return {
    /** Signatures hold until so many seconds from now; in the past for a zone that nobody signed again. */
    sign(name: string, file: string, untilS: number): { signed: string; ds: string } {
      const keySigning = ldns('ldns-keygen', '-a', ALGORITHM, '-k', name).trim();
      const zoneSigning = ldns('ldns-keygen', '-a', ALGORITHM, name).trim();
      const now = Math.floor(Date.now() / 1000);
      const dates = ['-i', String(now - 40 * DAY_S), '-e', String(now + untilS)];
      const signed = `${file}.signed`;
      ldns('ldns-signzone', ...dates, '-o', name, '-f', signed, file, keySigning, zoneSigning);
      return { signed, ds: readFileSync(path.join(folder, `${keySigning}.ds`), 'utf8').trim() };
    },
  };
}
