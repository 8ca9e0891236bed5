import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRecipientEvents, splitAddresses } from '../../../src/analysis/trace/addresses.ts';
import { customValue, outboundConnector, parseCustomData } from '../../../src/analysis/trace/custom-data.ts';
import { type LatencyPart, parseMessageInfo } from '../../../src/analysis/trace/message-info.ts';
import { subnetOf } from '../../../src/analysis/trace/subnet.ts';
import { readTimestamp } from '../../../src/analysis/trace/timestamp.ts';

const CONNECTOR =
  'S:Microsoft.Exchange.Hygiene.TenantOutboundConnectorCustomData=Name=Outbound;ConnectorType=OnPremises;UseMxRecord=False';

describe('custom_data', () => {
  test.each([
    ['quoted', `S:ExternalSendLatency=1.949;'${CONNECTOR}';S:Oorg=contoso.example`],
    ['with its opening quote lost', `S:ExternalSendLatency=1.949;${CONNECTOR}';S:Oorg=contoso.example`],
    ['without quotes', `S:ExternalSendLatency=1.949;${CONNECTOR};S:Oorg=contoso.example`],
  ])('the outbound connector %s', (_, text) => {
    const items = parseCustomData(text);
    expect(items.map(({ key }) => key)).toHaveLength(3);
    expect(outboundConnector(items)).toEqual({ name: 'Outbound', type: 'OnPremises' });
    expect(customValue(items, 'Oorg')).toBe('contoso.example');
  });

  test('repeated keys, sub-fields, empty values and other types', () => {
    const items = parseCustomData(
      'S:AMA=SUM|v=0|action=;S:AMA=EV|engine=M;S:CompCost=|ETR=0;I32:Count=5;S:Flag;S:MimeParts=a/b:0/3',
    );
    expect(items).toEqual([
      { type: 'S', key: 'AMA', value: 'SUM|v=0|action=' },
      { type: 'S', key: 'AMA', value: 'EV|engine=M' },
      { type: 'S', key: 'CompCost', value: '|ETR=0' },
      { type: 'I32', key: 'Count', value: '5' },
      { type: 'S', key: 'Flag', value: '' },
      { type: 'S', key: 'MimeParts', value: 'a/b:0/3' },
    ]);
  });

  test('what is written comes back', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'B', '=', '|', ':', '/', ' '), maxLength: 10 });
    const item = fc.record({ key: fc.constantFrom('AMA', 'E2ELatency', 'X.Y'), value: word, quoted: word });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), (items) => {
        const text = items.map(({ key, value, quoted }) => `'S:${key}=${value};k${quoted}'`).join(';');
        const expected = items.map(({ key, value, quoted }) => ({ type: 'S', key, value: `${value};k${quoted}` }));
        expect(parseCustomData(text)).toEqual(expected);
      }),
    );
  });

  test('any text ends, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", ';', 'S:', '=', 'a'), maxLength: 60 }), (text) => {
        expect(parseCustomData(text).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('message_info', () => {
  const real =
    '2015-02-10T14:41:48.119Z;SRV=fe.example:TOTAL-FE=0.120|SMR=0.096(SMRPI=0.005(SMRPI-FrontendProxyAgent=0.004))|SMS=0.009;' +
    'LSRV=hub.example:TOTAL-HUB=3535.395|CAT=0.759(CATORES=0.303(CATRS=0.265 (CATRS-Transport Rule Agent=0.040(X-ETREX=0.032)|CATRS-DLP=0.1)))|QDE=3532.895';

  test('nests, with spaces in names and before parentheses', () => {
    const info = parseMessageInfo(real);
    expect(info?.origin).toBe('2015-02-10T14:41:48.119Z');
    expect(info?.servers.map(({ host, last, stage, total }) => [host, last, stage, total])).toEqual([
      ['fe.example', false, 'FE', 0.12],
      ['hub.example', true, 'HUB', 3535.395],
    ]);
    const [cat, queue] = info?.servers[1]?.parts ?? [];
    expect(queue).toEqual({ name: 'QDE', seconds: 3532.895, parts: [] });
    const rules = cat?.parts[0]?.parts[0];
    expect(rules?.parts.map(({ name }) => name)).toEqual(['CATRS-Transport Rule Agent', 'CATRS-DLP']);
    expect(rules?.parts[0]?.parts).toEqual([{ name: 'X-ETREX', seconds: 0.032, parts: [] }]);
  });

  test.each(['0cA: ', '00A: NTS: ', '04I: ', ''])('%o is no latency', (code) => {
    expect(parseMessageInfo(code)).toBeUndefined();
  });

  test('Exchange 2010 names no stage', () => {
    expect(parseMessageInfo('2013-05-21T06:10:11.410Z;LSRV=h:TOTAL=1847|QDE=1839|SMS=1')?.servers[0]).toMatchObject({
      stage: '',
      total: 1847,
      parts: [{ name: 'QDE' }, { name: 'SMS' }],
    });
  });

  test('any tree comes back', () => {
    const level = (parts: fc.Arbitrary<LatencyPart[]>): fc.Arbitrary<LatencyPart> =>
      fc.record({
        name: fc.constantFrom('SMR', 'CATRS-Rule Agent', 'X-ETREX'),
        seconds: fc.integer({ min: 0, max: 9_999_999 }).map((ms) => ms / 1000),
        parts,
      });
    const below = (depth: number): fc.Arbitrary<LatencyPart[]> =>
      depth === 0 ? fc.constant([]) : fc.array(level(below(depth - 1)), { maxLength: 3 });
    const tree = level(below(3));
    const print = ({ name, seconds, parts }: LatencyPart): string =>
      `${name}=${seconds}${parts.length > 0 ? `(${parts.map(print).join('|')})` : ''}`;
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), (parts) => {
        const text = `LSRV=h:TOTAL-HUB=1.5${parts.map((part) => `|${print(part)}`).join('')}`;
        expect(parseMessageInfo(text)?.servers[0]?.parts).toEqual(parts);
      }),
    );
  });

  test('parentheses without end are bounded', () => {
    expect(() => parseMessageInfo(`LSRV=h:TOTAL-HUB=1${'|a=1('.repeat(50_000)}`)).not.toThrow();
    expect(() => parseMessageInfo(`LSRV=h:TOTAL-HUB=1${')'.repeat(50_000)}|a=1`)).not.toThrow();
  });
});

