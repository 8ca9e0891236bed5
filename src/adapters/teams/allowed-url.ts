const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * The parsed URL when it may be called: https on its default port, without credentials, and its host on the list.
 * `*.example.com` allows every name below example.com, not example.com itself. Plain http and other ports are possible
 * only for a loopback host that the list names, which is how tests and local tools are reached.
 */
export function allowedUrl(text: string, hosts: readonly string[]): URL | undefined {
  if (text.length > 4096 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (!hosts.some((pattern) => matchesHost(host, pattern.trim().toLowerCase()))) return undefined;
  if (LOOPBACK.has(host)) return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
  return url.protocol === 'https:' && url.port === '' ? url : undefined;
}

function matchesHost(host: string, pattern: string): boolean {
  if (pattern.startsWith('*.')) return host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1;
  return host === pattern;
}
