/**
 * Takes away what chat clients put around words as they are typed: Slack's `<mailto:a@b|a@b>` and `<http://x|x>`,
 * smart quotes, the long dash that phones make of `--`, and invisible spaces. SMTP's own `<a@b>` stays.
 */
export function unwrapChatMarkup(text: string): string {
  return text
    .replace(/<(?:mailto|https?|tel|smtp):[^<>|\s]{0,2000}\|([^<>|]{1,2000})>/gi, '$1')
    .replace(/<(?:mailto|tel):([^<>|\s]{1,2000})>/gi, '$1')
    .replace(/<(https?:\/\/[^<>|\s]{1,2000})>/gi, '$1')
    .replace(/\u200b|\u200c|\u200d|\u2060|\ufeff/g, '')
    .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replace(/[\u2018\u2019\u201a]/g, "'")
    .replace(/(^|\s)[\u2013\u2014](?=[a-z])/g, '$1--')
    .replace(/[\u00a0\u202f]/g, ' ');
}
