import { isIP } from 'node:net';
import { asciiHostName } from '../dns/host-name.ts';
import { UserError } from '../errors.ts';

/** What a peer look-up is about; names are A-labels. */
export type PeerTarget = { kind: 'ip'; ip: string } | { kind: 'name'; name: string };

/**
 * Reads `192.0.2.1`, `[2001:db8::1]`, `contoso.example`, `mx1.contoso.example` or `user@contoso.example`.
 * @throws UserError with an example for anything else.
 */
export function parsePeerTarget(text: string): PeerTarget {
  const word = text.trim();
  const bare = word.startsWith('[') && word.endsWith(']') ? word.slice(1, -1) : word;
  if (isIP(bare) !== 0) return { kind: 'ip', ip: bare };
  const ascii = asciiHostName(word.slice(word.lastIndexOf('@') + 1));
  // A name of digits only is a mistyped address, not a host (RFC 3696 2).
  if (ascii !== undefined && !/(?:^|\.)\d+$/.test(ascii)) return { kind: 'name', name: ascii };
  throw new UserError(
    `${JSON.stringify(word.slice(0, 80))} is not an address, domain or host name. Give one of these.`,
    {
      example: '/peer contoso.example',
    },
  );
}
