/** True when `name` is `suffix` or a name below it: `mx1.contoso.example` is below `contoso.example`, `evilcontoso.example` is not. */
export function isBelow(name: string, suffix: string): boolean {
  const host = name.toLowerCase().replace(/\.$/, '');
  return host === suffix || host.endsWith(`.${suffix}`);
}
