import { UserError } from '../errors.ts';
import type { Diagnosis } from './diagnosis.ts';
import { explain } from './explain.ts';
import type { Knowledge } from './knowledge/knowledge.ts';
import { hasHeaders, parseNdr } from './ndr/parse-ndr.ts';
import { classifyReply } from './reply/classify-reply.ts';
import type { ReplyVerdict } from './reply/verdict.ts';

/** Largest artefact that is read, in bytes or characters; a trace file is larger and goes to trace-parse. */
export const MAX_ARTEFACT = 2 * 1024 * 1024;

/** Phrases that only a bounce holds; a pasted one need not begin with its headers. */
const BOUNCE =
  /Generating server|^Final-Recipient:|^Reporting-MTA:|This is the mail system at host|qmail-send program|Transcript of session follows|created automatically by mail delivery software|Remote Server returned|returned '[245]\d\d|Delivery has failed to these|response (?:from the remote server )?was:|returned to sender|#SMTP#|SMTP error from remote mail ?server/im;

const EXAMPLE = '/diagnose 550 5.1.1 User unknown';

/** Diagnoses one artefact. */
export interface Diagnoser {
  /**
   * @param input an SMTP reply, LED string, Defer reason, NDR text, or the bytes or text of an `.eml`.
   * @throws UserError for what cannot be read at all: nothing, a binary file, or more than {@link MAX_ARTEFACT}.
   */
  diagnose(input: string | Uint8Array, options?: { signal?: AbortSignal }): Promise<Diagnosis>;
}

/** Makes the diagnoser; it is pure apart from the links of its knowledge base. */
export function createDiagnoser({ knowledge }: { knowledge: Knowledge }): Diagnoser {
  return {
    async diagnose(input, options = {}) {
      options.signal?.throwIfAborted();
      const text = readText(input);
      const verdict = await judge(input, text);
      options.signal?.throwIfAborted();
      return explain(verdict, knowledge);
    },
  };
}

async function judge(input: string | Uint8Array, text: string): Promise<ReplyVerdict> {
  const mail = hasHeaders(text.slice(0, 2000));
  if (!mail && (text.includes('LED=') || !looksLikeBounce(text))) return doubted(classifyReply(text), text.length);
  // Bytes go to the MIME reader as they are: parts carry their own charset. UTF-16 is only ever pasted text.
  const ndr = await parseNdr(typeof input === 'string' || !mail || isUtf16(input) ? text : input);
  if (ndr.verdict !== null && (ndr.bounce || ndr.verdict.code !== null)) return doubted(ndr.verdict, 0);
  return silent(classifyReply(''), text);
}

function looksLikeBounce(text: string): boolean {
  return BOUNCE.test(text) && (text.includes('\n') || text.length > 400);
}

/** Words without any code can be prose: the longer, the less a phrase in it proves. */
function doubted(verdict: ReplyVerdict, length: number): ReplyVerdict {
  if (verdict.code !== null || verdict.enhanced !== null || verdict.ruleId === null) return verdict;
  const vague = verdict.ruleId.startsWith('concept-');
  const cap = length > 1500 ? 0.3 : length > 400 || vague ? 0.6 : 0.9;
  return { ...verdict, confidence: Math.min(verdict.confidence, cap) };
}

function silent(verdict: ReplyVerdict, text: string): ReplyVerdict {
  return { ...verdict, text: text.trim().slice(0, 500) };
}

function readText(input: string | Uint8Array): string {
  if (input.length > MAX_ARTEFACT) {
    throw new UserError(
      'This is more than 2 MB. Give me the reply or the bounce alone, or a trace file to /trace-parse.',
      { example: EXAMPLE },
    );
  }
  const text = typeof input === 'string' ? input : decode(input);
  if (text.trim() === '') {
    throw new UserError(
      'There is nothing to diagnose. Paste the reply, the LED string or the bounce after the command.',
      { example: EXAMPLE },
    );
  }
  if (isBinary(text)) {
    throw new UserError(
      'This is not text. Save the bounce as .eml (not .msg) and give me that file, or paste its words.',
      { example: EXAMPLE },
    );
  }
  return text;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder(isUtf16(bytes) ? 'utf-16le' : 'utf-8').decode(bytes);
}

function isUtf16(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}

/** NUL never stands in mail or logs that were decoded right. */
function isBinary(text: string): boolean {
  return text.slice(0, 8192).includes('\u0000');
}
