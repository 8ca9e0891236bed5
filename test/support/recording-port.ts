import type { Card, CardFile } from '../../cards/card.ts';
import type { Form } from '../../cards/form.ts';
import type { Answer, Capabilities, ChatPort, MessageRef, Place, User } from '../../src/chat/port.ts';
import type { PlatformError } from '../../src/errors.ts';

/** What happened on the port, in order. */
export type PortCall =
  | { verb: 'post' | 'reply'; place: Place; answer: Answer; messageId: string }
  | { verb: 'edit'; ref: MessageRef; answer: Answer }
  | { verb: 'ephemeral'; place: Place; user: User; answer: Answer }
  | { verb: 'openForm'; form: Form }
  | { verb: 'upload'; file: CardFile };

/** A chat platform that keeps everything in memory: substitutes for a platform at the port, where substitution belongs. */
export interface RecordingPort extends ChatPort {
  calls: PortCall[];
  /** The next call of the verb fails with this. */
  failNext(verb: PortCall['verb'], error: PlatformError): void;
  /** Every card shown so far for a message, oldest first. */
  cardsOf(messageId: string): Card[];
  /** Resolves when a call matches. */
  until(matches: (call: PortCall) => boolean): Promise<PortCall>;
}

export function createRecordingPort(capabilities: Partial<Capabilities> = {}): RecordingPort {
  const calls: PortCall[] = [];
  const failures = new Map<PortCall['verb'], PlatformError>();
  const waiting: { matches: (call: PortCall) => boolean; resolve: (call: PortCall) => void }[] = [];
  let posted = 0;

  function record(call: PortCall): void {
    const failure = failures.get(call.verb);
    if (failure !== undefined) {
      failures.delete(call.verb);
      throw failure;
    }
    calls.push(call);
    for (const wait of waiting.filter((one) => one.matches(call))) wait.resolve(call);
  }
  function post(verb: 'post' | 'reply', place: Place, answer: Answer): Promise<MessageRef> {
    posted += 1;
    const messageId = `m${posted}`;
    record({ verb, place, answer, messageId });
    return Promise.resolve({ place, messageId });
  }
  return {
    platform: 'web',
    calls,
    capabilities: () => ({ ephemeral: true, threads: true, forms: true, files: true, ...capabilities }),
    post: async (place, answer) => post('post', place, answer),
    reply: async (ref, answer) => post('reply', { ...ref.place, threadId: ref.messageId }, answer),
    edit: async (ref, answer) => record({ verb: 'edit', ref, answer }),
    ephemeral: async (place, user, answer) => record({ verb: 'ephemeral', place, user, answer }),
    openForm: async (_place, _trigger, form) => record({ verb: 'openForm', form }),
    upload: async (_place, file) => record({ verb: 'upload', file }),
    resolveUser: async (id) => ({ id, name: id }),
    failNext: (verb, error) => void failures.set(verb, error),
    cardsOf: (messageId) =>
      calls.flatMap((call) => {
        if (call.verb === 'edit') return call.ref.messageId === messageId ? [call.answer.card] : [];
        return 'messageId' in call && call.messageId === messageId ? [call.answer.card] : [];
      }),
    until(matches) {
      const past = calls.find(matches);
      return past === undefined ? new Promise((resolve) => waiting.push({ matches, resolve })) : Promise.resolve(past);
    },
  };
}
