import type { StageRow } from '../card.ts';

/** What stands between the stages of a row. */
export const STAGE_ARROW = ' › ';

/** Milliseconds for people: `71` and `412 ms` below a second, `15.0 s` above. */
export function stageTime(ms: number): string {
  return ms < 1000 ? String(Math.round(ms)) : `${(ms / 1000).toFixed(1)} s`;
}

/** One stage in words: `tls 71`, `✗ certificate`, `⚠ starttls 36`, `… banner`. */
export function stageWord(stage: StageRow['stages'][number]): string {
  const time = stage.ms === undefined ? '' : ` ${stageTime(stage.ms)}`;
  switch (stage.state) {
    case 'ok':
      return `${stage.name}${time}`;
    case 'failed':
      return `✗ ${stage.name}${time}`;
    case 'degraded':
      return `⚠ ${stage.name}${time}`;
    case 'running':
      return `… ${stage.name}`;
  }
}

/** The words of a row's stages; a row that came through ends with a tick, so that no row lacks its sign. */
export function stageWords(row: StageRow): string[] {
  const words = row.stages.map(stageWord);
  const last = words.at(-1);
  if (last === undefined || row.stages.some((stage) => stage.state !== 'ok')) return words;
  return words.length === 1 ? [`✓ ${last}`] : [...words.slice(0, -1), `${last} ✓`];
}

/** A stage, its sign and its time stay on one line (U+00A0 between them). */
export function keepTogether(word: string): string {
  return word.replaceAll(' ', '\u00a0');
}
