/** What an element is made of besides its children. */
export interface Props {
  class?: string;
  /** Shown as it is: never parsed as markup. */
  text?: string;
  attrs?: Record<string, string | boolean | undefined>;
  on?: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
}

/** Makes an element. Strings become text nodes; there is no way to hand in markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props.class !== undefined) element.className = props.class;
  if (props.text !== undefined) element.textContent = props.text;
  for (const [name, value] of Object.entries(props.attrs ?? {})) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : value);
  }
  for (const [type, listener] of Object.entries(props.on ?? {})) {
    element.addEventListener(type, listener as EventListener);
  }
  for (const child of children) if (child !== undefined) element.append(child);
  return element;
}

/** The element of index.html with this id. @throws Error when the page lacks it. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/** A link that opens in its own tab and tells the other side nothing; plain text when the address is not http(s). */
export function safeLink(url: string, label: string): HTMLElement {
  const address = httpUrl(url);
  if (address === undefined) return el('span', { text: label });
  return el('a', { text: label, attrs: { href: address, target: '_blank', rel: 'noopener noreferrer' } });
}

/** The address when it is http or https, else undefined. */
export function httpUrl(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:' ? parsed.href : undefined;
}
