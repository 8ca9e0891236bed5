/** One part of the time that a server took: `CATRS=0.265 (CATRS-Transport Rule Agent=0.040)`. */
export interface LatencyPart {
  /** `QDE` queue, `SMS` sending, `CAT` categorizer, `SMR` receiving, `SDD` store delivery, `*-PEN` pending … */
  name: string;
  seconds: number;
  parts: LatencyPart[];
}

/** What one server noted. */
export interface ServerLatency {
  host: string;
  /** The last server so far (`LSRV`). */
  last: boolean;
  /** `HUB`, `DEL`, `FE`, `SUB`; empty in Exchange 2010, which names no stage. */
  stage: string;
  total: number;
  parts: LatencyPart[];
}

/** A message_info field with latencies. */
export interface MessageInfo {
  /** When the message was first seen, as written; empty when it is not there. */
  origin: string;
  servers: ServerLatency[];
}

const MAX_SERVERS = 64;
const MAX_PARTS = 4000;
const MAX_DEPTH = 64;

/**
 * Reads `time;SRV=host:TOTAL-stage=s|part=s(part=s|…)|…;LSRV=…`. Parts nest and their names hold spaces, so they are
 * read with a stack. Undefined for the other thing that stands in this column: a short code (`0cA: `, `00A: NTS: `).
 */
export function parseMessageInfo(text: string): MessageInfo | undefined {
  const blocks = text.slice(0, 65_536).split(';', MAX_SERVERS + 1);
  const origin = /^\d{4}-\d\d-\d\dT/.test(blocks[0] ?? '') ? (blocks.shift() ?? '') : '';
  const servers: ServerLatency[] = [];
  for (const block of blocks) {
    const head = /^(L?SRV)=([^:|()]{1,255}):TOTAL(?:-([A-Za-z0-9]{1,32}))?=([\d.]{1,16})/.exec(block);
    if (!head) continue;
    const [matched, mark, host = '', stage = '', total] = head;
    const parts = parseParts(block.slice(matched.length));
    servers.push({ host, last: mark === 'LSRV', stage, total: Number(total), parts });
  }
  return origin === '' && servers.length === 0 ? undefined : { origin, servers };
}

/** Reads `|a=1(b=2|c=3)|d=4`; a parenthesis too many or too few ends nothing but itself. */
function parseParts(text: string): LatencyPart[] {
  const root: LatencyPart[] = [];
  const stack: LatencyPart[][] = [root];
  let count = 0;
  const token = /([|()])([^=|()]{0,128})(?:=(-?[\d.]{1,16}))?/g;
  for (const [, mark, name = '', value] of text.matchAll(token)) {
    const level = stack.at(-1) ?? root;
    if (mark === ')') {
      if (stack.length > 1) stack.pop();
    } else if (mark === '(' && stack.length < MAX_DEPTH) {
      stack.push(level.at(-1)?.parts ?? []);
    }
    if (value === undefined || ++count > MAX_PARTS) continue;
    (stack.at(-1) ?? root).push({ name: name.trim(), seconds: Number(value), parts: [] });
  }
  return root;
}
