import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseTrace } from '../../../src/analysis/trace/parse-trace.ts';
import { traceReportSchema } from '../../../src/analysis/trace/report.ts';
import { UserError } from '../../../src/errors.ts';
import { fixture, fixturePath, upload } from './fixture.ts';

interface Expected {
  format: string;
  encoding?: string;
  topErrorType?: string;
  topCause?: string;
  acceptTopCause?: string[];
  owner?: string;
  acceptOwner?: string[];
  connector?: string;
  correlatesWith?: string;
  maxDelaySeconds?: number;
  failingTarget?: { fqdn: string; ip: string };
  failingSenders?: Record<string, { failures: number }>;
  recipientOutcomes?: Partial<Record<'delivered' | 'failed' | 'pending' | 'expanded', number>>;
}

const SCALARS = ['rows', 'messages', 'delivered', 'failed', 'pending', 'delayedThenDelivered'] as const;
const MORE_SCALARS = ['deferEvents', 'partlyDelivered'] as const;
const expected = JSON.parse(readFileSync(fixturePath('expected.json'), 'utf8')) as Record<string, Expected>;

test.each(Object.entries(expected))('%s: every number of the expected answer', async (name, answer) => {
  const report = await parseTrace([fixture(name)], {});
  expect(traceReportSchema.parse(report)).toEqual(report);
  expect(report.files).toMatchObject([{ name, format: answer.format, skipped: 0 }]);
  if (answer.encoding) expect(report.files[0]?.encoding).toBe(answer.encoding);
  const scalars = answer as unknown as Record<string, number | undefined>;
  for (const key of [...SCALARS, ...MORE_SCALARS]) {
    if (scalars[key] !== undefined) expect(report[key], key).toBe(scalars[key]);
  }
  if (answer.recipientOutcomes) expect(report.recipientOutcomes).toMatchObject(answer.recipientOutcomes);
  const [top] = report.errors;
  if (answer.topErrorType) expect(top?.errorType).toBe(answer.topErrorType);
  if (answer.topCause) expect([answer.topCause, ...(answer.acceptTopCause ?? [])]).toContain(top?.cause);
  if (answer.owner) expect([answer.owner, ...(answer.acceptOwner ?? [])]).toContain(top?.owner);
  if (answer.connector) expect(top?.connectors[0]).toBe(answer.connector);
  if (answer.failingTarget) expect(top?.ips[0]).toBe(answer.failingTarget.ip);
  if (answer.correlatesWith) expect(report.concentration?.dimension).toBe(answer.correlatesWith);
  if (answer.maxDelaySeconds) expect(report.latency.max).toBeCloseTo(answer.maxDelaySeconds, 3);
  const byFailures = Object.entries(answer.failingSenders ?? {}).sort(([, a], [, b]) => b.failures - a.failures);
  if (byFailures.length > 0) expect(top?.servers).toEqual(byFailures.map(([server]) => server));
});

test('the story of each sample is told in words', async () => {
  const servers = await parseTrace([fixture('trace-extended-a1-utf16le-bom.csv')], {});
  expect(servers.concentration?.verdict).toContain(
    'every failure came from 4 of 8 sending servers; the other 4 always worked',
  );
  const subnets = await parseTrace([fixture('trace-extended-a2-utf16le-nobom.csv')], {});
  expect(subnets.concentration).toMatchObject({ value: '104.47.34.0/24, 104.47.36.0/24', share: 1 });
  expect(subnets.errors.map(({ code, enhanced, count }) => [code, enhanced, count])).toEqual([
    ['450', '4.4.316', 62],
    ['550', '5.4.316', 3],
  ]);
});

test('the connector is found where only custom_data names it', async () => {
  const csv = readFileSync(fixturePath('trace-extended-a3-utf8-excel.csv'), 'utf8');
  const without = csv.replaceAll(',Outbound to contoso on-premises,SMTP,', ',,SMTP,');
  expect(without).not.toBe(csv);
  const report = await parseTrace([upload(without)], {});
  expect(report.errors.flatMap(({ connectors }) => connectors)).toContain('Outbound to contoso on-premises');
});

test('several files count as one trace', async () => {
  const names = ['trace-extended-a1-utf16le-bom.csv', 'tracking-27-fields.log'];
  const report = await parseTrace(names.map(fixture), {});
  expect(report).toMatchObject({ rows: 138, messages: 21, delivered: 17, partlyDelivered: 1, pending: 3 });
  expect(report.files.map(({ format }) => format)).toEqual(['exo-extended-trace', 'exchange-tracking']);
});

