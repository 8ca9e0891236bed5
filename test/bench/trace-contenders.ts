import { createReadStream } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse';
import { parseTrace } from '../../src/analysis/trace/parse-trace.ts';

/** What every contender answers; those that answer more are slower for it. */
export interface Answer {
  rows: number;
  messages: number;
  deferEvents: number;
  /** Final recipients by outcome; null when only the counts were asked for. */
  recipients: { delivered: number; failed: number; pending: number } | null;
}

/** Reads a trace and answers; the file is UTF-8 unless the name says otherwise. */
export type Contender = (path: string) => Promise<Answer>;

/** All contenders by name. */
export const CONTENDERS: Record<string, Contender> = {
  'mailmedic, a file': (path) => mailmedic(path, true),
  'mailmedic, a stream': (path) => mailmedic(path, false),
  'mailmedic, a file in UTF-16LE': (path) => mailmedic(path, true),
  'DuckDB, 1 thread, counts': duckdbCounts,
  'DuckDB, 1 thread, outcomes': duckdbOutcomes,
  'csv-parse, counts': csvParseCounts,
};

/** The whole report: outcomes, errors, latency, concentration. A stream is read in one thread. */
async function mailmedic(path: string, isFile: boolean): Promise<Answer> {
  const input = { name: path, open: async () => createReadStream(path), ...(isFile ? { path } : {}) };
  const { rows, messages, deferEvents, recipientOutcomes } = await parseTrace([input], {});
  const { delivered, failed, pending } = recipientOutcomes;
  return { rows, messages, deferEvents, recipients: { delivered, failed, pending } };
}

async function duckdbCounts(path: string): Promise<Answer> {
  const [rows, messages, deferEvents] = await duckdb(`
    select count(*), count(distinct message_id), count(*) filter (event_id = 'DEFER')
    from read_csv('${path}', header = true, all_varchar = true)`);
  return { rows: Number(rows), messages: Number(messages), deferEvents: Number(deferEvents), recipients: null };
}

/** The nearest to the report that one pass of SQL gives: outcome of each recipient of each message, and the delays. */
async function duckdbOutcomes(path: string): Promise<Answer> {
  const [rows, messages, deferEvents, delivered, failed, pending] = await duckdb(`
    with recipients as (
      select message_id, lower(recipient_address) as recipient, count(*) as rows,
        count(*) filter (event_id = 'DEFER') as defers,
        bool_or(event_id in ('SENDEXTERNAL', 'DELIVER')) as delivered, bool_or(event_id = 'FAIL') as failed,
        bool_or(event_id = 'DEFER') as deferred, min(date_time_utc) as first,
        max(date_time_utc) filter (event_id in ('SENDEXTERNAL', 'DELIVER')) as last
      from read_csv('${path}', header = true, all_varchar = true) group by all),
    messages as (select message_id, max(epoch_ms(last::timestamp)) - min(epoch_ms(first::timestamp)) as delay
      from recipients group by all)
    select sum(rows), (select count(*) from messages), sum(defers), count(*) filter (delivered),
      count(*) filter (failed and not delivered), count(*) filter (deferred and not failed and not delivered),
      (select quantile_cont(delay, [0.5, 0.95, 1]) from messages)
    from recipients`);
  const recipients = { delivered: Number(delivered), failed: Number(failed), pending: Number(pending) };
  return { rows: Number(rows), messages: Number(messages), deferEvents: Number(deferEvents), recipients };
}

async function duckdb(sql: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows()[0] ?? [];
}

async function csvParseCounts(path: string): Promise<Answer> {
  const messages = new Set<string>();
  let rows = 0;
  let deferEvents = 0;
  const parser = createReadStream(path, { highWaterMark: 1 << 20 }).pipe(parse({ columns: true, bom: true }));
  for await (const row of parser as AsyncIterable<Record<string, string>>) {
    rows++;
    if (row.event_id === 'DEFER') deferEvents++;
    if (row.message_id) messages.add(row.message_id);
  }
  return { rows, messages: messages.size, deferEvents, recipients: null };
}
