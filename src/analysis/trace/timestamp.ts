import type { CodeUnits } from './code-units.ts';

/**
 * Reads an ISO 8601 time of a trace or log (`2021-11-23T19:49:37.6050000Z`, any number of fraction digits, `Z` or none:
 * these files are UTC) without making a string. Milliseconds since 1970, fractions of a millisecond cut; NaN when it is
 * not a time.
 */
export function readTimestamp(units: CodeUnits, start: number, end: number): number {
  if (end - start < 19) return Number.NaN;
  const mark = units[start + 10];
  if (units[start + 4] !== 45 || units[start + 7] !== 45 || (mark !== 84 && mark !== 32)) return Number.NaN;
  const year = pair(units, start) * 100 + pair(units, start + 2);
  const month = pair(units, start + 5);
  const day = pair(units, start + 8);
  const hour = pair(units, start + 11);
  const minute = pair(units, start + 14);
  const second = pair(units, start + 17);
  // One digit that is none makes its number NaN, and with it the sum.
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return Number.NaN;
  let ms = 0;
  const dot = units[start + 19];
  if (dot === 46 || dot === 44) {
    let scale = 100;
    for (let at = start + 20; at < end && scale >= 1; at++, scale /= 10) {
      const digit = (units[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      ms += digit * scale;
    }
  }
  return (((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + ms;
}

/** Days of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** ISO 8601 UTC with milliseconds; null for NaN. */
export function isoOf(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

/** The number in two digits, NaN when they are none. */
function pair(units: CodeUnits, at: number): number {
  const tens = (units[at] ?? 0) - 48;
  const ones = (units[at + 1] ?? 0) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
