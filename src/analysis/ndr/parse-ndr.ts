import { classifyReply } from '../reply/classify-reply.ts';
import { readRecipient, readRemote } from '../reply/remote.ts';
import type { ReplyVerdict } from '../reply/verdict.ts';
import { isAutoReply, looksLikeBounce } from './bounce-marks.ts';
import { type DeliveryStatus, parseDeliveryStatus } from './delivery-status.ts';
import { NDR_FORMATS } from './formats.ts';
import type { DsnRecipient, Finding, Ndr, NdrDocument } from './ndr.ts';
import { readMime, readPlain } from './read-mime.ts';

const TELLING = 0.6;
/** Said only where the server goes on trying. */
const WAITING =
  /warning message only|do not need to resend|will (?:keep|continue) (?:on )?(?:trying|to try|attempting)|not yet been delivered|delivery (?:is |has been |was )?(?:temporarily )?delayed|delayed mail|delivery delayed|\bstill being retried|noch nicht zugestellt|retard de livraison/i;
const DELAYED = /delayed|warning|will be retried|verz[oö]ger|temporary (?:error|problem)/i;
const FAILED =
  /permanent|undeliverable|undelivered|failure|failed|returned|given up|not delivered|could not be reached|cannot be delivered|could not be delivered|unzustellbar|non remis|giving up|wasn't delivered/i;

/** Reads a bounce: an `.eml` (bytes or text with headers) or pasted text. Never throws for what the mail says. */
export async function parseNdr(input: string | Uint8Array): Promise<Ndr> {
  const head =
    typeof input === 'string' ? input.slice(0, 2000) : new TextDecoder('latin1').decode(input.subarray(0, 2000));
  const document = hasHeaders(head) ? await readMime(input) : readPlain(asText(input));
  return readNdr(document);
}

/** A mail begins with header lines, at least one of which only mails have. */
export function hasHeaders(head: string): boolean {
  const block = head.trimStart().split(/\r?\n[ \t]*\r?\n/, 1)[0] ?? '';
  return (
    /^[A-Za-z][A-Za-z0-9-]*:/.test(block) &&
    /^(?:MIME-Version|Received|Return-Path|Message-ID|Content-Type|From|To|Subject|Date|Delivered-To|X-[\w-]+):/im.test(
      block,
    ) &&
    !/^(?:Final-Recipient|Reporting-MTA):/im.test(block) &&
    !/^\s*(?:Reason|Defer|LED|Error|S|C):/i.test(block)
  );
}

function asText(input: string | Uint8Array): string {
  return typeof input === 'string' ? input : new TextDecoder().decode(input);
}

function readNdr(document: NdrDocument): Ndr {
  const status: DeliveryStatus =
    document.deliveryStatus === null
      ? { reportingMta: null, recipients: [] }
      : parseDeliveryStatus(document.deliveryStatus);
  const dsn =
    status.recipients.find(({ action }) => action === 'failed') ??
    status.recipients.find(({ action }) => action === 'delayed') ??
    status.recipients[0];
  const { shape, findings } = readBody(document, dsn?.recipient ?? null);
  const verdict = isAutoReply(document) ? null : combine(dsn, findings, status.reportingMta, document);
  const delayed = dsn?.action === 'delayed' || (dsn === undefined && isDelay(document));
  const bounce =
    !isAutoReply(document) &&
    (status.recipients.length > 0 || (shape !== null && shape !== 'other') || looksLikeBounce(document));
  return { shape, bounce, delayed, reportingMta: status.reportingMta, recipients: status.recipients, verdict };
}

/** The first reader that finds words; the catch-all only where there is no DSN part, or it says nothing. */
function readBody(document: NdrDocument, recipient: string | null): { shape: string | null; findings: Finding[] } {
  for (const format of NDR_FORMATS) {
    if (!format.fits(document)) continue;
    const all = format.read(document);
    const own = all.filter(
      (finding) => recipient === null || finding.recipient?.toLowerCase() === recipient.toLowerCase(),
    );
    const findings = own.length > 0 ? own : all;
    if (findings.some(({ text }) => text !== '')) return { shape: format.name, findings: findings.slice(0, 20) };
  }
  return { shape: null, findings: [] };
}

interface Candidate {
  verdict: ReplyVerdict;
  finding: Finding;
}

/** The piece that tells most decides the fault; codes come from the final reply, the remote from the last attempt. */
function combine(
  dsn: DsnRecipient | undefined,
  findings: Finding[],
  reportingMta: string | null,
  document: NdrDocument,
): ReplyVerdict | null {
  const candidates: Candidate[] = findings.map((finding) => ({ verdict: classifyReply(finding.text), finding }));
  const diagnostic = dsn?.diagnostic ?? null;
  if (diagnostic !== null && diagnostic !== '') {
    const finding = { recipient: null, text: diagnostic, remoteHost: null, remoteIp: null, final: null };
    candidates.unshift({ verdict: classifyReply(diagnostic), finding });
  }
  if (dsn !== undefined && DONE.has(dsn.action ?? '')) return delivered(dsn);
  const best = pick(candidates);
  if (
    best === undefined ||
    (best.verdict.errorType === 'Unknown' && best.verdict.code === null && dsn?.status != null)
  ) {
    return dsn?.status == null ? null : fromStatus(dsn, best?.verdict);
  }
  const shown = candidates.find(
    ({ verdict }) => verdict.code !== null && diagnostic !== null && verdict === candidates[0]?.verdict,
  );
  const finalText = best.finding.final ?? findings.find(({ final }) => final !== null)?.final ?? null;
  const final = finalText !== null ? classifyReply(finalText) : (shown?.verdict ?? best.verdict);
  const remote = combineRemotes(dsn, [best, ...candidates], reportingMta, document);
  const expired = best.verdict.expired || final.expired || dsn?.status === '4.4.7' || dsn?.status === '5.4.7';
  return {
    ...best.verdict,
    ...remote,
    code: final.code ?? best.verdict.code,
    enhanced:
      final.enhanced ?? (final.code === null ? null : best.verdict.enhanced) ?? dsn?.status ?? best.verdict.enhanced,
    text: final.text,
    recipient: bare(
      dsn?.recipient ??
        best.finding.recipient ??
        headerRecipient(document) ??
        best.verdict.recipient ??
        bodyRecipient(document),
    ),
    permanent: isPermanent(dsn, final, document),
    expired,
    evidence: [
      ...best.verdict.evidence,
      ...(finalText === null ? [] : [{ kind: 'final-reply', text: finalText.slice(0, 500) }]),
      ...(dsn?.status == null ? [] : [{ kind: 'status', text: dsn.status }]),
      ...(expired && !best.verdict.expired
        ? [{ kind: 'expired', text: 'Retrying has ended: the message grew too old.' }]
        : []),
    ],
  };
}

