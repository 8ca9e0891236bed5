import { describe, expect, test } from 'vitest';
import type { Command } from '../../commands/command.ts';
import { parseLine } from '../../commands/parse-args.ts';
import { probeCommand } from '../../commands/probe.ts';
import type { Services } from '../../commands/services.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { UserError } from '../../src/errors.ts';
import type { ProbeReport } from '../../src/probe/report.ts';
import { echoKnowledge, testProber, type Zone, zoneResolver } from '../probe/harness.ts';

/**
 * Ways to make a probe reach what it must not, each typed as a person would type it and run through the real command line,
 * the real prober and the default policy. None may dial anything; each is refused with a reason.
 */
const ZONE: Zone = {
  mx: {
    'mx-to-private.example': [{ host: 'inside.example', preference: 10 }],
    'mx-to-localhost.example': [{ host: 'localhost', preference: 10 }],
    'mx-to-literal.example': [{ host: '10.0.0.5', preference: 10 }],
    'mx-to-metadata.example': [{ host: 'metadata.example', preference: 10 }],
    'mx-to-alias.example': [{ host: 'alias.example', preference: 10 }],
  },
  a: {
    'inside.example': ['10.1.2.3'],
    'loop.example': ['127.0.0.1'],
    'metadata.example': ['169.254.169.254'],
    'azure.example': ['168.63.129.16'],
    'alibaba.example': ['100.100.100.200'],
    'alias.example': ['192.168.1.1'],
    'zero.example': ['0.0.0.0'],
    localhost: ['127.0.0.1'],
    'printer.localhost': ['127.0.0.1'],
  },
  aaaa: {
    'six.example': ['::1'],
    'mapped.example': ['::ffff:127.0.0.1'],
    'nat64.example': ['64:ff9b::7f00:1'],
    'ec2.example': ['fd00:ec2::254'],
    'link.example': ['fe80::1'],
  },
  cname: { 'alias.example': 'inside.example' },
};

