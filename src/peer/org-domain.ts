/**
 * The organizational domain of a name (RFC 7489 3.2): the label before its public suffix, private suffixes such as
 * `onmicrosoft.com` among them; the name itself when it is a suffix.
 */
export async function organizationalDomain(name: string): Promise<string> {
  // The list of public suffixes takes a moment to load; a look-up of an address never needs it.
  const { getDomain } = await import('tldts');
  return getDomain(name, { allowPrivateDomains: true }) ?? name;
}
