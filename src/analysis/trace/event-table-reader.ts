import type { TextWindow } from './code-units.ts';
import type { ColumnPlaces } from './columns.ts';
import { CsvScanner, holdsLineEnd, nextLine, type RecordVerdict } from './csv-scanner.ts';
import { TraceRow } from './row.ts';
import type { WindowSink } from './windows.ts';

/** A row that could not be read. */
export interface RowProblem {
  /** Line of the file, from 1. */
  line: number;
  reason: string;
}

/** How to read a table: where the columns are, and which records are none of its rows. */
export interface TableLayout {
  delimiter: string;
  /** Fields of a row. */
  width: number;
  places: ColumnPlaces;
}

export interface TableReaderOptions {
  layout: TableLayout;
  onRow(row: TraceRow): void;
  /**
   * Looks at a record that begins like none: a header (its new layout), or a comment (null). Undefined means that it is
   * a row after all. Asked only for records whose first character is no digit.
   */
  onOther(fields: readonly string[]): TableLayout | null | undefined;
  /** Line of the file in which reading begins, from 1. */
  firstLine?: number;
  /** Offset in the window stream, in units from the first window's start, at which no new record is begun. */
  stopAt?: number;
}

const MAX_PROBLEMS = 20;
const LF = 10;

/** Reads a table of events window by window and hands each row on. */
export class EventTableReader implements WindowSink {
  rows = 0;
  skipped = 0;
  readonly problems: RowProblem[] = [];
  /** Some field was not UTF-8. */
  sawAnsi = false;
  /** Lines that ended so far. */
  lines: number;
  /** A second header changed the meaning of the columns. */
  layoutChanged = false;
  /** Units from the beginning of the stream to the end of the last record. */
  position = 0;
  done = false;
  private readonly options: TableReaderOptions;
  private layout: TableLayout;
  private readonly scanner: CsvScanner;
  private readonly row: TraceRow;
  private window: TextWindow | undefined;
  /** Up to where in the window lines were counted. */
  private counted = 0;
  /** In the middle of a record that was too long. */
  private skipping = false;

  constructor(options: TableReaderOptions) {
    this.options = options;
    this.layout = options.layout;
    this.lines = (options.firstLine ?? 1) - 1;
    this.scanner = new CsvScanner(options.layout.delimiter);
    this.row = new TraceRow(this.scanner);
    this.row.arrange(this.layout.places);
  }

  consume(window: TextWindow, from: number, to: number, final: boolean): number {
    this.window = window;
    this.row.window = window;
    this.counted = from;
    let start = from;
    if (this.skipping) {
      start = nextLine(window.units, from, to);
      if (start === to && !final) return this.leave(window, from, to);
      this.skipping = false;
    }
    const stopAt = this.options.stopAt === undefined ? to : from + this.options.stopAt - this.position;
    const rest = this.scanner.scan(window.units, start, to, final, stopAt, this.onRecord, this.onBroken);
    if (rest >= stopAt) this.done = this.options.stopAt !== undefined;
    return this.leave(window, from, rest);
  }

  overflow(window: TextWindow, from: number, to: number): number {
    if (!this.skipping) this.problem(from, 'the record is longer than 256 KiB');
    const next = nextLine(window.units, from, to);
    this.skipping = next === to;
    return this.leave(window, from, next);
  }

  private arrange(layout: TableLayout): void {
    this.layoutChanged = true;
    this.layout = layout;
    this.row.arrange(layout.places);
  }

  /** Ends the work on a window; returns `rest`. */
  private leave(window: TextWindow, from: number, rest: number): number {
    this.countLines(rest);
    this.position += rest - from;
    this.sawAnsi ||= window.sawAnsi;
    return rest;
  }

  private readonly onRecord = (start: number, end: number): RecordVerdict => {
    const { scanner, layout } = this;
    const units = this.window?.units;
    if (!units) return 'ok';
    const first = units[scanner.starts[0] ?? 0] ?? 0;
    if (first < 48 || first > 57 || scanner.ends[0] === scanner.starts[0]) {
      if (scanner.count === 1 && scanner.starts[0] === scanner.ends[0]) return 'ok';
      const other = this.options.onOther(this.texts());
      if (other === null) return 'ok';
      if (other) {
        if (other.places.join() !== layout.places.join() || other.width !== layout.width) this.arrange(other);
        return 'ok';
      }
    }
    if (scanner.count !== layout.width) {
      // Columns that Excel left out at the end are empty; more than them is another table or a broken row.
      const fields = `${scanner.count} fields instead of ${layout.width}`;
      this.problem(start, fields);
      return holdsLineEnd(units, start, end - 2) ? 'broken' : 'ok';
    }
    this.rows++;
    this.options.onRow(this.row);
    return 'ok';
  };

  private readonly onBroken = (start: number): void => this.problem(start, 'a quote that is not closed');

  private problem(at: number, reason: string): void {
    this.skipped++;
    if (this.problems.length >= MAX_PROBLEMS) return;
    this.countLines(at);
    this.problems.push({ line: this.lines + 1, reason });
  }

  private texts(): string[] {
    const { window, scanner } = this;
    const texts: string[] = [];
    for (let at = 0; at < Math.min(scanner.count, 100); at++) {
      texts.push(window?.text(scanner.starts[at] ?? 0, scanner.ends[at] ?? 0, 1000) ?? '');
    }
    return texts;
  }

  /** Counts the lines that end before `to`, natively: a loop over each character would cost as much as the scan. */
  private countLines(to: number): void {
    const { window } = this;
    if (!window || to <= this.counted) return;
    const { bytes, units } = window;
    const width = units.BYTES_PER_ELEMENT;
    const stop = to * width;
    for (let at = bytes.indexOf(LF, this.counted * width); at >= 0 && at < stop; at = bytes.indexOf(LF, at + 1)) {
      if (width === 1 || ((at & 1) === 0 && bytes[at + 1] === 0)) this.lines++;
    }
    this.counted = to;
  }
}
