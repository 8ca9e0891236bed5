import type { TeamsActivity } from './activity.ts';

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", '#39': "'", nbsp: ' ' };

/**
 * The words of a message without the mention of the bot. Mentions are found through the entities, not by guessing at
 * the text (Teams: "use the entities to find mentions"); other people's mentions keep their name.
 */
export function commandText(activity: TeamsActivity): string {
  let text = activity.text ?? '';
  for (const mention of activity.entities) {
    if (mention.text === '') continue;
    const name =
      mention.mentioned.id === activity.recipient.id ? ' ' : mention.text.replace(/<\/?at[^<>]{0,200}>/g, '');
    text = text.replace(mention.text, () => name);
  }
  return decodeEntities(text).trim();
}

/** True when the message names the bot. */
export function mentionsBot(activity: TeamsActivity): boolean {
  return activity.entities.some((mention) => mention.mentioned.id === activity.recipient.id);
}

/** Teams writes `<`, `>` and `&` of a typed address as character references, once. */
function decodeEntities(text: string): string {
  return text
    .replace(/&(#39|[a-z]{2,4});/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replaceAll('\u00a0', ' ');
}
