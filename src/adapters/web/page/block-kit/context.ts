import { el } from '../dom.ts';
import { type Fields, list } from '../json.ts';
import { drawImageElement } from './image.ts';
import { drawText } from './text-object.ts';

/** What blocks need from the page around them. */
export interface BlockContext {
  /** A button or menu entry was chosen; resolves when the server has it. */
  press(value: string): Promise<void>;
  /** Asks before a press; true when the person agrees. */
  confirm(dialog: Fields): Promise<boolean>;
  /** Inputs of a form, by field id; blocks add themselves. */
  inputs: Map<string, FormInput>;
}

/** One field of a form: its value when sent, or its files. */
export interface FormInput {
  label: string;
  optional: boolean;
  value(): string;
  files(): File[];
  focus(): void;
}

/** `context`: small print. */
export function drawContext(block: Fields): HTMLElement {
  const parts = list(block.elements).map((part) => (part.type === 'image' ? drawImageElement(part) : drawText(part)));
  return el('div', { class: 'bk-context' }, ...parts);
}
