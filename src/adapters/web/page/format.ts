/** `12:04` with its zone: everybody in an incident reads the same clock. */
export function clockTime(iso: string): string {
  return `${iso.slice(11, 16)} UTC`;
}

/** `2026-11-20 12:04:31 UTC`. */
export function fullTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `1.4 MB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** `1 reply`, `2 replies`. */
export function replyCount(count: number): string {
  return count === 1 ? '1 reply' : `${count} replies`;
}
