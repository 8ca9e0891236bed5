import type { DnsAnswer, DnsResolver } from './resolver.ts';

const SILENCE: DnsAnswer<never> = { status: 'timeout', records: [] };

/**
 * The resolver with one deadline for all its look-ups together: what has not been answered when `deadline` is aborted
 * counts as a time-out, so that the answers of before are not lost. Aborting `signal` (the asker's own) still rejects; it
 * must abort `deadline` too.
 */
function withDeadline(resolver: DnsResolver, deadline: AbortSignal, signal: AbortSignal): DnsResolver {
  const ask = async <T>(question: (signal: AbortSignal) => Promise<DnsAnswer<T>>): Promise<DnsAnswer<T>> => {
    if (deadline.aborted && !signal.aborted) return SILENCE;
    try {
      return await question(deadline);
    } catch (error) {
      if (signal.aborted || !deadline.aborted) throw error;
      return SILENCE;
    }
  };
  return {
    server: resolver.server,
    mx: (name) => ask((limit) => resolver.mx(name, limit)),
    a: (name) => ask((limit) => resolver.a(name, limit)),
    aaaa: (name) => ask((limit) => resolver.aaaa(name, limit)),
    cname: (name) => ask((limit) => resolver.cname(name, limit)),
    txt: (name) => ask((limit) => resolver.txt(name, limit)),
    ptr: (ip) => ask((limit) => resolver.ptr(ip, limit)),
    tlsa: (name) => ask((limit) => resolver.tlsa(name, limit)),
  };
}

/**
 * Runs `work` with a resolver whose look-ups end after `timeoutMs` altogether, or reject when `signal` is aborted. A look-up
 * that `work` has not waited for ends with it.
 */
export async function withTimeLimit<T>(
  resolver: DnsResolver,
  timeoutMs: number,
  signal: AbortSignal,
  work: (limited: DnsResolver) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const deadline = new AbortController();
  const onAbort = (): void => deadline.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  try {
    return await work(withDeadline(resolver, deadline.signal, signal));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    deadline.abort();
  }
}

type Answer = DnsAnswer<string>;

/**
 * Three look-ups asked side by side. Once one has brought records the others get `graceMs` more, then they count as timed
 * out: a name server that is silent about AAAA must not hide the addresses that it gave for A.
 */
export async function askTogether(
  lookups: [Promise<Answer>, Promise<Answer>, Promise<Answer>],
  graceMs: number,
): Promise<[Answer, Answer, Answer]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    const onAnswer = ({ status }: Answer): void => {
      if (status === 'ok') timer ??= setTimeout(() => resolve(SILENCE), graceMs);
    };
    // A look-up that fails is heard of below.
    for (const lookup of lookups) lookup.then(onAnswer, () => undefined);
  });
  const inTime = (lookup: Promise<Answer>): Promise<Answer> => Promise.race([lookup, late]);
  try {
    return await Promise.all([inTime(lookups[0]), inTime(lookups[1]), inTime(lookups[2])]);
  } finally {
    clearTimeout(timer);
  }
}