/** RFC 3464 section 2.3.3: actions that report no trouble. */
const DONE = new Set(['delivered', 'relayed', 'expanded']);

/** A success report: nothing is wrong. */
function delivered({ recipient, status, remoteHost, remoteIp, diagnostic }: DsnRecipient): ReplyVerdict {
  const said = diagnostic === null ? undefined : classifyReply(diagnostic);
  const verdict = said?.errorType === null ? said : classifyReply(`250 ${status ?? '2.0.0'}`);
  return { ...verdict, remoteHost, remoteIp, recipient: bare(recipient), permanent: false };
}

/** Exchange 2003 puts the address in single quotes. */
function bare(address: string | null): string | null {
  return address?.replace(/^(?:\[?smtp:|['"<[])+|['">\]]+$/gi, '') ?? null;
}

/** Words that name a reason beat words that do not; among equals the Diagnostic-Code, which comes first. */
function pick(candidates: Candidate[]): Candidate | undefined {
  const telling = candidates.filter(({ verdict }) => verdict.errorType !== null);
  return telling.reduce<Candidate | undefined>((best, candidate) => {
    if (best === undefined) return candidate;
    return rank(candidate) > rank(best) ? candidate : best;
  }, undefined);
}

function rank({ verdict: { errorType, confidence, code, innerCode }, finding }: Candidate): number {
  const told = errorType === 'Unknown' ? 0 : errorType === 'MessageExpired' ? 1 : confidence >= TELLING ? 3 : 2;
  // Prose can hold any word: a server's own reply is worth more than the sentence that explains it.
  // In an expired bounce the attempt before the last line names the real error.
  return told * 10 + (code !== null || innerCode !== null ? 12 : 0) + (finding.final === null ? 0 : 1);
}

function fromStatus(dsn: DsnRecipient, spoken: ReplyVerdict | undefined): ReplyVerdict {
  const status = dsn.status ?? '';
  const verdict = classifyReply(`${status.startsWith('4') ? '450' : '550'} ${status}`);
  const text = spoken?.text ?? verdict.text;
  const permanent = dsn.action === 'failed' ? true : dsn.action === 'delayed' ? false : verdict.permanent;
  const remote = { remoteHost: dsn.remoteHost, remoteIp: dsn.remoteIp };
  return {
    ...verdict,
    ...remote,
    code: null,
    text,
    recipient: dsn.recipient,
    permanent,
    confidence: verdict.confidence * 0.9,
  };
}

function combineRemotes(
  dsn: DsnRecipient | undefined,
  candidates: Candidate[],
  reportingMta: string | null,
  document: NdrDocument,
): { remoteHost: string | null; remoteIp: string | null } {
  const sources = [
    ...candidates.map(({ finding }) => ({ host: finding.remoteHost, ip: finding.remoteIp })),
    { host: dsn?.remoteHost ?? null, ip: dsn?.remoteIp ?? null },
    ...candidates.map(({ verdict }) => ({ host: verdict.remoteHost, ip: verdict.remoteIp })),
    readRemote(document.body.slice(0, 8000), undefined),
  ].filter(({ host }) => host === null || host.toLowerCase() !== reportingMta?.toLowerCase());
  const host = sources.find((source) => source.host !== null)?.host ?? null;
  const ip = sources.find((source) => source.ip !== null && (source.host === null || source.host === host))?.ip ?? null;
  return { remoteHost: host?.replace(/\.$/, '') ?? null, remoteIp: ip };
}

function isPermanent(dsn: DsnRecipient | undefined, final: ReplyVerdict, document: NdrDocument): boolean | null {
  if (dsn?.action === 'failed') return true;
  if (dsn?.action === 'delayed') return false;
  if (isDelay(document)) return false;
  if (FAILED.test(`${document.subject} ${document.body.slice(0, 600)}`)) return true;
  return final.permanent;
}

function isDelay({ subject, body }: NdrDocument): boolean {
  const words = `${subject} ${body.slice(0, 800)}`;
  return WAITING.test(words) || (DELAYED.test(words) && !FAILED.test(words));
}

function headerRecipient({ headers }: NdrDocument): string | null {
  return headers.get('x-failed-recipients')?.split(',')[0]?.trim() ?? null;
}

/** The first address of the human part that is not the one the bounce was sent to. */
function bodyRecipient({ headers, body }: NdrDocument): string | null {
  const found = readRecipient(body.slice(0, 8000));
  return found !== null && headers.get('to')?.includes(found) !== true ? found : null;
}
