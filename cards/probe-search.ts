import type { ProbeReport } from '../src/probe/report.ts';
import type { CardBlock, CardDetail } from './card.ts';

/**
 * Lines to paste where the peer's side of this probe is on record; nothing is where no connection was made. Every word is
 * our own (src/probe/verdict/search-lines.ts), so that the fold is shown as it is in shared channels too: a masked Message-ID
 * finds nothing.
 */
export function searchDetail({ search, attempts }: ProbeReport): CardDetail[] {
  const connected = attempts.some(({ timingsMs, banner }) => timingsMs.banner !== null || banner !== null);
  if (!connected || search.lines.length === 0) return [];
  const facts = [
    { label: 'EHLO name', value: search.helo },
    ...(search.messageId === null ? [] : [{ label: 'Message-ID', value: search.messageId }]),
    ...(search.subject === null ? [] : [{ label: 'Subject', value: search.subject }]),
  ];
  const lines = search.lines.map(({ label, text }): CardBlock => ({ type: 'code', caption: label, text, copy: true }));
  return [{ id: 'search', title: 'Where to find it in the logs', blocks: [...lines, { type: 'facts', facts }] }];
}
