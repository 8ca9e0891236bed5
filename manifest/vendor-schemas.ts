import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../src/package-info.ts';

/** Where the vendors' own JSON Schemas lie when somebody has put them beside the checkout; the product needs none. */
const FOLDER = path.join(packageRoot, '..', 'shared', 'reference', 'schemas');

/**
 * What the vendor's schema says against a manifest, a sentence each; undefined when the schema is not at hand.
 * ajv is a development dependency, so it is loaded only here.
 */
export async function askVendor(schemaFile: string, manifest: unknown): Promise<string[] | undefined> {
  const file = path.join(FOLDER, schemaFile);
  if (!existsSync(file)) return undefined;
  const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const draft04 = String((schema as { $schema?: unknown }).$schema).includes('draft-04');
  const { default: formats } = await import('ajv-formats');
  // Slack's schema carries keywords of its own, hence not strict.
  const options = { strict: false, allErrors: true };
  const ajv = draft04
    ? new (await import('ajv-draft-04')).default.default(options)
    : new (await import('ajv')).Ajv(options);
  formats.default(ajv);
  const accepts = ajv.compile(schema as object);
  accepts(manifest);
  return (accepts.errors ?? []).map((error) => `${error.instancePath || 'manifest'} ${error.message}`);
}
