import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

/**
 * Who may import whom (docs/adr/0003-layers.md). A part is a folder or file; `may` lists the other parts it may import,
 * `packages` the npm packages that belong to it alone. A part may always import itself.
 */
export interface Part {
  name: string;
  /** Path prefixes below the root, POSIX. The longest prefix wins. */
  paths: string[];
  may: string[];
}

/** Leaves that everyone may import: they import nothing but one another. */
const LEAVES = ['leaf'];

/** Adapters know the port, its tools and their renderers, never one another. */
const ADAPTER_MAY = [...LEAVES, 'chat port', 'chat tools', 'cards', 'card rendering'];

export const PARTS: Part[] = [
  {
    name: 'leaf',
    paths: [
      'src/vocabulary.ts',
      'src/schema.ts',
      'src/errors.ts',
      'src/clock.ts',
      'src/log.ts',
      'src/config.ts',
      'src/package-info.ts',
      'src/probe-history.ts',
    ],
    may: [],
  },
  { name: 'dns', paths: ['src/dns/'], may: LEAVES },
  { name: 'egress', paths: ['src/egress/'], may: LEAVES },
  // What a domain publishes about how mail to it must be secured (MTA-STS, DANE, TLS-RPT): for probe and peer alike.
  { name: 'transport policy', paths: ['src/transport-policy/'], may: [...LEAVES, 'dns', 'egress'] },
  { name: 'analysis', paths: ['src/analysis/'], may: LEAVES },
  { name: 'probe', paths: ['src/probe/'], may: [...LEAVES, 'dns', 'egress', 'transport policy', 'analysis'] },
  { name: 'peer', paths: ['src/peer/'], may: [...LEAVES, 'dns', 'egress', 'transport policy'] },
  { name: 'monitor', paths: ['src/monitor/'], may: [...LEAVES, 'probe', 'analysis'] },
  { name: 'incident', paths: ['src/incident/'], may: [...LEAVES, 'analysis'] },
  { name: 'store', paths: ['src/store/'], may: LEAVES },
  { name: 'sandbox', paths: ['src/sandbox/'], may: LEAVES },
  { name: 'http', paths: ['src/http/'], may: [...LEAVES, 'probe'] },
  { name: 'cards', paths: ['cards/'], may: [...LEAVES, 'analysis', 'probe', 'peer', 'monitor', 'incident'] },
  { name: 'card rendering', paths: ['cards/render/'], may: [...LEAVES, 'cards'] },
  {
    name: 'commands',
    paths: ['commands/'],
    may: [...LEAVES, 'dns', 'analysis', 'probe', 'peer', 'monitor', 'incident', 'cards'],
  },
  { name: 'chat', paths: ['src/chat/'], may: [...LEAVES, 'chat port', 'chat tools', 'commands', 'cards', 'store'] },
  { name: 'chat port', paths: ['src/chat/port.ts'], may: ['cards'] },
  // Small tools that every adapter needs and the chat layer too.
  {
    name: 'chat tools',
    paths: ['src/chat/seen.ts', 'src/chat/in-flight.ts', 'src/chat/line-with-files.ts'],
    may: LEAVES,
  },
  { name: 'slack', paths: ['src/adapters/slack/'], may: ADAPTER_MAY },
  { name: 'teams', paths: ['src/adapters/teams/'], may: ADAPTER_MAY },
  { name: 'web', paths: ['src/adapters/web/'], may: ADAPTER_MAY },
  { name: 'manifest', paths: ['manifest/'], may: LEAVES },
  {
    name: 'entry',
    paths: ['src/main.ts', 'src/cli.ts', 'src/terminal/'],
    may: [...LEAVES, 'app', 'cards', 'card rendering', 'commands'],
  },
  {
    name: 'app',
    paths: ['src/app.ts', 'src/doctor.ts', 'src/services.ts', 'src/json-schemas.ts', 'src/write-schemas.ts'],
    may: ['*'],
  },
];

/** Packages that only one part may import: their loss must be a one-folder change. */
export const OWNED_PACKAGES: { pattern: RegExp; part: string }[] = [
  { pattern: /^@slack\//, part: 'slack' },
  { pattern: /^(botbuilder|botframework-|@azure\/)/, part: 'teams' },
  { pattern: /^lowdb/, part: 'store' },
  { pattern: /^(pg|kysely)(\/|$)/, part: 'store' },
  { pattern: /^smtp-client/, part: 'probe' },
];

export interface ImportEdge {
  from: string;
  specifier: string;
  /** Path below the root for relative imports, undefined for packages. */
  target: string | undefined;
}

/** Every static, type-only, re-exported and dynamic import of the files, read by a parser and not by pattern. */
export function readImports(root: string, files: readonly string[]): ImportEdge[] {
  return files.flatMap((file) => {
    const source = readFileSync(path.join(root, file), 'utf8');
    const { module, errors } = parseSync(file, source);
    if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
    const specifiers = [
      ...module.staticImports.map((one) => one.moduleRequest.value),
      ...module.staticExports.flatMap((one) => one.entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
      ...module.dynamicImports.map((one) => literal(source.slice(one.moduleRequest.start, one.moduleRequest.end))),
    ];
    return [...new Set(specifiers)].map((specifier) => ({
      from: file,
      specifier,
      target: specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : undefined,
    }));
  });
}

/** Breaches of the layer rules, one sentence each. */
export function findBreaches(edges: readonly ImportEdge[]): string[] {
  return edges.flatMap((edge) => {
    const from = partOf(edge.from);
    if (from === undefined) return [`${edge.from} belongs to no part: add it to test/support/layers.ts`];
    if (from.may.includes('*')) return [];
    if (edge.target === undefined) {
      const owner = OWNED_PACKAGES.find(({ pattern }) => pattern.test(edge.specifier));
      return owner === undefined || owner.part === from.name
        ? []
        : [`${edge.from} imports ${edge.specifier}, which only the ${owner.part} part may`];
    }
    const to = partOf(edge.target);
    if (to === undefined) return [`${edge.from} imports ${edge.target}, which belongs to no part`];
    return to.name === from.name || from.may.includes(to.name)
      ? []
      : [`${edge.from} (${from.name}) may not import ${edge.target} (${to.name})`];
  });
}

/** The part with the longest matching path. */
export function partOf(file: string): Part | undefined {
  let best: { part: Part; length: number } | undefined;
  for (const part of PARTS) {
    for (const prefix of part.paths) {
      if (file.startsWith(prefix) && prefix.length > (best?.length ?? -1)) best = { part, length: prefix.length };
    }
  }
  return best?.part;
}

/** TypeScript sources of the product below the root, without the browser page, which is a program of its own. */
export function productFiles(root: string): string[] {
  return ['src', 'commands', 'cards', 'manifest'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))
      .filter((file) => file.endsWith('.ts') && !file.startsWith('src/adapters/web/page/')),
  );
}

function literal(text: string): string {
  return text.replace(/^['"`]|['"`]$/g, '');
}
