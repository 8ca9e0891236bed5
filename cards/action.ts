import { z } from 'zod';

/**
 * What a button carries from the card to the handler, the same on every platform. `v` is the version of this shape;
 * `run` is the id of the answer the card belongs to, `rev` the revision it was drawn for.
 */
const buttonValue = z.discriminatedUnion('a', [
  z.object({
    v: z.literal(1),
    a: z.literal('run'),
    line: z.string().max(1500),
    where: z.enum(['edit', 'thread']),
    run: z.string().max(64).optional(),
    rev: z.number().int().optional(),
  }),
  z.object({
    v: z.literal(1),
    a: z.literal('detail'),
    detail: z.string().max(64),
    as: z.literal('file').optional(),
    run: z.string().max(64),
    rev: z.number().int().optional(),
  }),
  z.object({ v: z.literal(1), a: z.literal('form'), command: z.string().max(64) }),
  z.object({ v: z.literal(1), a: z.literal('cancel'), run: z.string().max(64) }),
]);

export type ButtonValue = z.infer<typeof buttonValue>;

/** Slack allows 2,000 characters in a button's value; the same bound is used everywhere. */
export const MAX_BUTTON_VALUE = 2000;

/** JSON of a button's value, or undefined when it would not fit (the button is then left out and the card says so). */
export function encodeButtonValue(value: ButtonValue): string | undefined {
  const checked = buttonValue.safeParse(value);
  if (!checked.success) return undefined;
  const json = JSON.stringify(checked.data);
  return json.length <= MAX_BUTTON_VALUE ? json : undefined;
}

/** The value of a pressed button, or undefined when it is not one of ours (hostile, or of a newer version). */
export function parseButtonValue(raw: unknown): ButtonValue | undefined {
  if (typeof raw === 'string' && raw.length > MAX_BUTTON_VALUE) return undefined;
  try {
    const value: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw;
    const checked = buttonValue.safeParse(value);
    return checked.success ? checked.data : undefined;
  } catch {
    return undefined;
  }
}
