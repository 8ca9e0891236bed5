import type { Rule } from '../rule.ts';
import * as F from './faults.ts';

type Row = readonly [names: string, fault: Pick<Rule, 'errorType' | 'cause' | 'owner'>, meaning: string];

const WINSOCK = 'https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2';
const ERRNO = 'https://nodejs.org/api/errors.html#common-system-errors';

/** Winsock numbers; Exchange prints them as `Socket error code 10061` or `Winsock error code: 10061`. */
const WINSOCK_ROWS: readonly Row[] = [
  ['10013', F.EGRESS, 'The local firewall or antivirus forbids the connection.'],
  ['10048', { errorType: 'RoutingFailure', cause: 'misconfigured', owner: 'sender' }, 'The local port is in use.'],
  [
    '10049',
    { errorType: 'RoutingFailure', cause: 'misconfigured', owner: 'sender' },
    'The address to connect to or from is not usable.',
  ],
  ['10050', F.UNREACHABLE, 'The network is down.'],
  ['10051', F.UNREACHABLE, 'There is no route to the network of the server.'],
  ['10052', F.RESET, 'The network dropped the connection.'],
  ['10053', F.RESET, 'The connection was aborted on our side, often by a timeout or antivirus.'],
  ['10054', F.RESET, 'The server, or a device on the way, reset the connection.'],
  ['10055', { ...F.RESOURCES, owner: 'sender' }, 'The sending machine has run out of ports or buffers.'],
  ['10057', F.NOT_CONNECTED, 'The connection was not there.'],
  ['10060', F.TIMEOUT, 'The server did not answer the connection.'],
  ['10061', F.REFUSED, 'The server, or a firewall before it, refused the connection.'],
  ['10064', F.UNREACHABLE, 'The host is down.'],
  ['10065', F.UNREACHABLE, 'There is no route to the host.'],
  ['11001', F.NXDOMAIN, 'The name of the server does not exist in DNS.'],
  ['11002', F.DNS_LOOKUP, 'The DNS lookup failed for now.'],
  ['11003', F.DNS_LOOKUP, 'The DNS lookup failed.'],
  ['11004', F.NO_ADDRESS, 'The name exists but has no address.'],
  ['995', F.TIMEOUT, 'The attempt was given up at its deadline.'],
];

/** System and resolver errors by the names that Node and libuv give them. */
const ERRNO_ROWS: readonly Row[] = [
  ['econnrefused', F.REFUSED, 'The server, or a firewall before it, refused the connection.'],
  ['econnreset', F.RESET, 'The server, or a device on the way, reset the connection.'],
  ['econnaborted', F.RESET, 'The connection was aborted.'],
  ['epipe', F.RESET, 'The server closed the connection while we were sending.'],
  ['etimedout', F.TIMEOUT, 'The server did not answer the connection.'],
  ['ehostunreach', F.UNREACHABLE, 'There is no route to the host.'],
  ['enetunreach', F.UNREACHABLE, 'There is no route to the network of the server.'],
  ['enetdown', F.UNREACHABLE, 'The network is down.'],
  ['ehostdown', F.UNREACHABLE, 'The host is down.'],
  ['eacces', F.EGRESS, 'The local system forbids the connection.'],
  ['eperm', F.EGRESS, 'The local system forbids the connection.'],
  [
    'eaddrnotavail',
    { errorType: 'RoutingFailure', cause: 'misconfigured', owner: 'sender' },
    'The address to connect from is not usable.',
  ],
  ['eaddrinuse', { errorType: 'RoutingFailure', cause: 'misconfigured', owner: 'sender' }, 'The local port is in use.'],
  ['enotfound', F.NXDOMAIN, 'The name of the server does not exist in DNS.'],
  ['enodata', F.NO_ADDRESS, 'The name exists but has no such record.'],
  ['eservfail', F.SERVFAIL, 'The DNS servers of the domain answer with a failure.'],
  ['erefused', F.DNS_LOOKUP, 'The DNS server refused the query.'],
  ['eformerr', F.DNS_LOOKUP, 'The DNS server did not understand the query.'],
  ['etimeout', F.DNS_TIMEOUT, 'The DNS servers did not answer in time.'],
  ['eai again', F.DNS_LOOKUP, 'The DNS lookup failed for now.'],
  ['err tls cert altname invalid', F.NAME_MISMATCH, 'The certificate of the server is for another name.'],
  ['err ssl wrong version number', F.HANDSHAKE, 'The server answered in clear text where TLS was expected.'],
  ['err ssl sslv3 alert handshake failure', F.CIPHER, 'The two servers share no TLS cipher.'],
  ['err ssl unexpected eof while reading', F.RESET, 'The server closed the TLS connection without a word.'],
  ['eproto', { ...F.HANDSHAKE, owner: 'recipient' }, 'The TLS handshake failed.'],
];

function winsockRule([number, fault, meaning]: Row): Rule {
  return {
    id: `winsock-${number}`,
    ...fault,
    text: new RegExp(
      `(?:error(?: code)?|code|winsock|socket|win32|wsa|errno)[:= ]{0,3}\\(?${number}\\b|\\(${number}\\)`,
    ),
    confidence: 0.93,
    meaning,
    source: WINSOCK,
    example: `Socket error code ${number}`,
  };
}

function errnoRule([name, fault, meaning]: Row): Rule {
  return {
    id: `errno-${name.replaceAll(' ', '-')}`,
    ...fault,
    text: new RegExp(`\\b${name}\\b`),
    confidence: 0.93,
    meaning,
    source: ERRNO,
    example: name.startsWith('err')
      ? name.replaceAll(' ', '_').toUpperCase()
      : `connect ${name.replaceAll(' ', '_').toUpperCase()}`,
  };
}

/** All rows as rules. */
export const SOCKETS: readonly Rule[] = [...WINSOCK_ROWS.map(winsockRule), ...ERRNO_ROWS.map(errnoRule)];
