import { type Zippable, zipSync } from 'fflate';
import { UserError } from '../../src/errors.ts';
import type { TeamsManifest } from './model.ts';
import { pngSize } from './png-size.ts';

/** Icons that Teams wants beside the manifest, with their side in pixels (schema v1.29, `icons`). */
const ICONS = { color: 192, outline: 32 } as const;

/**
 * The app package: a zip with the manifest and its icons. The same input gives the same bytes, so that a changed
 * package means changed content.
 * @param readIcon gives an icon's bytes by the name that the manifest uses
 * @throws UserError when an icon is not a PNG of the size that Teams wants
 */
export function buildTeamsPackage(manifest: TeamsManifest, readIcon: (name: string) => Uint8Array): Uint8Array {
  const files: Zippable = { 'manifest.json': new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`) };
  for (const kind of ['color', 'outline'] as const) {
    const name = manifest.icons[kind];
    const bytes = readIcon(name);
    const size = pngSize(bytes);
    const side = ICONS[kind];
    if (size?.width !== side || size.height !== side) {
      const found = size === undefined ? 'no PNG' : `${size.width} x ${size.height}`;
      throw new UserError(`${name} is ${found}; Teams wants a PNG of ${side} x ${side}. Draw it again from its SVG.`);
    }
    files[name] = bytes;
  }
  // Zip keeps local time: a date in local parts is the same bytes in every zone.
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1) });
}
