/** A text cut into parts for showing, and how much of it they hold. */
export interface TextParts {
  parts: string[];
  /** Characters shown, of `text.length`. */
  shown: number;
}

/** Bounds of one part and of their number. */
export interface PartLimits {
  chars: number;
  lines: number;
  parts: number;
}

/** Cuts at line ends where it can, never inside a surrogate pair; what is over the last part is not shown. */
export function splitText(text: string, limits: PartLimits): TextParts {
  const parts: string[] = [];
  let from = 0;
  while (from < text.length && parts.length < limits.parts) {
    const to = endOfPart(text, from, limits);
    parts.push(text.slice(from, to));
    from = to;
  }
  return { parts, shown: from };
}

function endOfPart(text: string, from: number, limits: PartLimits): number {
  const hardEnd = from + limits.chars;
  let end = from;
  for (let line = 0; line < limits.lines; line += 1) {
    const newline = text.indexOf('\n', end);
    const next = newline < 0 ? text.length : newline + 1;
    if (next > hardEnd) return end > from ? end : cutBefore(text, hardEnd);
    end = next;
    if (end === text.length) break;
  }
  return end;
}

function cutBefore(text: string, at: number): number {
  const insidePair = (text.codePointAt(at - 1) ?? 0) > 0xffff;
  return insidePair ? at - 1 : at;
}
