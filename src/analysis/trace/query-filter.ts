import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { UserError } from '../../errors.ts';
import { splitAddresses } from './addresses.ts';
import type { TraceQuery } from './input.ts';
import { C, type TraceRow } from './row.ts';

/** Decides whether a row is asked for. */
export type RowFilter = (row: TraceRow, ms: number) => boolean;

/** The filter of a query; undefined when everything is asked for. Throws UserError for a time or address that is none. */
export function rowFilter(query: TraceQuery): RowFilter | undefined {
  const tests: RowFilter[] = [];
  if (query.messageId) tests.push(messageTest(query.messageId));
  if (query.since || query.until) tests.push(timeTest(query.since, query.until));
  if (query.recipient) tests.push(recipientTest(query.recipient));
  if (query.ip) tests.push(addressTest(query.ip));
  if (query.helo) tests.push(nameTest(query.helo));
  return tests.length === 0 ? undefined : (row, ms) => tests.every((test) => test(row, ms));
}

function messageTest(id: string): RowFilter {
  const wanted = bare(id);
  const network = wanted.toLowerCase();
  return (row) =>
    bare(row.text(C.message_id)) === wanted || row.text(C.network_message_id).trim().toLowerCase() === network;
}

function timeTest(since: string | undefined, until: string | undefined): RowFilter {
  const from = since ? timeOf(since, 'since') : Number.NEGATIVE_INFINITY;
  const to = until ? timeOf(until, 'until') : Number.POSITIVE_INFINITY;
  return (_, ms) => ms >= from && ms <= to;
}

function recipientTest(recipient: string): RowFilter {
  const wanted = bare(recipient).toLowerCase();
  const holds = (list: string) => list.toLowerCase().includes(wanted) && addressesOf(list).includes(wanted);
  return (row) => holds(row.text(C.recipient_address)) || holds(row.text(C.related_recipient_address));
}

function addressTest(ip: string): RowFilter {
  const inside = addressMatcher(ip);
  const columns = [C.client_ip, C.server_ip, C.original_client_ip, C.original_server_ip];
  const known = new Map<string, boolean>();
  return (row) =>
    columns.some((column) => {
      const address = row.text(column);
      let answer = known.get(address);
      if (answer === undefined) {
        answer = inside(address);
        if (known.size >= 10_000) known.clear();
        known.set(address, answer);
      }
      return answer;
    });
}

function nameTest(pattern: string): RowFilter {
  const parts = pattern.toLowerCase().split('*');
  const columns = [C.client_hostname, C.server_hostname];
  const proxied = /ProxiedClientHostname=([^;]{1,255})/;
  return (row) =>
    columns.some((column) => globMatches(row.text(column).toLowerCase(), parts)) ||
    globMatches((proxied.exec(row.text(C.custom_data))?.[1] ?? '').toLowerCase(), parts);
}

/** Tells whether an address is the one asked for, or in the CIDR asked for. */
function addressMatcher(ip: string): (address: string) => boolean {
  const example = '--ip 104.47.34.0/24';
  if (ip.includes('/')) {
    if (!ipaddr.isValidCIDR(ip))
      throw new UserError(`"${ip}" is not an address range. Write it like this:`, { example });
    const [network, bits] = ipaddr.parseCIDR(ip);
    return (address) => {
      if (isIP(address) === 0) return false;
      const parsed = ipaddr.process(address);
      return parsed.kind() === network.kind() && parsed.match(network, bits);
    };
  }
  if (isIP(ip) === 0) throw new UserError(`"${ip}" is not an IP address. Write one, or a range:`, { example });
  const wanted = ipaddr.process(ip).toString();
  return (address) => isIP(address) !== 0 && ipaddr.process(address).toString() === wanted;
}

function timeOf(text: string, option: string): number {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`;
  const ms = Date.parse(zoned.replace(' ', 'T'));
  if (Number.isNaN(ms)) {
    const example = `--${option} 2026-11-02T08:30Z`;
    throw new UserError(`"${text}" is not a time. Write it in ISO 8601, UTC when no zone is given:`, { example });
  }
  return ms;
}

function bare(id: string): string {
  const text = id.trim();
  return text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text;
}

function addressesOf(list: string): string[] {
  return splitAddresses(list).map((address) => address.toLowerCase());
}

/** Matches the pieces between `*` in their order, without backtracking. */
function globMatches(text: string, parts: readonly string[]): boolean {
  if (text === '') return false;
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
