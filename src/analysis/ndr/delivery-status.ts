import { isIP } from 'node:net';
import type { DsnRecipient } from './ndr.ts';

/** The fields of a message/delivery-status part (RFC 3464): one group about the message, one a recipient. */
export interface DeliveryStatus {
  reportingMta: string | null;
  recipients: DsnRecipient[];
}

/** Reads the part; unknown and broken fields are passed over. */
export function parseDeliveryStatus(text: string): DeliveryStatus {
  const groups = text
    .replace(/\r\n?/g, '\n')
    .slice(0, 200_000)
    .split(/\n[ \t]*\n/)
    .map(readFields)
    .filter((fields) => fields.size > 0);
  const reporting = groups.find((fields) => fields.has('reporting-mta'));
  const recipients = groups.filter((fields) =>
    ['final-recipient', 'original-recipient', 'action', 'status'].some((key) => fields.has(key)),
  );
  return {
    reportingMta: readMta(reporting?.get('reporting-mta')).host,
    recipients: recipients.slice(0, 100).map(readRecipient),
  };
}

function readFields(group: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of group.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && /^[a-z][a-z0-9-]*$/.test(name) && !fields.has(name))
      fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

function readRecipient(fields: Map<string, string>): DsnRecipient {
  const remote = readMta(fields.get('remote-mta'));
  return {
    recipient: readAddress(fields.get('final-recipient')) ?? readAddress(fields.get('original-recipient')),
    action: /^[a-z]+/.exec(fields.get('action')?.toLowerCase() ?? '')?.[0] ?? null,
    status: /[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null,
    remoteHost: remote.host,
    remoteIp: remote.ip,
    diagnostic: fields.get('diagnostic-code')?.replace(/^(?:x-)?[a-z][a-z0-9-]{0,30}; ?/i, '') ?? null,
  };
}

/** `rfc822; <kim@fabrikam.example>` without its type and brackets. */
function readAddress(value: string | undefined): string | null {
  const address =
    value
      ?.replace(/^[a-z0-9-]{1,20}; ?/i, '')
      .trim()
      .replace(/^<([^>]*)>$/, '$1') ?? '';
  return address === '' ? null : address;
}

/** `dns; mx1.fabrikam.example. (192.0.2.62, the server for …)`: host and address. */
function readMta(value: string | undefined): { host: string | null; ip: string | null } {
  if (value === undefined) return { host: null, ip: null };
  const bare = value.replace(/^[a-z0-9-]{1,20}; ?/i, '').trim();
  const ip = /[([]([0-9a-f:.]{3,45})[\]),\s]/i.exec(bare)?.[1];
  const host = /^\[?([\w.:-]+)/.exec(bare)?.[1]?.replace(/\.$/, '') ?? null;
  if (host !== null && isIP(host) !== 0) return { host: null, ip: host };
  return { host, ip: ip !== undefined && isIP(ip) !== 0 ? ip : null };
}
