import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTlsRpt } from '../../src/transport-policy/tls-rpt.ts';

const NAME = '_smtp._tls.contoso.example';

describe('readTlsRpt', () => {
  test.each<[records: string[], expected: object]>([
    [[], { state: 'none' }],
    [['v=spf1 -all'], { state: 'none' }],
    [
      ['v=TLSRPTv1; rua=mailto:tls@contoso.example'],
      { state: 'record', rua: ['mailto:tls@contoso.example'], words: 'reports go to "mailto:tls@contoso.example"' },
    ],
    [
      ['v=TLSRPTv1;rua=mailto:a@contoso.example, https://reports.contoso.example/v1 ;'],
      { state: 'record', rua: ['mailto:a@contoso.example', 'https://reports.contoso.example/v1'] },
    ],
    [
      ['v=TLSRPTv1; rua=tls@contoso.example,mailto:a@contoso.example'],
      {
        state: 'record',
        rua: ['mailto:a@contoso.example'],
        words: 'reports go to "mailto:a@contoso.example"; "tls@contoso.example" beside them is no address',
      },
    ],
    [
      ['v=TLSRPTv1; rua=tls@contoso.example'],
      {
        state: 'broken',
        words: `${NAME} has the rua "tls@contoso.example", which is no address that reports could be sent to`,
      },
    ],
    [['v=TLSRPTv1; rua=http://reports.contoso.example'], { state: 'broken' }],
    [['v=TLSRPTv1'], { state: 'broken', words: `${NAME} has no rua that reports could be sent to` }],
    [['v=TLSRPTv1; mailto:a@contoso.example'], { state: 'broken' }],
    [
      ['v=TLSRPTv1; rua=mailto:a@contoso.example', 'v=TLSRPTv1; rua=mailto:b@contoso.example'],
      { state: 'broken', words: `${NAME} has 2 records of version TLSRPTv1; exactly one is allowed` },
    ],
    [['v=TLSRPT1; rua=mailto:a@contoso.example'], { state: 'broken' }],
  ])('%j', (records, expected) => {
    expect(readTlsRpt(records, NAME)).toMatchObject(expected);
  });

  test('no text makes it throw', () => {
    const text = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    const own = text.map((rest) => `v=TLSRPTv1;${rest}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(text, own), { maxLength: 3 }), (records) => {
        const result = readTlsRpt(records, NAME);
        if (result.state === 'record') expect(result.rua.length).toBeGreaterThan(0);
      }),
    );
  });
});
