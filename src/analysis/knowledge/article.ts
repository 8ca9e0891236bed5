import { z } from 'zod';
import { errorTypeSchema, ownerSchema } from '../../schema.ts';
import { CAUSES, type Cause, type ErrorType } from '../../vocabulary.ts';

/** A template line; an odd number of backticks would leave a command half drawn on a card (cards/steps.ts). */
const line = z
  .string()
  .min(10)
  .max(600)
  .refine((text) => text.split('`').length % 2 === 1, 'an odd number of backticks');
const lines = z.array(line);

/** Whose attempt failed: mail from Exchange Online, a probe of ours, or mail from any other server. */
export const ATTEMPTS = ['exchange-online', 'probe', 'other'] as const;
export type Attempt = (typeof ATTEMPTS)[number];

/** A step for everyone, or only for one owner or for some attempts. */
const stepSchema = z.union([
  line,
  z.strictObject({
    text: line,
    owner: ownerSchema.optional(),
    tried: z.array(z.enum(ATTEMPTS)).min(1).optional(),
  }),
]);
export type Step = z.infer<typeof stepSchema>;

const causeSchema = z.strictObject({
  /** Replaces the general meaning. */
  meaning: z.string().min(20).max(400),
  /** Come before the general steps. */
  steps: z.array(stepSchema).default([]),
  confirm: lines.default([]),
  next: lines.default([]),
  /** These steps are all there is: the general ones do not fit. */
  only: z.boolean().default(false),
});

/**
 * What the knowledge base knows about one error type. Lines are templates (see fill.ts): `{ip|the server}` is the value
 * or the words after the bar, `[?ip …?:…?]` stands one way when the value is known and the other way when it is not.
 * Commands, filters and paths stand in backticks. A step is one action that can be read on a phone.
 */
export const articleSchema = z
  .strictObject({
    errorType: errorTypeSchema,
    title: z.string().min(5).max(80),
    meaning: z.string().min(20).max(400),
    steps: z.array(stepSchema).min(1),
    causes: z.record(z.string(), causeSchema),
    confirm: lines.min(1),
    next: lines.default([]),
    attach: lines.min(1),
    /** Sources and further reading: standards and vendors' pages. */
    see: z.array(z.strictObject({ title: z.string(), url: z.url() })).min(1),
    /** Error types that look alike or follow. */
    related: z.array(errorTypeSchema).min(1),
  })
  .refine(
    ({ errorType, causes }) =>
      Object.keys(causes).every((cause) => (CAUSES[errorType] as readonly string[]).includes(cause)),
    'a cause that this error type does not have',
  );

/** A checked article. */
export type Article = z.infer<typeof articleSchema>;

/** An article as its file writes it; `causes` may only name causes of its own error type. */
export type ArticleInput<E extends ErrorType> = Omit<z.input<typeof articleSchema>, 'errorType' | 'causes'> & {
  errorType: E;
  causes: Partial<Record<Cause<E>, z.input<typeof causeSchema>>>;
};

/** Checks an article when the program starts, so that a broken one never reaches a person. */
export function article<E extends ErrorType>(input: ArticleInput<E>): Article {
  return articleSchema.parse(input);
}