test.each([
  [{ messageId: '2f888cf1dbfd0ac8.7785@server.fabrikam.com' }, 'bare'],
  [{ messageId: '<2f888cf1dbfd0ac8.7785@server.fabrikam.com>' }, 'in angle brackets'],
  [{ messageId: 'D0C7FEFB-B5DE-40A3-930B-E810830BD823' }, 'network message id'],
])('a timeline by message id: %o', async (query) => {
  const { timeline, messages } = await parseTrace([fixture('trace-extended-a1-utf16le-bom.csv')], query);
  expect(messages).toBe(1);
  expect(timeline[0]?.event).toBe('RECEIVE');
  expect(
    timeline.filter(({ event }) => event === 'DEFER').every(({ errorType }) => errorType === 'ConnectionLost'),
  ).toBe(true);
  const times = timeline.map(({ at }) => at.slice(0, 19));
  expect(times).toEqual([...times].sort());
});

test('a refusal by a mail flow rule stands behind the agent that caused it', async () => {
  const query = { messageId: '<d01427278fb30d3a.87947@HE1PR0501MB2307.eurprd05.prod.outlook.com>' };
  const { timeline } = await parseTrace([fixture('trace-extended-a3-utf8-excel.csv')], query);
  expect(timeline.map(({ event }) => event)).toEqual(['SUBMIT', 'RECEIVE', 'AGENTINFO', 'FAIL']);
});

test.each([
  [{ recipient: 'TOY1@tailspintoys.ca' }, 'toy1@tailspintoys.ca'],
  [{ recipient: '<toy1@tailspintoys.ca>' }, 'toy1@tailspintoys.ca'],
])('a filter by recipient: %o', async (query) => {
  const all = await parseTrace([fixture('trace-extended-a2-utf16le-nobom.csv')], {});
  const some = await parseTrace([fixture('trace-extended-a2-utf16le-nobom.csv')], query);
  expect(some.messages).toBeGreaterThan(0);
  expect(some.messages).toBeLessThan(all.messages);
  expect(some.files[0]?.rows).toBe(all.rows);
});

test.each([
  [{ ip: '104.47.34.0/24' }, 31],
  [{ ip: '104.47.34.97' }, 15],
  [{ ip: '40.107.70.0/24' }, 0],
  [{ helo: 'nobody.example' }, 0],
  [{ since: '2017-03-16T00:00', until: '2017-03-16T15:30:00Z' }, undefined],
  [{ until: '2017-03-15' }, 0],
])('filters %o', async (query, defers) => {
  const report = await parseTrace([fixture('trace-extended-a2-utf16le-nobom.csv')], query);
  if (defers !== undefined) expect(report.deferEvents).toBe(defers);
  if ('since' in query) {
    expect(report.rows).toBeGreaterThan(0);
    expect(report.first?.startsWith('2017-03-16T')).toBe(true);
    expect((report.last ?? '') <= '2017-03-16T15:30:00.000Z').toBe(true);
  }
});

test.each([
  [{ ip: '104.47.34' }, '--ip'],
  [{ ip: '104.47.34.0/99' }, '--ip'],
  [{ since: 'yesterday' }, '--since'],
])('a query that makes no sense is refused with a line that works: %o', async (query, example) => {
  const parsed = parseTrace([fixture('tracking-21-fields.log')], query);
  await expect(parsed).rejects.toBeInstanceOf(UserError);
  await expect(parsed).rejects.toMatchObject({ example: expect.stringContaining(example) });
});

test('a cancelled parse says that it is partial', async () => {
  const header = readFileSync(fixturePath('trace-extended-a3-utf8-excel.csv'), 'utf8');
  const [first = '', ...rows] = header.split('\r\n');
  const long = [first, ...Array.from({ length: 120 }, () => rows.filter((row) => row !== '')).flat(), ''].join('\r\n');
  const cancel = new AbortController();
  const progress: number[] = [];
  const report = await parseTrace(
    [upload(long), fixture('tracking-21-fields.log')],
    {},
    {
      signal: cancel.signal,
      onProgress: ({ rows }) => {
        progress.push(rows);
        cancel.abort();
      },
    },
  );
  expect(report.partial).toBe(true);
  expect(report.rows).toBe(progress[0]);
  expect(report.rows).toBeLessThan(rows.length * 120);
  expect(report.files).toHaveLength(1);
});
