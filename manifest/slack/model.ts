import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

/**
 * The part of Slack's app manifest (version 2) that mailmedic uses, with the documented limits
 * (docs.slack.dev/reference/app-manifest). Unknown keys are refused: Slack refuses them too.
 */
const limited = (max: number) => z.string().min(1).max(max);
const httpUrl = z
  .string()
  .regex(/^https:\/\//, 'must begin with https://')
  .max(3000);
const names = z
  .array(limited(50))
  .refine((list) => new Set(list).size === list.length, 'names something twice')
  .refine((list) => list.join() === [...list].sort().join(), 'is not in alphabetical order');

const slashCommand = z.strictObject({
  // Slack takes capitals too; our grammar writes its commands small.
  command: z.string().regex(/^\/[a-z0-9-]{1,31}$/),
  url: httpUrl.optional(),
  description: limited(2000),
  usage_hint: limited(1000).optional(),
  // Escaped names of users and channels would come as <@U…>, which is no domain.
  should_escape: z.literal(false),
});

const shortcut = z.strictObject({
  name: limited(24),
  type: z.enum(['message', 'global']),
  callback_id: limited(255),
  description: limited(150),
});

const shape = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.number().int().optional() }),
  display_information: z.strictObject({
    name: limited(35),
    description: limited(140),
    background_color: z.string().regex(/^#[0-9a-fA-F]{6}$/),
    long_description: z.string().min(175).max(4000),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: limited(80), always_online: z.boolean() }),
    shortcuts: z.array(shortcut).min(1).max(10),
    slash_commands: z.array(slashCommand).min(1).max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: names.max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: httpUrl.optional(), bot_events: names.max(100) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: httpUrl.optional() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});
export type SlackManifest = z.infer<typeof shape>;

/** The scope without which Slack does not deliver an event (docs.slack.dev/reference/events). */
const SCOPE_OF_EVENT: Record<string, string> = {
  app_mention: 'app_mentions:read',
  file_shared: 'files:read',
  'message.im': 'im:history',
};

/** The manifest with the rules that join its parts. */
export const slackManifestModel = shape.superRefine((manifest, context) => {
  const { event_subscriptions, interactivity, socket_mode_enabled } = manifest.settings;
  const scopes = manifest.oauth_config.scopes.bot;
  const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
  for (const event of event_subscriptions.bot_events) {
    const scope = SCOPE_OF_EVENT[event];
    if (scope === undefined) refuse(`nothing in mailmedic listens to the event ${event}`);
    else if (!scopes.includes(scope)) refuse(`the event ${event} needs the scope ${scope}`);
  }
  if (!scopes.includes('commands')) refuse('slash commands and shortcuts need the scope commands');
  const commands = manifest.features.slash_commands.map(({ command }) => command);
  if (new Set(commands).size < commands.length) refuse('a slash command stands twice');
  const overHttp = [event_subscriptions.request_url, interactivity.request_url];
  const reachable = socket_mode_enabled || overHttp.every((url) => url !== undefined);
  if (!reachable) refuse('without Socket Mode the events and the interactivity need a request_url');
});

/** What is wrong with the text of a manifest, a sentence each; empty when Slack takes it. */
export function checkSlackManifest(text: string): string[] {
  const parsed = slackManifestModel.safeParse(parseYaml(text));
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`);
}
