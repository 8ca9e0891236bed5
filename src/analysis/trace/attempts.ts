import { SampledMap } from './sampled-map.ts';
import { subnetOf } from './subnet.ts';

/** How often something was tried and how often that failed. */
export interface Tries {
  attempts: number;
  failures: number;
}

/** The dimensions in which failing and working attempts of one connector can differ. */
export const DIMENSIONS = ['sendingServer', 'sourceSubnet', 'targetIp'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** One value of a dimension with its tries. */
export interface ValueTries extends Tries {
  value: string;
}

/** The attempts over one connector, by value of each dimension. */
export interface ConnectorTries extends Tries {
  connector: string;
  values: Record<Dimension, ValueTries[]>;
}

/** Attempts as they are sent to another thread. */
export interface AttemptsData {
  connectors: (ConnectorTries & { highest: Record<Dimension, number> })[];
  highest: number;
}

const MAX_CONNECTORS = 40;
const MAX_VALUES = 2000;

interface Held extends Tries {
  values: Record<Dimension, SampledMap<Tries>>;
}

/** Delivery attempts to another host, by connector, sending server, source network and target address; bounded. */
export class Attempts {
  private readonly connectors = new SampledMap<Held>(MAX_CONNECTORS);
  private readonly subnets = new Map<string, string>();

  add(connector: string, server: string, sourceIp: string, targetIp: string, failed: boolean): void {
    const held = this.connectors.at(connector, newHeld);
    if (!held) return;
    const failures = failed ? 1 : 0;
    count(held, 1, failures);
    add(held.values.sendingServer, server, 1, failures);
    add(held.values.sourceSubnet, this.subnet(sourceIp), 1, failures);
    add(held.values.targetIp, targetIp, 1, failures);
  }

  /** All connectors, most failures first. */
  report(): ConnectorTries[] {
    return this.connectors
      .entries()
      .map(([connector, { attempts, failures, values }]) => ({
        connector,
        attempts,
        failures,
        values: mapDimensions((dimension) => listOf(values[dimension])),
      }))
      .sort((a, b) => b.failures - a.failures || b.attempts - a.attempts || (a.connector < b.connector ? -1 : 1));
  }

  data(): AttemptsData {
    const connectors = this.connectors.entries().map(([connector, { attempts, failures, values }]) => ({
      connector,
      attempts,
      failures,
      values: mapDimensions((dimension) => listOf(values[dimension])),
      highest: mapDimensions((dimension) => values[dimension].highest),
    }));
    return { connectors, highest: this.connectors.highest };
  }

  /** Adds what another part of the trace counted. */
  merge({ connectors, highest }: AttemptsData): void {
    this.connectors.lower(highest);
    for (const part of connectors) {
      const held = this.connectors.at(part.connector, newHeld);
      if (!held) continue;
      count(held, part.attempts, part.failures);
      for (const dimension of DIMENSIONS) {
        held.values[dimension].lower(part.highest[dimension]);
        for (const { value, attempts, failures } of part.values[dimension]) {
          add(held.values[dimension], value, attempts, failures);
        }
      }
    }
  }

  private subnet(address: string): string {
    const known = this.subnets.get(address);
    if (known !== undefined) return known;
    const subnet = subnetOf(address);
    if (this.subnets.size >= 10_000) this.subnets.clear();
    this.subnets.set(address, subnet);
    return subnet;
  }
}

function newHeld(): Held {
  return { attempts: 0, failures: 0, values: mapDimensions(() => new SampledMap<Tries>(MAX_VALUES)) };
}

function mapDimensions<T>(make: (dimension: Dimension) => T): Record<Dimension, T> {
  return {
    sendingServer: make('sendingServer'),
    sourceSubnet: make('sourceSubnet'),
    targetIp: make('targetIp'),
  };
}

function add(map: SampledMap<Tries>, value: string, attempts: number, failures: number): void {
  if (value === '') return;
  const tries = map.at(value, none);
  if (tries) count(tries, attempts, failures);
}

function count(tries: Tries, attempts: number, failures: number): void {
  tries.attempts += attempts;
  tries.failures += failures;
}

function listOf(map: SampledMap<Tries>): ValueTries[] {
  return map.entries().map(([value, tries]) => ({ value, ...tries }));
}

function none(): Tries {
  return { attempts: 0, failures: 0 };
}
