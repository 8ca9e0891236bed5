/** One sample of the text format of Prometheus. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/;

/**
 * Reads the text exposition format strictly (prometheus.io/docs/instrumenting/exposition_formats): each metric has one HELP
 * and one TYPE line before its samples, names and label values are well formed, no sample comes twice.
 */
export function readExposition(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line must end with a line feed');
  const described = new Set<string>();
  const typed = new Set<string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, kind, of] = /^# (HELP|TYPE) (\S+) \S/.exec(line) ?? [];
    if (of !== undefined) {
      const lines = kind === 'HELP' ? described : typed;
      if (lines.has(of)) throw new Error(`two ${kind} lines for ${of}`);
      lines.add(of);
      continue;
    }
    const match = SAMPLE.exec(line);
    const name = match?.[1];
    if (match === null || name === undefined) throw new Error(`not a sample: ${line}`);
    if (!described.has(name) || !typed.has(name)) throw new Error(`${name} has no HELP or TYPE before it`);
    const series = `${name}{${match[2] ?? ''}}`;
    if (seen.has(series)) throw new Error(`${series} comes twice`);
    seen.add(series);
    const pairs = [...(match[2] ?? '').matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\\n]|\\["\\n])*)"/g)];
    samples.push({
      name,
      labels: Object.fromEntries(pairs.map(([, key, value]) => [key, value])),
      value: Number(match[3]),
    });
  }
  return samples;
}
