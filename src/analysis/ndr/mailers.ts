import type { Finding, NdrDocument, NdrFormat } from './ndr.ts';

/** The local part may hold letters beyond ASCII (RFC 6531), but not the brackets of another script's sentence. */
const ADDRESS =
  '[^\\s<>"@\\u3000-\\u303f\\uff00-\\uffef]{1,64}@[A-Za-z0-9\\u00a1-\\u024f][A-Za-z0-9.\\u00a1-\\u024f-]{0,254}';

/** Postfix and what descends from it: `<rcpt>: host mx[ip] said: 550 … (in reply to RCPT TO command)`. */
export const POSTFIX: NdrFormat = {
  name: 'postfix',
  fits: ({ body }) => /^<[^>\n]{3,320}>(?: \([^)\n]{1,200}\))?: \S/m.test(body),
  read: ({ body }) =>
    paragraphs(body).flatMap((block) => {
      const match = /^<([^>]{3,320})>(?: \([^)]{1,200}\))?: ([\s\S]{1,8000})$/.exec(block);
      return match === null ? [] : [finding(match[1] ?? null, join(match[2] ?? ''))];
    }),
};

/** qmail, and ezmlm: a line with the address and a colon, then what happened. */
export const QMAIL: NdrFormat = {
  name: 'qmail',
  fits: ({ body }) => /qmail-send|^<[^>\n]{3,320}>:\s*$/m.test(body),
  read: ({ body }) =>
    paragraphs(body).flatMap((block) => {
      const match = /^<([^>]{3,320})>:[ \t]*\n([\s\S]{1,8000})$/.exec(block);
      return match === null ? [] : [finding(match[1] ?? null, match[2] ?? '')];
    }),
};

/** Exim: the address indented by two, what happened indented by four. */
export const EXIM: NdrFormat = {
  name: 'exim',
  fits: ({ body }) => new RegExp(`^ {2}${ADDRESS}`, 'm').test(body),
  read: ({ body, headers }) => {
    const found = [
      ...body.matchAll(
        new RegExp(`^ {2}(${ADDRESS})[^\\n]{0,200}\\n((?:(?: {3,}|\\t)[^\\n]{0,2000}\\n?){1,40})`, 'gm'),
      ),
    ];
    return found
      .slice(0, 50)
      .map((match) => finding(match[1] ?? headers.get('x-failed-recipients') ?? null, unindent(match[2] ?? '')));
  },
};

/** Sendmail: the transcript of the session, and `<rcpt>... Deferred: …`. */
export const SENDMAIL: NdrFormat = {
  name: 'sendmail',
  fits: ({ body }) => /Transcript of session follows/i.test(body),
  read: ({ body }) => {
    const transcript = body
      .slice(body.search(/Transcript of session follows/i))
      .split('\n')
      .slice(1);
    const talking = /while talking to ([\w.-]{3,255})/i.exec(body)?.[1]?.replace(/\.$/, '') ?? null;
    const replies = transcript.filter((line) => /^<<< [245]\d\d/.test(line)).map((line) => line.slice(4));
    const said = transcript.filter((line) => /^(?:[245]\d\d|<[^>]{3,320}>\.\.\.|[^\s@]+@[^\s@]+\.\.\.)/.test(line));
    const recipient = /<([^<>\s]{1,64}@[^<>\s]{1,255})>/.exec(body)?.[1] ?? null;
    const texts = [replies.join('\n'), ...said].filter((text) => text !== '');
    return texts.map((text) => ({ ...finding(recipient, text), remoteHost: talking }));
  },
};

/** Gmail and others that quote: "The response from the remote server was:", "the error that the other server returned was:". */
export const QUOTING: NdrFormat = {
  name: 'quoting',
  fits: ({ body }) => QUOTE.test(body) || QUOTE_WORDS.test(body),
  read: ({ body, headers }) => {
    const match = QUOTE.exec(body) ?? QUOTE_WORDS.exec(body);
    if (match === null) return [];
    const own = `${headers.get('to') ?? ''} ${headers.get('from') ?? ''}`;
    const named = body
      .slice(0, 20_000)
      .matchAll(new RegExp(`(?:to|recipient|address|following)[^@\\n]{0,80}?\\s<?(${ADDRESS})`, 'gi'));
    const recipient = [...named]
      .map((found) => found[1] ?? '')
      .find((address) => !own.includes(address.replace(/\.$/, '')));
    const by =
      /rejected by (?:the server for the recipient domain [\w.-]{1,255} by )?([\w.-]{3,255})\.? ?\[([0-9a-f.:]{3,45})\]/i.exec(
        body,
      );
    const text = join((body.slice(match.index + match[0].length).split(/\n[ \t]*\n/, 1)[0] ?? '').slice(0, 4000));
    return [
      {
        ...finding(recipient?.replace(/[.>]+$/, '') ?? null, text),
        remoteHost: by?.[1] ?? null,
        remoteIp: by?.[2] ?? null,
      },
    ];
  },
};

const QUOTE =
  /(?:(?:the )?(?:response|reply|answer|error|message)(?: that the other server)?(?: from (?:the )?(?:remote|other|recipient'?s?) (?:mail )?server| returned)?(?: was| is)?|(?:die|la|el) (?:antwort|fehlermeldung|r[eé]ponse|respuesta)[^:\n]{0,60}|remote (?:mail )?(?:server|host) (?:said|replied|responded|answered)|technical details(?: of (?:permanent|temporary) failure)?|error(?: message)?|reason|diagnos\w{1,12}|server response|smtp error)[^:\n]{0,30}:\s{0,20}(?=["']?(?:smtp;|[245]\d\d[ -]))/i;

/** Gmail's own trouble has no code: `The response was:`, an empty line, `DNS Error: …`. */
const QUOTE_WORDS =
  /(?:response(?: from the remote server)?|error that the other server returned) was:[ \t]*\n\s{0,8}(?=\S)/i;

/** Any bounce: each line or paragraph that holds a reply. */
export const ANY: NdrFormat = {
  name: 'other',
  fits: () => true,
  read: ({ body, headers }) => {
    const recipient = headers.get('x-failed-recipients') ?? foreignAddress(body, headers.get('to') ?? '');
    const blocks = paragraphs(body).slice(0, 40);
    return blocks.map((block) => finding(recipient, block.slice(0, 4000)));
  },
};

/** The first address that is not the one to which the bounce goes, which bodies name too. */
function foreignAddress(body: string, own: string): string | null {
  for (const [address] of body.slice(0, 20_000).matchAll(new RegExp(ADDRESS, 'g'))) {
    const bare = address.replace(/^(?:\[?smtp:|mailto:|['"([])+|[\])'".,]+$/gi, '');
    if (!own.includes(bare)) return bare;
  }
  return null;
}

function finding(recipient: string | null, text: string): Finding {
  return { recipient, text: text.trim(), remoteHost: null, remoteIp: null, final: null };
}

function paragraphs(body: NdrDocument['body']): string[] {
  return body.split(/\n[ \t]*\n/).map((block) => block.replace(/^\n+/, ''));
}

/** Folded words as one line; a multi-line reply keeps its lines. */
function join(text: string): string {
  return text.replace(/\n[ \t]*(?![245]\d\d[ -])/g, ' ').trim();
}

function unindent(text: string): string {
  return text.replace(/^[ \t]+/gm, '').trim();
}
