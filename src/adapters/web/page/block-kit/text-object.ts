import { el, safeLink } from '../dom.ts';
import { type Fields, fields, text } from '../json.ts';
import { parseMrkdwn, type Run } from './mrkdwn.ts';

/** Draws a `plain_text` or `mrkdwn` object. */
export function drawText(value: unknown): HTMLElement {
  const object: Fields = fields(value);
  if (object.type !== 'mrkdwn') return el('span', { class: 'bk-text', text: text(object.text) });
  return el('span', { class: 'bk-text' }, ...parseMrkdwn(text(object.text)).map(drawRun));
}

/** Draws one run of styled text. */
export function drawRun(run: Run): Node {
  if (run.pre === true) return el('pre', { class: 'bk-pre', text: run.text });
  let node: Node;
  if (run.url !== undefined) node = safeLink(run.url, run.text);
  else if (run.mention === true) node = el('span', { class: 'bk-mention', text: run.text });
  else node = document.createTextNode(run.text);
  if (run.code === true) node = el('code', {}, node);
  if (run.strike === true) node = el('s', {}, node);
  if (run.italic === true) node = el('em', {}, node);
  if (run.bold === true) node = el('strong', {}, node);
  return node;
}
