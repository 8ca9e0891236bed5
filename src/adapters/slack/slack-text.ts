/** The three entities that Slack escapes in text (docs: "Escaping text"), undone in one pass: `&amp;lt;` is `&lt;`. */
export function unescapeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_, name: string) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'));
}

/** Text from anywhere as Slack wants it in a `text` field. */
export function escapeEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * The words of a mention without the mention: `<@U1> probe contoso.com` is `probe contoso.com`. Words before it count
 * when none come after ("probe contoso.com <@U1>"). Without a known id the first mention is taken for ours.
 */
export function stripMention(text: string, botUserId: string | undefined): string {
  for (const match of text.matchAll(/<@([A-Z0-9]{1,32})(?:\|[^<>]{0,200})?>/g)) {
    if (botUserId !== undefined && match[1] !== botUserId) continue;
    const after = text.slice(match.index + match[0].length).trim();
    return after === '' ? text.slice(0, match.index).trim() : after;
  }
  return text.trim();
}
