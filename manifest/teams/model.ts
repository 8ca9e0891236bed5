import { z } from 'zod';

/**
 * The part of the Teams app manifest that mailmedic uses, with the documented limits (schema v1.29 of
 * OfficeDev/microsoft-teams-app-schema, draft-04). Unknown keys are refused: Teams refuses them too.
 */
const guid = z.string().regex(/^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/, 'must be a GUID');
const limited = (max: number) => z.string().min(1).max(max);
const httpsUrl = z
  .string()
  .max(2048)
  .regex(/^https:\/\//, 'must begin with https://');
const scopes = z
  .array(z.enum(['personal', 'team', 'groupChat']))
  .min(1)
  .max(4);

const commandList = z.strictObject({
  scopes,
  /** Where Teams offers the commands: after an @mention, and in the list behind `/` (group conversations only). */
  triggers: z
    .array(z.enum(['mention', 'slash']))
    .min(1)
    .max(2),
  commands: z
    .array(z.strictObject({ title: limited(128), description: limited(4000) }))
    .min(1)
    .max(12),
});

const bot = z.strictObject({
  botId: guid,
  scopes,
  isNotificationOnly: z.literal(false),
  supportsCalling: z.literal(false),
  supportsVideo: z.literal(false),
  supportsFiles: z.literal(true),
  // Without it Teams offers no slash commands, and no private question reaches the bot.
  supportsTargetedMessages: z.literal(true),
  commandLists: z.array(commandList).min(1).max(3),
});

const capability = z.literal('bot');

const shape = z.strictObject({
  $schema: z.literal('https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json'),
  manifestVersion: z.literal('1.29'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'must be three numbers such as 1.2.3')
    .max(256),
  id: guid,
  developer: z.strictObject({ name: limited(32), websiteUrl: httpsUrl, privacyUrl: httpsUrl, termsOfUseUrl: httpsUrl }),
  name: z.strictObject({ short: limited(30), full: limited(100) }),
  description: z.strictObject({ short: limited(80), full: limited(4000) }),
  icons: z.strictObject({ color: limited(2048), outline: limited(2048) }),
  accentColor: z.string().regex(/^#[0-9a-fA-F]{6}$/),
  bots: z.tuple([bot]),
  defaultInstallScope: z.enum(['personal', 'team', 'groupChat']),
  defaultGroupCapability: z.strictObject({ team: capability, groupchat: capability, meetings: capability }),
  supportedChannelTypes: z.array(z.enum(['sharedChannels', 'privateChannels'])).max(2),
  validDomains: z.array(limited(2048)).max(100),
});

export type TeamsManifest = z.infer<typeof shape>;

/** Reads a manifest; the first thing that Teams would refuse, as `key: reason`, or the manifest. */
export function checkTeamsManifest(value: unknown): { manifest: TeamsManifest } | { problem: string } {
  const parsed = shape.safeParse(value);
  if (parsed.success) return { manifest: parsed.data };
  const issue = parsed.error.issues[0];
  return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` };
}
