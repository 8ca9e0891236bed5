import type { ProbeAttempt, ProbeReport } from '../src/probe/report.ts';
import type { CardBlock } from './card.ts';
import { sayDay, sayList } from './say.ts';

/** TLS and certificate in one line, of the first address where TLS came up. */
export function tlsLine({ attempts, dnssec }: ProbeReport): CardBlock[] {
  const attempt = attempts.find(({ tls }) => tls.protocol !== null);
  if (attempt === undefined) return [];
  const { certificate, tls } = attempt;
  const parts = [
    sayProtocol(tls.protocol ?? '').replace('TLS ', ''),
    ...published('DANE', tls.dane),
    ...published('MTA-STS', tls.mtaSts),
    dnssec === 'secure' ? 'DNSSEC' : '',
    certificate === null ? '' : `certificate ${certificate.subject} until ${sayDay(certificate.validTo)}`,
  ].filter((part) => part !== '');
  // The version alone tells nobody anything.
  if (parts.length < 2) return [];
  return [{ type: 'text', text: [{ text: 'TLS: ', style: 'bold' }, { text: parts.join(' · ') }] }];
}

/** What the domain has published, and how it fits; nothing where nothing is. */
function published(what: string, state: string | null): string[] {
  if (state === null || state === 'none') return [];
  return [state === 'unknown' ? `${what} not known` : `${what} ${state}`];
}

/** Which TLS versions the peer takes: a table for one address, a line each for several; `asked` by --tls-scan. */
export function scanBlocks(attempts: readonly ProbeAttempt[], asked: boolean): CardBlock[] {
  const scanned = attempts.flatMap(({ host, ip, tls }) => (tls.scan === null ? [] : [{ host, ip, scan: tls.scan }]));
  const [first, ...others] = scanned;
  if (first === undefined) {
    return asked ? [{ type: 'text', text: 'TLS versions were not asked: no address came as far as TLS.' }] : [];
  }
  if (others.length > 0) {
    const facts = scanned.map(({ host, ip, scan }) => ({ label: ip ?? host, value: scanSentence(scan) }));
    return [
      { type: 'text', text: [{ text: 'TLS versions', style: 'bold' }] },
      { type: 'facts', facts },
    ];
  }
  return [
    {
      type: 'table',
      caption: 'TLS versions, each offered alone',
      columns: ['Version', 'Taken', 'Cipher, or why not'],
      rows: first.scan.map(({ protocol, accepted, cipher, error }) => [
        sayProtocol(protocol),
        takenWords({ accepted, error }),
        (accepted ? cipher : error?.replace(/^(?:not accepted|could not be asked)(?:: |$)/, '')) || '–',
      ]),
    },
  ];
}

/** A version that could not be asked about was not refused (src/probe/tls/tls-scan.ts begins its words so). */
function takenWords({ accepted, error }: { accepted: boolean; error: string | null }): string {
  if (accepted) return '✓ yes';
  return isUnasked(error) ? '? not known' : '✗ no';
}

function isUnasked(error: string | null): boolean {
  return error?.startsWith('could not') === true;
}

function scanSentence(scan: NonNullable<ProbeAttempt['tls']['scan']>): string {
  const names = (state: string): string[] =>
    scan.filter((one) => takenWords(one) === state).map(({ protocol }) => sayProtocol(protocol).replace('TLS ', ''));
  const [taken, refused, unasked] = [names('✓ yes'), names('✗ no'), names('? not known')];
  return [
    ...(taken.length === 0 ? [] : [`✓ takes ${sayList(taken)}`]),
    ...(refused.length === 0 ? [] : [`✗ not ${sayList(refused)}`]),
    ...(unasked.length === 0 ? [] : [`? not known: ${sayList(unasked)}`]),
  ].join(' · ');
}

/** `TLSv1.2` of Node as people say it: `TLS 1.2`. */
export function sayProtocol(protocol: string): string {
  return protocol.replace(/^TLSv1$/, 'TLS 1.0').replace(/^TLSv/, 'TLS ');
}
