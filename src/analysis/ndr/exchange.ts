import type { Finding, NdrDocument, NdrFormat } from './ndr.ts';

const SERVER_LINE = /Server at ([^\s()]{1,255})(?: \(([0-9a-f.:]{3,45})\))? returned ['‘’"]/gi;
const REMOTE_RETURNED = /Remote Server (?:at ([^\s()]{1,255}) )?(?:\(([0-9a-f.:]{3,45})\) )?returned:? ['‘’"]/gi;
const OLD =
  /(?:^|\n)[ \t]*(?:([\w.-]{4,255}) )?#<?(?:([\w.-]{4,255}) )?#?(?:\d\.\d{1,3}\.\d{1,3} smtp; ?)?([245]\d\d[^\n]{1,2000}?)(?:>[ \t]*#SMTP#|[ \t]*##|\n|$)/gi;
/** Final lines that say only that the message grew too old. */
const AGED = /[45]\.4\.7\b|5\.4\.3\d\d|expired|delayed/i;
const HOST_LINE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

/** Exchange Online and Exchange Server: the part for administrators, in its three shapes. */
export const EXCHANGE: NdrFormat = {
  name: 'exchange',
  fits: ({ body }) => /Generating server|returned ['‘"]|#<?[^\n]{0,300}(?:##|#SMTP#)|#[245]\d\d [245]\.\d/i.test(body),
  read: (document) => {
    const dated = serverLines(document);
    if (dated.length > 0) return dated;
    const remote = remoteReturned(document);
    return remote.length > 0 ? remote : oldShape(document);
  },
};

/** Newest attempt first. The newest line names the Microsoft server that gave up; the one before names who was tried. */
function serverLines({ body }: NdrDocument): Finding[] {
  const lines = quotedAfter(body, SERVER_LINE);
  const final = lines[0];
  if (final === undefined) return [];
  const earlier = AGED.test(final.text) ? lines.slice(1) : lines;
  const tried = earlier.find((line) => line.ip !== null || line.host !== final.host) ?? earlier[0] ?? final;
  const own = tried === final && /Message expired|\.prod\.outlook\.com$/i.test(`${final.text} ${final.host}`);
  return [
    {
      recipient: recipientBefore(body, final.at),
      text: tried.text,
      remoteHost: own ? null : tried.host,
      remoteIp: tried.ip,
      final: tried === final ? null : final.text,
    },
  ];
}

function remoteReturned({ body }: NdrDocument): Finding[] {
  return quotedAfter(body, REMOTE_RETURNED).map((line) => {
    const before = body
      .slice(0, line.at)
      .trimEnd()
      .split('\n')
      .slice(-2)
      .map((part) => part.trim());
    const host = line.host ?? before.findLast((part) => HOST_LINE.test(part)) ?? null;
    return {
      recipient: recipientBefore(body, line.at),
      text: line.text,
      remoteHost: host,
      remoteIp: line.ip,
      final: null,
    };
  });
}

/** `host #550 5.1.1 RESOLVER…; not found ##` and `host #<host #5.7.1 smtp;530 5.7.1 …> #SMTP#`. */
function oldShape({ body }: NdrDocument): Finding[] {
  return [...body.matchAll(OLD)].slice(0, 20).map((match) => ({
    recipient: recipientBefore(body, match.index + 1),
    text: (match[3] ?? '').trim(),
    remoteHost: match[1] ?? null,
    remoteIp: null,
    final: null,
  }));
}

interface Quoted {
  at: number;
  host: string | null;
  ip: string | null;
  text: string;
}

/** The quoted reply ends at the quote sign that ends its line; replies quote names themselves. */
function quotedAfter(body: string, pattern: RegExp): Quoted[] {
  return [...body.matchAll(pattern)].slice(0, 50).map((match) => {
    const rest = body.slice(match.index + match[0].length, match.index + match[0].length + 4000);
    const end = rest.search(/['‘’"][ \t]*(?:\n|$)/);
    const text = (end < 0 ? (rest.split(/\n[ \t]*\n/, 1)[0] ?? '') : rest.slice(0, end)).trim();
    return { at: match.index, host: match[1] ?? null, ip: match[2] ?? null, text };
  });
}

function recipientBefore(body: string, at: number): string | null {
  const lines = body.slice(Math.max(0, at - 1500), at).split('\n');
  const line = lines.findLast((part) => /^\s*[^\s@]+@[^\s@]+\s*$/.test(part));
  return line?.replace(/<mailto:[^>]*>/i, '').trim() ?? null;
}