describe('addresses', () => {
  test('recipient_status of the enhanced summary', () => {
    const status =
      'bob@fabrikam.example##Receive, Send;"Carla M<carla.m"@fabrikam.example##Receive, Fail;"john;doe"@contoso.example##Receive';
    expect(parseRecipientEvents(status)).toEqual([
      { address: 'bob@fabrikam.example', events: ['Receive', 'Send'] },
      { address: '"Carla M<carla.m"@fabrikam.example', events: ['Receive', 'Fail'] },
      { address: '"john;doe"@contoso.example', events: ['Receive'] },
    ]);
  });

  test.each([
    ['a;b', ['a', 'b']],
    ['"a;b"@c;d', ['"a;b"@c', 'd']],
    ['"a\\";b"@c;d', ['"a\\";b"@c', 'd']],
    ['"a;b;c', ['"a', 'b', 'c']],
    [';; a ;', ['a']],
    ['', []],
  ])('%s', (list, addresses) => expect(splitAddresses(list)).toEqual(addresses));

  test('many quotes take no long time', () => {
    const started = performance.now();
    splitAddresses('\\"'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test.each([
  ['104.47.34.97', '104.47.34.0/24'],
  ['2603:1026:c903:363a::83', '2603:1026:c903:363a::/64'],
  ['::ffff:104.47.34.97', '104.47.34.0/24'],
  ['104.47', ''],
  ['mail.contoso.example', ''],
])('the subnet of %s', (address, subnet) => expect(subnetOf(address)).toBe(subnet));

describe('times', () => {
  const read = (text: string) => readTimestamp(Buffer.from(text), 0, text.length);

  test('agree with Date, fractions of a millisecond cut', () => {
    const years = { min: new Date('1901-01-01'), max: new Date('2199-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), fc.constantFrom('Z', '0000Z', '9999Z', ''), (date, tail) => {
        expect(read(date.toISOString().replace('Z', tail))).toBe(date.getTime());
      }),
    );
  });

  test.each([
    '',
    '2026-09-11',
    '11/23/2021 7:49:37 PM',
    '2026-13-01T00:00:00Z',
    '2026-09-11T25:00:00Z',
    '2026-0x-11T00:00:00Z',
  ])('%o is none', (text) => expect(read(text)).toBeNaN());
});
