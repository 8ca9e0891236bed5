import type { TeamsActivity } from './activity.ts';
import { isMarkedPrivate, PRIVATE_MARK } from './private-mark.ts';

/** What a person did with one of our cards. */
export type CardInput =
  | { kind: 'press'; value: unknown; private: boolean }
  | { kind: 'form'; command: string; values: Record<string, string>; private: boolean };

const MAX_FIELDS = 50;
const OWN_KEYS = new Set(['mm', 'mmForm', PRIVATE_MARK, 'msteams']);

/**
 * The input that an activity carries: `Action.Execute` comes as an invoke (`value.action.data`), `Action.Submit` of an
 * older client as a message (`value`). Undefined when the data is none of ours.
 */
export function cardInputOf(activity: TeamsActivity): CardInput | undefined {
  const data = activity.type === 'invoke' ? recordAt(recordAt(activity.value, 'action'), 'data') : activity.value;
  if (data === undefined) return undefined;
  const shownToOne = isMarkedPrivate(data);
  if (typeof data.mmForm === 'string' && data.mmForm.length <= 64) {
    return { kind: 'form', command: data.mmForm, values: fieldsOf(data), private: shownToOne };
  }
  return data.mm === undefined ? undefined : { kind: 'press', value: data.mm, private: shownToOne };
}

/** What the person filled in. Teams gives text for every kind of input; other types are not ours. */
function fieldsOf(data: Record<string, unknown>): Record<string, string> {
  const fields = Object.entries(data).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !OWN_KEYS.has(entry[0]),
  );
  return Object.fromEntries(fields.slice(0, MAX_FIELDS));
}

function recordAt(record: Record<string, unknown> | undefined, key: string): Record<string, unknown> | undefined {
  const value = record?.[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
