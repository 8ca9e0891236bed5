/** The path and parameters of `MAIL FROM:<…> SIZE=…` or `RCPT TO:<…> NOTIFY=…` (RFC 5321 sections 4.1.1.2 and 4.1.1.3). */
export interface SmtpPath {
  /** Without the angle brackets; empty for the null path. */
  address: string;
  /** Upper-case keywords; a keyword without a value has the empty one. */
  parameters: Map<string, string>;
}

const MAX_ADDRESS = 320;

/** Undefined when the text is not `keyword:<path>` with parameters behind. */
export function parsePath(text: string, keyword: 'FROM' | 'TO'): SmtpPath | undefined {
  if (!text.toUpperCase().startsWith(`${keyword}:`)) return undefined;
  const path = text.slice(keyword.length + 1).trimStart();
  const end = path.indexOf('>');
  if (!path.startsWith('<') || end < 0) return undefined;
  const address = path.slice(1, end);
  if (address.length > MAX_ADDRESS || /[\s<]/.test(address)) return undefined;
  const rest = path.slice(end + 1);
  if (rest !== '' && !rest.startsWith(' ')) return undefined;
  const words = rest.split(' ').filter((word) => word !== '');
  const parameters = new Map(
    words.map((word) => {
      const equals = word.indexOf('=');
      return equals < 0 ? [word.toUpperCase(), ''] : [word.slice(0, equals).toUpperCase(), word.slice(equals + 1)];
    }),
  );
  return { address, parameters };
}
