import { z } from 'zod';
import { errorTypeSchema } from '../../schema.ts';
import { CAUSES, type Cause, type ErrorType } from '../../vocabulary.ts';

const lines = z.array(z.string().min(10).max(600));

const causeSchema = z.strictObject({
  /** Replaces the general meaning. */
  meaning: z.string().min(20).max(400),
  /** Come before the general steps. */
  steps: lines.default([]),
  confirm: lines.default([]),
  next: lines.default([]),
  /** These steps are all there is: the general ones do not fit. */
  only: z.boolean().default(false),
});

/**
 * What the knowledge base knows about one error type. Lines are templates: `{ip|the server}` is the value or the words
 * after the bar; `[?ip … ?]` stands only when the value is known. See fill.ts.
 */
export const articleSchema = z
  .strictObject({
    errorType: errorTypeSchema,
    title: z.string().min(5).max(80),
    meaning: z.string().min(20).max(400),
    steps: lines.min(1),
    causes: z.record(z.string(), causeSchema),
    confirm: lines.min(1),
    next: lines.default([]),
    attach: lines.default([]),
    /** Further reading: standards and vendors' pages. */
    see: z.array(z.strictObject({ title: z.string(), url: z.url() })).min(1),
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
