import { expect, test } from 'vitest';
import type { DnsResolver } from '../../src/dns/resolver.ts';
import { createPeerLookup } from '../../src/peer/lookup-peer.ts';
import { peerReportSchema } from '../../src/peer/report.ts';
import { zoneResolver } from '../probe/harness.ts';

const zone = zoneResolver({
  mx: { 'contoso.example': [{ host: 'mx1.contoso.example', preference: 10 }] },
  a: { 'mx1.contoso.example': ['192.0.2.10'] },
});

/** A resolver with a bug: some question throws instead of being answered. */
const broken: DnsResolver = {
  ...zone,
  txt: (name) => (name.startsWith('_dmarc') ? Promise.reject(new TypeError('not a string')) : zone.txt(name)),
};

test('a part that throws is told as failed and logged; the other parts stand', async () => {
  const faults: [string, unknown][] = [];
  const lookUp = createPeerLookup({ resolver: broken, onFault: (section, error) => faults.push([section, error]) });
  const report = peerReportSchema.parse(await lookUp('contoso.example', { signal: new AbortController().signal }));
  expect(report).toMatchObject({
    mx: [{ host: 'mx1.contoso.example' }],
    dmarc: { state: 'failed', words: expect.stringMatching(/a fault of mailmedic/) },
    spf: { state: 'absent' },
    pending: [],
  });
  expect(faults).toEqual([['dmarc', expect.objectContaining({ message: 'not a string' })]]);
});
