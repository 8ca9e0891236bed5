import type { User } from '../../chat/port.ts';
import type { TeamsActivity } from './activity.ts';
import { userOf } from './place.ts';

/** Names of the people who spoke to the bot: Teams gives them with each activity and needs no call for it. */
export interface People {
  note(activity: TeamsActivity): void;
  /** The person; the id stands in for a name that was not seen. */
  find(id: string): User;
}

const MAX_PEOPLE = 5000;

/** A bounded memory; who spoke longest ago is forgotten first. */
export function createPeople(): People {
  const names = new Map<string, User>();
  return {
    note(activity) {
      if (activity.from === undefined) return;
      const user = userOf(activity.from);
      names.delete(user.id);
      names.set(user.id, user);
      const oldest = names.size > MAX_PEOPLE ? names.keys().next().value : undefined;
      if (oldest !== undefined) names.delete(oldest);
    },
    find: (id) => names.get(id) ?? { id, name: id },
  };
}
