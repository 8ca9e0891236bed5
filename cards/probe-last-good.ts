import type { ProbeReport } from '../src/probe/report.ts';
import type { Text } from './card.ts';
import { sayMoment } from './say.ts';

/** Changes in the last line; more are counted. */
const SHOWN = 4;

/** What is different from the last good probe of the same target, as the card's last line; undefined without one. */
export function changesLine({ lastGood, verdict, startedAt }: ProbeReport): Text | undefined {
  if (lastGood === null) return undefined;
  const when = sayMoment(lastGood.at, startedAt);
  const { changes } = lastGood;
  if (changes.length === 0) {
    return verdict === 'ok'
      ? `Nothing changed since the last good probe (${when})`
      : `Changed since the last good probe (${when}): nothing but the date`;
  }
  const more = changes.length > SHOWN ? ` and ${changes.length - SHOWN} more` : '';
  return [
    { text: `Changed since the last good probe (${when}): ` },
    { text: `${changes.slice(0, SHOWN).join(' · ')}${more}` },
  ];
}
