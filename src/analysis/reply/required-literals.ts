import { isForeign } from './gram-index.ts';

/**
 * Finds literals of which every match of a pattern must contain at least one, so that a rule is tried only on texts that
 * hold one of them. Understands the subset of regular expressions that the rule tables use.
 */
export function requiredLiterals(pattern: RegExp): string[] | undefined {
  return new Reader(pattern.source).alternation();
}

/** Shorter literals sort nothing out. */
const MIN_LITERAL = 3;

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternation(): string[] | undefined {
    const all: string[] = [];
    let known = true;
    for (;;) {
      const branch = this.#branch();
      if (branch === undefined) known = false;
      else all.push(...branch);
      if (this.#peek() !== '|') break;
      this.#at += 1;
    }
    return known ? all : undefined;
  }

  #branch(): string[] | undefined {
    const options: string[][] = [];
    let run = '';
    const flush = (): void => {
      if (run.length >= MIN_LITERAL || isForeign(run)) options.push([run]);
      run = '';
    };
    while (this.#at < this.#source.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const literal = this.#literal();
      if (literal !== undefined) {
        const quantifier = this.#quantifier();
        if (quantifier === 'optional') flush();
        else run += literal;
        if (quantifier === 'repeated') flush();
        continue;
      }
      if (this.#peek() === '(') {
        flush();
        const inner = this.#group();
        if (this.#quantifier() !== 'optional' && inner !== undefined) options.push(inner);
        continue;
      }
      const zeroWidth = this.#skipAtom();
      if (!zeroWidth) {
        flush();
        this.#quantifier();
      }
    }
    flush();
    return options.sort((one, other) => weight(other) - weight(one))[0];
  }

  #group(): string[] | undefined {
    this.#at += 1;
    const look = /^\?(?:[:=!]|<[=!])/.exec(this.#source.slice(this.#at, this.#at + 3))?.[0];
    this.#at += look?.length ?? 0;
    const inner = this.alternation();
    this.#at += 1;
    return look === undefined || look === '?:' ? inner : undefined;
  }

  #literal(): string | undefined {
    const char = this.#peek();
    if (char === '\\') {
      const next = this.#source[this.#at + 1] ?? '';
      if (/[A-Za-z0-9]/.test(next)) return undefined;
      this.#at += 2;
      return next;
    }
    if (char === undefined || '.[(*+?{^$'.includes(char)) return undefined;
    this.#at += 1;
    return char;
  }

  /** Skips a class, a dot, an anchor or an escape; true when it consumes no text. */
  #skipAtom(): boolean {
    const char = this.#peek();
    if (char === '[') {
      const end = /^\[\^?\]?(?:\\.|[^\]\\])*\]/.exec(this.#source.slice(this.#at))?.[0].length ?? 1;
      this.#at += end;
      return false;
    }
    if (char === '\\') {
      const next = this.#source[this.#at + 1] ?? '';
      this.#at += 2;
      return next === 'b' || next === 'B';
    }
    this.#at += 1;
    return char === '^' || char === '$';
  }

  #quantifier(): 'once' | 'optional' | 'repeated' {
    const found = /^(?:\{(\d+)(?:,\d*)?\}|[*+?])\??/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (found === null) return 'once';
    this.#at += found[0].length;
    return found[0].startsWith('+') || Number(found[1] ?? 0) > 0 ? 'repeated' : 'optional';
  }

  #peek(): string | undefined {
    return this.#source[this.#at];
  }
}

/** A set is as selective as its shortest literal. */
function weight(literals: string[]): number {
  return Math.min(...literals.map((literal) => literal.length));
}
