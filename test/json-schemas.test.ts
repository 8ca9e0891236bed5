import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonSchemas } from '../src/json-schemas.ts';

describe('the JSON schemas in docs/schemas', () => {
  it.each(Object.entries(jsonSchemas()))('%s is what the code exports (npm run docs)', (name, schema) => {
    const file = path.resolve(import.meta.dirname, `../docs/schemas/${name}.schema.json`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  });
});
