import { z } from 'zod';

/**
 * What mailmedic reads of Slack's payloads (docs.slack.dev/reference/interaction-payloads, /reference/events), checked:
 * only these fields, each bounded. A payload that lacks them is acknowledged and left alone.
 */
const id = z.string().regex(/^[\w.-]{1,64}$/);
const timestamp = z.string().regex(/^[\d.]{1,32}$/);
const trigger = z.string().max(512);

/** Slack truncates messages at 40,000 characters; escaping may have made them longer. */
const text = z.string().max(250_000);

const user = z.object({ id, name: z.string().max(200).optional(), username: z.string().max(200).optional() });
const team = z.object({ id }).nullish();

const file = z.object({
  id: id.optional(),
  name: z.string().max(1000).nullish(),
  mimetype: z.string().max(200).nullish(),
  size: z.number().int().nonnegative().optional(),
  url_private_download: z.string().max(4096).optional(),
});
export type SlackFile = z.infer<typeof file>;

/** Deleted and foreign files come in other shapes: those are skipped, the others stay. */
const files = z
  .array(z.unknown())
  .max(100)
  .catch([])
  .transform((list) =>
    list.flatMap((item) => {
      const parsed = file.safeParse(item);
      return parsed.success && (parsed.data.id ?? parsed.data.url_private_download) ? [parsed.data] : [];
    }),
  );

export const commandBody = z.object({
  command: z.string().max(64),
  text: text.default(''),
  team_id: id.optional(),
  enterprise_id: id.optional(),
  channel_id: id,
  user_id: id,
  user_name: z.string().max(200).optional(),
  trigger_id: trigger.optional(),
});

export const messageEvent = z.object({
  team_id: id.optional(),
  event_id: id.optional(),
  event: z.object({
    type: z.enum(['message', 'app_mention']),
    subtype: z.string().optional(),
    channel_type: z.string().optional(),
    bot_id: z.string().optional(),
    user: id,
    text: text.default(''),
    channel: id,
    ts: timestamp,
    thread_ts: timestamp.optional(),
    files,
  }),
});
export type MessageEvent = z.infer<typeof messageEvent>;

export const fileSharedEvent = z.object({
  team_id: id.optional(),
  event_id: id.optional(),
  event: z.object({ file_id: id, user_id: id, channel_id: id }),
});

const pressedMessage = z.object({ ts: timestamp.optional(), thread_ts: timestamp.optional() });

export const blockActionsBody = z.object({
  user,
  team,
  channel: z.object({ id }).optional(),
  container: z
    .object({
      channel_id: id.optional(),
      message_ts: timestamp.optional(),
      thread_ts: timestamp.optional(),
      is_ephemeral: z.boolean().optional(),
    })
    .optional(),
  message: pressedMessage.optional(),
  trigger_id: trigger.optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string().max(255),
        action_ts: timestamp.optional(),
        value: z.string().max(4000).optional(),
        selected_option: z.object({ value: z.string().max(4000) }).nullish(),
      }),
    )
    .min(1),
});

export const messageShortcutBody = z.object({
  user,
  team,
  channel: z.object({ id }),
  trigger_id: trigger.optional(),
  message: z.object({
    ts: timestamp,
    thread_ts: timestamp.optional(),
    text: text.default(''),
    attachments: z
      .array(z.object({ text: text.optional(), fallback: text.optional() }))
      .max(100)
      .catch([]),
    files,
  }),
});

/** The value of one input of a form: text, a choice, or files. */
const inputState = z.object({
  value: text.nullish(),
  selected_option: z.object({ value: z.string().max(4000) }).nullish(),
  files: files.optional(),
});

export const viewSubmissionBody = z.object({
  user,
  team,
  trigger_id: trigger.optional(),
  view: z.object({
    id,
    callback_id: z.string().max(255),
    private_metadata: z.string().max(3000).default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), inputState)) }),
  }),
});
