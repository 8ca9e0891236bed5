import { LIMITS } from '../limits.ts';
import type { ProbeAttempt } from '../report.ts';
import { decodeText } from './smtp-reply.ts';

type Entry = ProbeAttempt['transcript'][number];

/** Everything said in one attempt, bounded and without credentials. Times are milliseconds since it was made. */
export class Transcript {
  readonly entries: Entry[] = [];
  private dropped = 0;
  private chars = 0;
  private readonly elapsed: () => number;
  private readonly began: number;

  constructor(elapsed: () => number) {
    this.elapsed = elapsed;
    this.began = elapsed();
  }

  /** Milliseconds since the attempt began. */
  now(): number {
    return Math.round((this.elapsed() - this.began) * 10) / 10;
  }

  client(line: string): void {
    // RFC 4954: what follows the mechanism is a credential.
    this.add('C', line.replace(/^(AUTH \S+) .*/i, '$1 ***'));
  }

  server(latin1: string): void {
    this.add('S', decodeText(latin1));
  }

  event(text: string): void {
    this.add('*', text);
  }

  private add(dir: Entry['dir'], text: string): void {
    const at = this.now();
    this.chars += text.length;
    const room = this.entries.length < LIMITS.transcriptLines && this.chars <= LIMITS.transcriptChars;
    if (this.dropped === 0 && room) {
      this.entries.push({ at, dir, text });
      return;
    }
    // The first line that is not kept makes room for the count.
    if (this.dropped > 0) this.entries.pop();
    this.dropped += 1;
    this.entries.push({ at, dir: '*', text: `${this.dropped} more lines were not kept` });
  }
}
