import type { DnsResolver } from '../dns/resolver.ts';
import { readTlsRpt } from '../transport-policy/tls-rpt.ts';
import { clip } from './clip.ts';
import { missing } from './lookup-state.ts';
import type { TlsRptSection } from './section-schemas.ts';

const MAX_REPORTS = 5;

/** Where a domain wants to be told of TLS failures. */
export async function lookupTlsReports(domain: string, resolver: DnsResolver): Promise<TlsRptSection> {
  const name = `_smtp._tls.${domain}`;
  const none = `${domain} publishes no address for TLS reports.`;
  const answer = await resolver.txt(name);
  if (answer.status !== 'ok') return { reportsTo: [], ...missing(`TLS-RPT of ${domain}`, answer.status, none) };
  const result = readTlsRpt(answer.records, name);
  switch (result.state) {
    case 'none':
      return { reportsTo: [], state: 'absent', words: none };
    case 'record':
      return {
        reportsTo: result.rua.slice(0, MAX_REPORTS).map((uri) => clip(uri, 300)),
        state: 'ok',
        words: `TLS-RPT: ${clip(result.words, 300)}.`,
      };
    case 'broken':
      return {
        reportsTo: [],
        state: 'wrong',
        words: `TLS-RPT of ${domain} cannot be used: ${clip(result.words, 300)}.`,
      };
  }
}
