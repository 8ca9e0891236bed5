import type { DnsAnswer, DnsResolver } from '../dns/resolver.ts';

/** The resolver, asking each question once: an SPF record is evaluated several times over the same names. */
export function remember(resolver: DnsResolver): DnsResolver {
  const once = <T>(ask: (name: string) => Promise<DnsAnswer<T>>): ((name: string) => Promise<DnsAnswer<T>>) => {
    const known = new Map<string, Promise<DnsAnswer<T>>>();
    return (name) => {
      const key = name.toLowerCase();
      const answer = known.get(key) ?? ask(name);
      known.set(key, answer);
      return answer;
    };
  };
  return {
    server: resolver.server,
    mx: once((name) => resolver.mx(name)),
    a: once((name) => resolver.a(name)),
    aaaa: once((name) => resolver.aaaa(name)),
    cname: once((name) => resolver.cname(name)),
    txt: once((name) => resolver.txt(name)),
    ptr: once((ip) => resolver.ptr(ip)),
    tlsa: once((name) => resolver.tlsa(name)),
  };
}
