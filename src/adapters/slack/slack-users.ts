import { z } from 'zod';
import type { User } from '../../chat/port.ts';
import type { Clock } from '../../clock.ts';
import type { SlackClient } from './slack-client.ts';

const NAME_TTL_MS = 3_600_000;
const MAX_NAMES = 10_000;

const name = z.string().trim().max(200).optional();
const userInfo = z.object({
  user: z.object({
    name,
    real_name: name,
    profile: z.object({ display_name: name, real_name: name }).optional(),
  }),
});

/**
 * Names of users, each asked for once an hour (users.info). The id stands in for a name that Slack does not tell.
 */
export function createUserNames(client: SlackClient, clock: Clock): (id: string) => Promise<User> {
  const known = new Map<string, { name: string; at: number }>();

  function remember(id: string, text: string): void {
    if (known.size >= MAX_NAMES) known.clear();
    known.set(id, { name: text, at: clock.elapsed() });
  }

  return async function resolveUser(id) {
    const hit = known.get(id);
    if (hit !== undefined && clock.elapsed() - hit.at < NAME_TTL_MS) return { id, name: hit.name };
    try {
      const parsed = userInfo.safeParse(await client.call('users.info', { user: id }));
      const user = parsed.success ? parsed.data.user : undefined;
      const found = user?.profile?.display_name || user?.profile?.real_name || user?.real_name || user?.name;
      if (!found) return { id, name: id };
      remember(id, found);
      return { id, name: found };
    } catch {
      // A name is a courtesy: the answer does not wait for the scope or for Slack.
      return { id, name: hit?.name ?? id };
    }
  };
}
