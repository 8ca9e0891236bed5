/**
 * Dates as Exchange prints them: in the culture of the server, without a zone (`9/14/2026 3:07:55 PM`,
 * `15/07/2025 09:21:04`, `11.08.2026 09:47:13`, `2019/11/4 13:31:03`).
 */
const CULTURE =
  /^(\d{1,4})([/.-])(\d{1,2})[/.-](\d{1,4})\.?,?[ T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d{1,7})? ?([ap])?/i;

/**
 * ISO 8601 without fractions. `Z` is added only where the zone is known: Exchange Online prints US dates in UTC.
 * A day and a month that could be swapped are settled by `anchor` (an ISO time near it) where there is one.
 */
export function parseCultureDate(text: string, anchor?: string): string | undefined {
  const trimmed = text.trim().slice(0, 40);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(trimmed))
    return `${trimmed.slice(0, 19)}${/Z$/i.test(trimmed) ? 'Z' : ''}`;
  const match = CULTURE.exec(trimmed);
  if (match === null) return undefined;
  const [, first = '', separator = '', second = '', third = '', hours = '', minutes = '', seconds = '00', half] = match;
  const hour = hourOf(Number(hours), half);
  const clock = `${two(hour)}:${minutes}:${seconds}`;
  if (hour > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  if (first.length === 4) return isoOf(first, second, third, clock);
  if (third.length !== 4) return undefined;
  const dayFirst = isoOf(third, second, first, clock);
  const monthFirst = isoOf(third, first, second, clock);
  if (dayFirst === undefined && monthFirst === undefined) return undefined;
  if (anchor !== undefined && dayFirst !== undefined && monthFirst !== undefined && dayFirst !== monthFirst) {
    return distance(dayFirst, anchor) < distance(monthFirst, anchor) ? dayFirst : zoned(monthFirst, half);
  }
  // A leading zero beside AM/PM (3/09/2016 5:05 PM) is the Australian way; the US way writes 9/3.
  const usual = separator === '/' && half !== undefined && !second.startsWith('0') ? 'month' : 'day';
  if (usual === 'month' && monthFirst !== undefined) return zoned(monthFirst, half);
  return dayFirst ?? zoned(monthFirst, half);
}

function zoned(iso: string | undefined, half: string | undefined): string | undefined {
  return iso !== undefined && half !== undefined ? `${iso}Z` : iso;
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

function isoOf(year: string, month: string, day: string, clock: string): string | undefined {
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return undefined;
  return `${year}-${two(Number(month))}-${two(Number(day))}T${clock}`;
}

function distance(iso: string, anchor: string): number {
  return Math.abs(Date.parse(`${iso}Z`) - Date.parse(anchor));
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
