/**
 * Teams reads a little Markdown in TextBlocks. This turns the same subset (bold, italic, links, backslash escapes) into
 * HTML for the library, which wants a string: every character is escaped first, and only these fixed tags are added.
 */
export function safeMarkdown(source: string): string {
  const held: string[] = [];
  // A character that Markdown must not see again, until the tags are in place.
  const hold = (html: string): string => `\u0001${held.push(html) - 1}\u0002`;
  const escaped = source
    .replaceAll(/[\u0001\u0002]/g, '')
    .replace(/\\([\\`*_{}[\]()#+\-.!~>|<&])/g, (_all, char: string) => hold(escapeHtml(char)))
    .replace(/[&<>"']/g, escapeHtml)
    .replace(/\[([^[\]\n]{1,500})\]\((https?:\/\/[^\s()]{1,2000})\)/g, (_all, label: string, url: string) => {
      return `${hold(`<a href="${url}" target="_blank" rel="noopener noreferrer">`)}${label}${hold('</a>')}`;
    })
    .replace(/\*\*([^*\n]{1,2000})\*\*/g, '<strong>$1</strong>')
    .replace(/(^|[\s(])_([^_\n]{1,2000})_(?=$|[\s).,:;])/g, '$1<em>$2</em>')
    .replaceAll('\n', '<br>');
  return escaped.replace(/\u0001(\d+)\u0002/g, (_all, index: string) => held[Number(index)] ?? '');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(char: string): string {
  return ENTITIES[char] ?? char;
}
