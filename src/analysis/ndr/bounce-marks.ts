import type { NdrDocument } from './ndr.ts';

const BOUNCE_SENDER = /mailer-daemon|postmaster|mail delivery|microsoftexchange/i;
const BOUNCE_SUBJECT =
  /undeliver|delivery (?:status|failure|has failed|problem|report|delayed)|returned mail|failure notice|mail (?:delivery|system)|not delivered|bounce|unzustellbar|non remis|rebotado|no se puede entregar|mancata consegna|не доставлен|退信|配信/i;

/** The sender, the subject or the first words of a bounce. */
export function looksLikeBounce({ headers, subject, body }: NdrDocument): boolean {
  if (BOUNCE_SENDER.test(headers.get('from') ?? '') || BOUNCE_SUBJECT.test(subject)) return true;
  return BOUNCE_SUBJECT.test(body.slice(0, 1000));
}

const AUTO_SUBJECT =
  /^(?:(?:auto(?:matic|matische|mated)?[- ]?(?:reply|response|antwort)|autoreply|out of (?:the )?office|abwesen|r[eé]ponse automatique|respuesta autom|resposta autom|risposta automatica|自动回复|自動返信|автоответ)|(?:read|gelesen|lu|le[ií]do): )/i;

/** RFC 3834 section 5, or the subject of an absence notice: a person's program answers, no server refuses. */
export function isAutoReply({ headers, subject, deliveryStatus }: NdrDocument): boolean {
  if (deliveryStatus !== null || BOUNCE_SENDER.test(headers.get('from') ?? '')) return false;
  const marked =
    /auto-replied/i.test(headers.get('auto-submitted') ?? '') ||
    headers.has('x-autoreply') ||
    headers.has('x-autorespond') ||
    /disposition-notification/i.test(headers.get('content-type') ?? '');
  return AUTO_SUBJECT.test(subject) || (marked && !BOUNCE_SUBJECT.test(subject));
}