const LINES: [string, string][] = [
  ['decimal', '2130706433'],
  ['decimal with a port', '2130706433:25'],
  ['octal', '0177.0.0.1'],
  ['octal without dots', '017700000001'],
  ['hexadecimal', '0x7f000001'],
  ['hexadecimal parts', '0x7f.0x0.0x0.0x1'],
  ['a short form', '127.1'],
  ['another short form', '10.65537'],
  ['a trailing dot', '127.0.0.1.'],
  ['fullwidth digits', '１２７.０.０.１'],
  ['circled digits', '①②⑦.⓪.⓪.①'],
  ['ideographic dots', '127。0。0。1'],
  ['percent signs', '%31%32%37.0.0.1'],
  ['an encoded dot', '127%2e0%2e0%2e1'],
  ['a URL', 'http://127.0.0.1/'],
  ['a URL with user', 'smtp://contoso.com@127.0.0.1'],
  ['a mailbox at a private address', 'kim@[10.0.0.1]'],
  ['two @ signs', 'kim@contoso.com@inside.example'],
  ['loopback', '127.0.0.1'],
  ['all of loopback', '127.8.9.10'],
  ['this host', '0.0.0.0'],
  ['a zero', '0'],
  ['private 10', '10.0.0.1'],
  ['private 172', '172.16.5.4'],
  ['private 192', '192.168.0.1'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['metadata of most clouds', '169.254.169.254'],
  ['metadata of Azure', '168.63.129.16'],
  ['metadata of Alibaba', '100.100.100.200'],
  ['metadata of Oracle', '192.0.0.192'],
  ['link-local', '169.254.1.1'],
  ['benchmarking', '198.18.0.1'],
  ['documentation', '203.0.113.9'],
  ['multicast', '224.0.0.251'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['IPv6 loopback', '::1'],
  ['IPv6 loopback with a port', '[::1]:25'],
  ['IPv6 unspecified', '[::]'],
  ['IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv4-mapped in hexadecimal', '[::ffff:7f00:1]:25'],
  ['IPv4-compatible', '::127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64 of a site', '64:ff9b:1::a00:1'],
  ['6to4', '2002:7f00:1::1'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['IPv6 metadata', 'fd00:ec2::254'],
  ['unique local', 'fd12:3456::1'],
  ['IPv6 link-local', 'fe80::1'],
  ['a zone', 'fe80::1%eth0'],
  ['a zone, encoded', '[fe80::1%25lo]:25'],
  ['site-local', 'fec0::1'],
  ['IPv6 multicast', 'ff02::1'],
  ['discard only', '100::1'],
  ['IPv6 documentation', '2001:db8::1'],
  ['an IPv6 literal of mail', '[IPv6:::1]'],
  ['localhost', 'localhost'],
  ['below localhost', 'printer.localhost'],
  ['a name for loopback', 'loop.example'],
  ['a name for a private address', 'inside.example:25'],
  ['a name for metadata', 'metadata.example'],
  ["a name for Azure's platform", 'azure.example'],
  ["a name for Alibaba's metadata", 'alibaba.example'],
  ['a name for this host', 'zero.example'],
  ['a name for ::1', 'six.example'],
  ['a name for a mapped address', 'mapped.example'],
  ['a name for NAT64', 'nat64.example'],
  ['a name for IPv6 metadata', 'ec2.example'],
  ['a name for a link-local address', 'link.example'],
  ['MX to a private address', 'mx-to-private.example'],
  ['MX to localhost', 'mx-to-localhost.example'],
  ['MX to an address literal', 'mx-to-literal.example'],
  ['MX to metadata', 'mx-to-metadata.example'],
  ['MX to an alias of a private address', 'mx-to-alias.example'],
  ['--host private', 'contoso.com --host 10.0.0.1'],
  ['--host loopback in brackets', 'contoso.com --host [::1]'],
  ['--host short form', 'contoso.com --host 127.1'],
  ['--host with a zone', 'contoso.com --host fe80::1%eth0'],
  ['--host a name', 'contoso.com --host inside.example'],
  ['port 22', '8.8.8.8:22'],
  ['port 6379 by option', '8.8.8.8 --port 6379'],
  ['port 443', 'contoso.com:443 --host 8.8.8.8'],
  ['port 0', '8.8.8.8:0'],
  ['port 65536', '8.8.8.8:65536'],
  ['port 25 and another', '8.8.8.8:25:80'],
  ['a port in other digits', '8.8.8.8:２２'],
  ['a negative port', '8.8.8.8 --port -25'],
  ['a port with a fraction', '8.8.8.8 --port 25.5'],
  ['a hexadecimal port', '8.8.8.8 --port 0x16'],
];

/** Runs a line and returns why it was refused; fails when anything was dialled. */
async function refusal(line: string, zone: Zone = ZONE): Promise<string> {
  const dialled: string[] = [];
  const config = loadConfig({ env: {} });
  const prober = testProber({
    resolver: zoneResolver(zone),
    config,
    dial: (ip, port) => {
      dialled.push(`${ip} ${port}`);
      return { host: '127.0.0.1', port: 9 };
    },
  });
  const reports: ProbeReport[] = [];
  const services = {
    config,
    clock: systemClock,
    knowledge: echoKnowledge,
    probe: async (...given: Parameters<Services['probe']>) => {
      const report = await prober.probe(...given);
      reports.push(report);
      return report;
    },
  } as unknown as Services;
  try {
    const args = parseLine(probeCommand as unknown as Command, line, { surface: 'chat', hasFiles: false });
    await probeCommand.run(
      args as Parameters<typeof probeCommand.run>[0],
      {
        services,
        signal: new AbortController().signal,
        progress: () => undefined,
        userId: 'kim',
        audience: 'private',
      } as unknown as Parameters<typeof probeCommand.run>[1],
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(dialled).toEqual([]);
    return error.message;
  }
  expect(dialled).toEqual([]);
  const [report] = reports;
  expect(report?.verdict).toBe('failed');
  return `${report?.errorType}/${report?.cause}: ${report?.summary}`;
}

describe('evasions of the egress policy', () => {
  test.each(LINES)('%s is refused with a reason: /probe %s', async (_, line) => {
    expect(await refusal(line)).toMatch(
      /^(?:UnableToConnect\/blocked-egress: .*not probed: .{10,}|DnsFailure\/(?:invalid-mx|nxdomain|no-address): .{10,}|.*(?:is not an?|must be|no valid port|has a %).*)/s,
    );
  });

  test('there are at least forty, none twice', () => {
    expect(new Set(LINES.map(([, line]) => line)).size).toBe(LINES.length);
    expect(LINES.length).toBeGreaterThanOrEqual(40);
  });
});
