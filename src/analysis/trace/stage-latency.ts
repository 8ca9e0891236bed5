import { type CodeUnits, type TextWindow, unitsEqual } from './code-units.ts';
import { LatencySketch, type SketchData } from './latency-sketch.ts';
import { TextCache } from './text-cache.ts';

/** One stage with its latencies in seconds. */
export interface StageQuantiles {
  stage: string;
  p50: number;
  p95: number;
  max: number;
}

/** Stages are few (SUB, FE, HUB, DEL …); more of them are somebody's invention. */
const MAX_STAGES = 32;
const SEMICOLON = 59;
const COLON = 58;
const EQUALS = 61;
const DOT = 46;

/** Time by stage, from the `TOTAL-<stage>=` of each server block of message_info; a full parse is too dear for each row. */
export class StageLatency {
  private readonly stages = new Map<string, LatencySketch>();
  private readonly names = new TextCache(64);

  /** Reads the field of a delivered message at units `start` to `end`. */
  add(window: TextWindow, start: number, end: number): void {
    const { units } = window;
    let block = start;
    while (block < end) {
      const last = unitsEqual(units, block, block + 5, 'LSRV=');
      if (last || unitsEqual(units, block, block + 4, 'SRV=')) {
        const colon = indexOf(units, block, end, COLON);
        if (unitsEqual(units, colon + 1, colon + 7, 'TOTAL-')) this.total(window, colon + 7, end);
        // LSRV is the last server: nothing stands after it.
        if (last) return;
      }
      block = indexOf(units, block, end, SEMICOLON) + 1;
    }
  }

  report(): StageQuantiles[] {
    return [...this.stages]
      .map(([stage, sketch]) => ({
        stage,
        p50: sketch.quantile(0.5),
        p95: sketch.quantile(0.95),
        max: sketch.max,
      }))
      .sort((a, b) => b.p95 - a.p95 || (a.stage < b.stage ? -1 : 1));
  }

  data(): [string, SketchData][] {
    return [...this.stages].map(([stage, sketch]) => [stage, sketch.data()]);
  }

  merge(data: readonly [string, SketchData][]): void {
    for (const [stage, sketch] of data) this.stage(stage)?.merge(sketch);
  }

  private total(window: TextWindow, start: number, end: number): void {
    const equals = indexOf(window.units, start, Math.min(end, start + 33), EQUALS);
    if (equals - start > 32) return;
    const seconds = decimal(window.units, equals + 1, end);
    if (seconds >= 0) this.stage(this.names.text(window, start, equals))?.add(seconds);
  }

  private stage(name: string): LatencySketch | undefined {
    let sketch = this.stages.get(name);
    if (!sketch && this.stages.size < MAX_STAGES) {
      sketch = new LatencySketch();
      this.stages.set(name, sketch);
    }
    return sketch;
  }
}

function indexOf(units: CodeUnits, start: number, end: number, unit: number): number {
  let at = start;
  while (at < end && units[at] !== unit) at++;
  return at;
}

/** A decimal number like `3535.395`; -1 when there is none. */
function decimal(units: CodeUnits, start: number, end: number): number {
  let value = 0;
  let scale = 0;
  let at = start;
  for (; at < end && at - start < 20; at++) {
    const unit = units[at] ?? 0;
    if (unit === DOT && scale === 0) scale = 1;
    else if (unit >= 48 && unit <= 57) {
      value = value * 10 + (unit - 48);
      scale *= 10;
    } else break;
  }
  return at === start ? -1 : value / (scale || 1);
}
