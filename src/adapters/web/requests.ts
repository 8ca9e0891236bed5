import { z } from 'zod';

/** Bodies that the page may send. Everything is bounded: whoever can reach the port can send anything. */
const id = z.string().min(1).max(64);
const uploads = z.array(id).max(10).default([]);

/** Characters of one line; a pasted NDR with its headers fits. */
export const MAX_LINE = 100_000;

/** `POST /api/command`: a line, typed in the channel or in a thread. A line may be empty when files come with it. */
export const commandBody = z
  .strictObject({ line: z.string().max(MAX_LINE), client: id, threadId: id.optional(), files: uploads })
  .refine((body) => body.line.trim() !== '' || body.files.length > 0, 'needs a line or a file');

/** `POST /api/press`: the value of the pressed button as its drawing carried it. */
export const pressBody = z.strictObject({ messageId: id, client: id, value: z.unknown() });

/** `POST /api/form`: what was filled in, by field id. */
export const formBody = z.strictObject({
  formId: id,
  values: z.record(z.string().max(64), z.string().max(MAX_LINE)),
  files: uploads,
});
