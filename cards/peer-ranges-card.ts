import type { RangesRefresh } from '../src/peer/refresh-ranges.ts';
import type { Card, CardBlock } from './card.ts';
import { sayDay, sayMany } from './say.ts';

/** The answer of `peer --refresh-ranges`: what changed in Exchange Online's published ranges. */
export function peerRangesCard({ ranges, added, removed }: RangesRefresh): Card {
  const changed = added.length + removed.length;
  const list = (caption: string, lines: readonly string[]): CardBlock[] =>
    lines.length === 0 ? [] : [{ type: 'code', caption, text: lines.join('\n') }];
  return {
    kind: 'peer-ranges',
    state: 'ok',
    title:
      changed === 0
        ? `Exchange Online's ranges are unchanged: ${sayMany(ranges.ranges.length, 'range')}`
        : `Exchange Online's ranges have changed: ${added.length} added, ${removed.length} gone`,
    meta: `${sayDay(ranges.date)} · ${ranges.source}`,
    ...(changed === 0 ? {} : { steps: ['Bring firewalls and connectors that name these ranges up to date'] }),
    blocks: [...list('Added', added), ...list('Gone', removed)],
    details: [{ id: 'ranges', title: 'All ranges', blocks: list('All ranges', ranges.ranges) }],
  };
}
