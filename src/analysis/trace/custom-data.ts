/** One item of a custom_data field: `S:MsgRecipCount=1`. */
export interface CustomItem {
  /** `S` for text, `I32`, `Dbl` …; empty when it was lost. */
  type: string;
  key: string;
  value: string;
}

const MAX_ITEMS = 2000;
const TYPED = /^[A-Za-z][A-Za-z0-9]{0,7}:/;
const ORPHAN = /^(?:ConnectorType|UseMxRecord)=/;

/**
 * Items of custom_data in their order; keys repeat (`S:AMA=` once an engine), so this is no map. An item that holds `;`
 * stands in single quotes; copying often loses the first of them, then the parts without a type belong to the item
 * before. Values may contain `=`.
 */
export function parseCustomData(text: string): CustomItem[] {
  const items: CustomItem[] = [];
  for (const piece of splitItems(text)) {
    if (items.length >= MAX_ITEMS) break;
    const last = items.at(-1);
    if (last && ORPHAN.test(piece)) {
      last.value += `;${piece.endsWith("'") ? piece.slice(0, -1) : piece}`;
      continue;
    }
    const item = parseItem(piece);
    if (item) items.push(item);
  }
  return items;
}

/** The first value of a key, any type; undefined when it is not there. */
export function customValue(items: CustomItem[], key: string): string | undefined {
  return items.find((item) => item.key === key)?.value;
}

/** `Name` of `Name=Outbound;ConnectorType=OnPremises;UseMxRecord=False`, the value of TenantOutboundConnectorCustomData. */
export function outboundConnector(items: CustomItem[]): { name: string; type: string } | undefined {
  const value = items.find(({ key }) => key.endsWith('TenantOutboundConnectorCustomData'))?.value;
  if (value === undefined) return undefined;
  const parts = new Map<string, string>();
  for (const part of value.split(';')) {
    const at = part.indexOf('=');
    if (at > 0) parts.set(part.slice(0, at), part.slice(at + 1));
  }
  return { name: parts.get('Name') ?? '', type: parts.get('ConnectorType') ?? '' };
}

function* splitItems(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    if (text[at] === "'") {
      const close = text.indexOf("'", at + 1);
      // A quote that is closed at the end of an item holds semicolons; any other is a character like others.
      if (close > 0 && (close + 1 === text.length || text[close + 1] === ';')) {
        yield text.slice(at + 1, close);
        at = close + 2;
        continue;
      }
    }
    const end = text.indexOf(';', at);
    if (end < 0) {
      yield text.slice(at);
      return;
    }
    if (end > at) yield text.slice(at, end);
    at = end + 1;
  }
}

function parseItem(piece: string): CustomItem | undefined {
  const typed = TYPED.exec(piece)?.[0] ?? '';
  const rest = piece.slice(typed.length);
  const equals = rest.indexOf('=');
  const key = equals < 0 ? rest : rest.slice(0, equals);
  if (key === '' && equals < 0) return undefined;
  return { type: typed.slice(0, -1), key, value: equals < 0 ? '' : rest.slice(equals + 1) };
}
