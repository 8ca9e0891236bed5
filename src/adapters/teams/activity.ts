import { z } from 'zod';

const ID_MAX = 1024;

const id = z.string().min(1).max(ID_MAX);
const optionalText = z.string().optional().catch(undefined);
const anyRecord = z.record(z.string(), z.unknown()).optional().catch(undefined);

const account = z.object({
  id,
  name: z.string().max(ID_MAX).optional().catch(undefined),
  isTargeted: z.boolean().optional().catch(undefined),
});

const attachment = z.object({
  contentType: z.string().max(ID_MAX),
  name: z.string().max(ID_MAX).optional().catch(undefined),
  content: z.unknown().optional(),
});

const mention = z.object({ type: z.literal('mention'), text: z.string().max(ID_MAX), mentioned: z.object({ id }) });

/**
 * What we read of an activity (Bot Framework activity schema, as Teams sends it). Only what every answer needs is
 * required; a wrong type elsewhere reads as absent, because a peer's mistake must not cost the person the answer.
 */
const activitySchema = z.object({
  type: z.string().min(1).max(64),
  id: id.optional().catch(undefined),
  channelId: z.string().min(1).max(64),
  serviceUrl: z.string().min(1).max(2048),
  conversation: z.object({ id, conversationType: optionalText, tenantId: optionalText }),
  recipient: account,
  from: account.optional().catch(undefined),
  name: optionalText,
  action: optionalText,
  text: optionalText,
  replyToId: id.optional().catch(undefined),
  value: anyRecord,
  channelData: z
    .object({ tenant: z.object({ id: optionalText }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  entities: lenientList(mention),
  attachments: lenientList(attachment),
  membersAdded: lenientList(account),
});

/** An incoming activity as plain values; nothing of the SDK or of the request lives on in it. */
export type TeamsActivity = z.infer<typeof activitySchema>;
export type TeamsAttachment = z.infer<typeof attachment>;

/** The activity in a request's body, or undefined when it is none. */
export function parseActivity(body: unknown): TeamsActivity | undefined {
  const parsed = activitySchema.safeParse(body);
  return parsed.success ? parsed.data : undefined;
}

/** A list whose unreadable members are left out; at most 100 are looked at. */
function lenientList<T>(member: z.ZodType<T>) {
  return z
    .array(z.unknown())
    .catch([])
    .optional()
    .transform((list) =>
      (list ?? []).slice(0, 100).flatMap((value) => {
        const parsed = member.safeParse(value);
        return parsed.success ? [parsed.data] : [];
      }),
    );
}

/** The tenant that an activity says it comes from; both places it can stand in, lower case. */
export function tenantsOf(activity: TeamsActivity): string[] {
  const named = [activity.conversation.tenantId, activity.channelData?.tenant?.id];
  return named.filter((tenant) => tenant !== undefined && tenant !== '').map((tenant) => `${tenant}`.toLowerCase());
}
