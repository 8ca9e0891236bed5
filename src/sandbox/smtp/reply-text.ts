/** The sandbox's view of who connects: one address of TEST-NET-2 (RFC 5737), so that replies read like real ones. */
export const CLIENT_IP = '198.51.100.25';

/** Fills the names into a reply of the tables. */
export function fillIn(template: string, host: string, to = ''): string {
  return template
    .replaceAll('{host}', () => host)
    .replaceAll('{client}', () => CLIENT_IP)
    .replaceAll('{to}', () => to);
}
