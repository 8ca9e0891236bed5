import { z } from 'zod';
import { ERROR_TYPES, OWNERS, STAGES } from './vocabulary.ts';

/** Pieces that the JSON contracts of probe, diagnosis, trace and peer share. */
export const errorTypeSchema = z.enum(ERROR_TYPES as [(typeof ERROR_TYPES)[number], ...typeof ERROR_TYPES]);
export const ownerSchema = z.enum(OWNERS);
export const stageSchema = z.enum(STAGES);

/** An SMTP reply: `code` and `enhanced` as text ("450", "4.4.316"), `text` without them, lines joined by LF. */
export const replySchema = z.object({
  code: z.string().nullable(),
  enhanced: z.string().nullable(),
  text: z.string(),
});
export type Reply = z.infer<typeof replySchema>;

export const runbookSchema = z.object({ title: z.string(), url: z.string() });
