import type { ChatHandler, IncomingCommand, IncomingForm, IncomingPress } from '../../src/chat/port.ts';

/** A ChatHandler that remembers what came; `answer`, when given, does the work of a real one. */
export interface SlackRecorder extends ChatHandler {
  commands: IncomingCommand[];
  presses: IncomingPress[];
  forms: IncomingForm[];
  /** Resolves once `count` things came altogether. */
  took(count: number): Promise<void>;
}

/** `answer` may reject: a recorder then fails like a broken handler. */
export function createSlackRecorder(answer?: (incoming: IncomingCommand) => Promise<void>): SlackRecorder {
  const waiting = new Set<() => void>();
  const total = (): number => recorder.commands.length + recorder.presses.length + recorder.forms.length;
  const noticed = (): void => {
    for (const check of waiting) check();
  };
  const recorder: SlackRecorder = {
    commands: [],
    presses: [],
    forms: [],
    async command(incoming) {
      recorder.commands.push(incoming);
      noticed();
      await answer?.(incoming);
    },
    async press(incoming) {
      recorder.presses.push(incoming);
      noticed();
    },
    async form(incoming) {
      recorder.forms.push(incoming);
      noticed();
    },
    took: (count) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${total()} of ${count} came`)), 5_000);
        const check = (): void => {
          if (total() < count) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
  return recorder;
}
