import { TextWindow } from './code-units.ts';
import { COLUMNS, type Column, type ColumnPlaces } from './columns.ts';
import { MAX_FIELDS } from './csv-scanner.ts';

/** Numbers of the columns, for code that runs once a row. */
export const C = Object.fromEntries(COLUMNS.map((name, at) => [name, at])) as Record<Column, number>;

/** Where the fields of the record at hand are. */
export interface FieldPlaces {
  starts: Int32Array;
  ends: Int32Array;
  escaped: Uint8Array;
}

/** The field of a column that the file does not have: always empty. */
const ABSENT = MAX_FIELDS - 1;

/**
 * One row of a trace by column number. The object is reused for every row; a field becomes a string only when asked for.
 */
export class TraceRow {
  window = new TextWindow(Buffer.alloc(0), false);
  private readonly fields: FieldPlaces;
  private places = new Int32Array(COLUMNS.length).fill(ABSENT);

  constructor(fields: FieldPlaces) {
    this.fields = fields;
  }

  /** Says which field of a record holds which column. */
  arrange(places: ColumnPlaces): void {
    this.places = Int32Array.from(places, (place) => (place < 0 || place >= ABSENT ? ABSENT : place));
  }

  start(column: number): number {
    return this.fields.starts[this.places[column] ?? ABSENT] ?? 0;
  }

  end(column: number): number {
    return this.fields.ends[this.places[column] ?? ABSENT] ?? 0;
  }

  isEmpty(column: number): boolean {
    return this.start(column) === this.end(column);
  }

  /** True when the field is its text: no quotes were doubled in it. */
  isPlain(column: number): boolean {
    return this.fields.escaped[this.places[column] ?? ABSENT] === 0;
  }

  /** The text of a column, at most 65,536 characters. */
  text(column: number): string {
    const text = this.window.text(this.start(column), this.end(column));
    return this.isPlain(column) ? text : text.replaceAll('""', '"');
  }
}

/** A row from texts, for formats that are not tables of events. */
export function rowOf(values: Partial<Record<Column, string>>): TraceRow {
  const fields = {
    starts: new Int32Array(MAX_FIELDS),
    ends: new Int32Array(MAX_FIELDS),
    escaped: new Uint8Array(MAX_FIELDS),
  };
  let all = '';
  COLUMNS.forEach((column, at) => {
    fields.starts[at] = all.length;
    all += values[column] ?? '';
    fields.ends[at] = all.length;
  });
  const row = new TraceRow(fields);
  row.arrange(COLUMNS.map((_, at) => at));
  // A fresh buffer: a slice of the shared pool may stand on an odd address.
  const bytes = Buffer.from(new ArrayBuffer(all.length * 2));
  bytes.write(all, 'utf16le');
  row.window = new TextWindow(bytes, true);
  return row;
}
