import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const value = z.union([z.string(), z.boolean(), z.null()]);

/** One labelled artefact; `accept` lists other answers that are right too. */
const labelSchema = z.looseObject({
  id: z.string(),
  kind: z.enum(['led', 'reply', 'ndr']),
  text: z.string().optional(),
  file: z.string().optional(),
  accept: z.record(z.string(), z.array(value)).default({}),
});
export type Label = z.infer<typeof labelSchema>;

/** Path of a fixture by its name under test/fixtures. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}

/** The labels of one kind. */
export function readLabels(...kinds: Label['kind'][]): Label[] {
  return readFileSync(fixturePath('replies/labels.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => labelSchema.parse(JSON.parse(line)))
    .filter(({ kind }) => kinds.includes(kind));
}

/** The right answers for one field of a label; undefined when the label does not say. */
export function rightAnswers(label: Label, field: string): unknown[] | undefined {
  return field in label ? [label[field], ...(label.accept[field] ?? [])] : undefined;
}

/** Counts right answers a field and lists the wrong ones. */
export function createScore(): {
  add(id: string, field: string, got: unknown, right: unknown[] | undefined): void;
  report(): string;
  wrong: string[];
} {
  const counts = new Map<string, { right: number; all: number }>();
  const wrong: string[] = [];
  return {
    wrong,
    add(id, field, got, right) {
      if (right === undefined) return;
      const count = counts.get(field) ?? { right: 0, all: 0 };
      count.all += 1;
      if (right.includes(got)) count.right += 1;
      else wrong.push(`${id} ${field}: ${JSON.stringify(got)}, not ${JSON.stringify(right[0])}`);
      counts.set(field, count);
    },
    report: () => [...counts].map(([field, { right, all }]) => `${field} ${right}/${all}`).join(' · '),
  };
}
