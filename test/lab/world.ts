import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CertificateShop, openCertificateShop } from './certificates.ts';
import { createDaemons } from './daemons.ts';
import { startDnsmasq } from './dns/dnsmasq.ts';
import { startNameServers } from './dns/name-servers.ts';
import { writeZones } from './dns/zone-files.ts';
import type { Programs } from './packages.ts';
import { type AddressPlan, domainOf, type Place } from './place.ts';
import type { Scenario } from './scenario.ts';
import { startExim } from './servers/exim.ts';
import { startOpensmtpd } from './servers/opensmtpd.ts';
import { startPolicyServices } from './servers/policy-service.ts';
import { startPostfix } from './servers/postfix.ts';
import { startScripted } from './servers/scripted.ts';
import type { Placed, ServerSpec } from './servers/server.ts';
import type { Users } from './servers/users.ts';
import { startWeb } from './servers/web.ts';

/** The lab while it stands. */
export interface World {
  places: ReadonlyMap<Scenario, Readonly<Record<string, Place>>>;
  folder: string;
  /** PEM file of the authorities that the probe trusts. */
  caFile: string;
  stop(): Promise<void>;
}

/** What the world is made of. */
export interface WorldOptions {
  /** A fresh folder for queues, zones and logs. */
  folder: string;
  programs: Programs;
  plan: AddressPlan;
  users: Users;
  scenarios: readonly Scenario[];
}

/** Gives every server of the scenarios its address, name and certificate, and starts them all. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { folder, programs, plan, users, scenarios } = options;
  const shop = await openCertificateShop();
  const caFile = path.join(folder, 'trusted.pem');
  writeFileSync(caFile, shop.trusted);
  const placed = await placeAll(scenarios, plan, shop);
  const places = new Map(
    scenarios.map((scenario) => [
      scenario,
      Object.fromEntries(placed.filter((one) => one.scenario === scenario).map(({ name, place }) => [name, place])),
    ]),
  );
  const folders = { dns: '', postfix: '', exim: '', opensmtpd: '', logs: '' };
  for (const name of ['dns', 'postfix', 'exim', 'opensmtpd', 'logs'] as const) {
    folders[name] = path.join(folder, name);
    mkdirSync(folders[name]);
  }
  const placements = scenarios.map((scenario) => ({ scenario, places: places.get(scenario) ?? {} }));
  const zones = writeZones(folders.dns, programs, plan, placements);
  const daemons = createDaemons(folders.logs);
  try {
    await startNameServers(folders.dns, programs, plan, zones, daemons);
    await startDnsmasq(folders.dns, programs, plan, placements, daemons);
    await startPolicyServices(plan.policyService);
    await startPostfix(folders.postfix, programs, users, ofKind(placed, 'postfix'), plan.policyService, daemons);
    for (const server of ofKind(placed, 'exim')) await startExim(folders.exim, programs, users, server, daemons);
    await startOpensmtpd(folders.opensmtpd, programs, ofKind(placed, 'opensmtpd'), daemons);
    await Promise.all(ofKind(placed, 'scripted').map(startScripted));
    await Promise.all(ofKind(placed, 'web').map(startWeb));
  } catch (error) {
    await daemons.stop();
    throw error;
  }
  return { places, folder, caFile, stop: () => daemons.stop() };
}

interface PlacedInScenario extends Placed {
  scenario: Scenario;
  name: string;
}

async function placeAll(
  scenarios: readonly Scenario[],
  plan: AddressPlan,
  shop: CertificateShop,
): Promise<PlacedInScenario[]> {
  const all = scenarios.flatMap((scenario) =>
    Object.entries(scenario.servers).map(([name, spec]) => ({ scenario, name, spec })),
  );
  return Promise.all(
    all.map(async ({ scenario, name, spec }, index) => {
      const domain = domainOf(scenario);
      const host = `${name}.${domain}`;
      const issued =
        spec.certificate === undefined || spec.certificate === 'none'
          ? undefined
          : await shop.issue(host, spec.certificate);
      const place: Place = { host, ...plan.server(index), ...(issued && { issued }) };
      return { id: `${scenario.name}-${name}`, spec, place, domain, scenario, name };
    }),
  );
}

function ofKind<Kind extends ServerSpec['kind']>(placed: readonly Placed[], kind: Kind) {
  return placed.filter((one): one is Placed<Extract<ServerSpec, { kind: Kind }>> => one.spec.kind === kind);
}
