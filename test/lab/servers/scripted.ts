import { type ScriptedServer, startScriptedServer } from '../../support/hostile-smtp-server.ts';
import type { Placed, ScriptedSpec } from './server.ts';

/** Runs the script on the server's own address. */
export async function startScripted({ spec, place }: Placed<ScriptedSpec>): Promise<ScriptedServer[]> {
  const script = spec.script(place);
  const addresses = [place.ip, ...(spec.ipv6 === true ? [place.ip6] : [])];
  return Promise.all(addresses.map((address) => startScriptedServer(script, address, spec.port ?? 25)));
}
