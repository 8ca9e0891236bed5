import { el, safeLink } from '../dom.ts';
import { type Fields, text } from '../json.ts';
import { drawText } from './text-object.ts';

/** `image` block: the picture with its title. */
export function drawImage(block: Fields): HTMLElement {
  const title = block.title === undefined ? undefined : el('figcaption', {}, drawText(block.title));
  return el('figure', { class: 'bk-image' }, title, drawImageElement(block));
}

/** `image` element. The page loads nothing from outside, so a picture elsewhere is a link with its description. */
export function drawImageElement(element: Fields): HTMLElement {
  const url = text(element.image_url);
  const alt = text(element.alt_text) || 'image';
  if (/^data:image\/(png|svg\+xml|jpeg|gif);/.test(url)) return el('img', { attrs: { src: url, alt } });
  return el('span', { class: 'bk-image-link' }, safeLink(url, `Picture: ${alt}`));
}
