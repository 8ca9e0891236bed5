import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTeamsPackage } from '../../manifest/teams/build-package.ts';
import { fillManifest } from '../../manifest/teams/fill-manifest.ts';
import { packageTeams } from '../../manifest/teams/package-teams.ts';
import { pngSize } from '../../manifest/teams/png-size.ts';
import { packageRoot } from '../../src/package-info.ts';

const folder = path.join(packageRoot, 'manifest/teams');
const icon = (name: string): Uint8Array => readFileSync(path.join(folder, name));
const env = {
  MAILMEDIC_TEAMS_APP_ID: '11111111-2222-3333-4444-555555555555',
  MAILMEDIC_HTTP_PUBLIC_URL: 'https://bot.contoso.example',
};

let work: string;
beforeAll(() => {
  work = mkdtempSync(path.join(tmpdir(), 'mailmedic-manifest-'));
});
afterAll(() => rmSync(work, { recursive: true }));

describe('the package', () => {
  test('holds the manifest and its icons, and the same bytes every time and in every zone', () => {
    const first = packageTeams(['--out', path.join(work, 'a.zip')], env);
    const zone = process.env.TZ;
    process.env.TZ = 'Pacific/Auckland';
    const second = packageTeams(['--out', path.join(work, 'b.zip')], env);
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    const bytes = readFileSync(first);
    expect(readFileSync(second).equals(bytes)).toBe(true);
    const files = unzipSync(bytes);
    expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    expect(JSON.parse(new TextDecoder().decode(files['manifest.json']))).toMatchObject({
      id: env.MAILMEDIC_TEAMS_APP_ID,
    });
  });

  test.each([
    [[], {}, /teams\.appId.*MAILMEDIC_TEAMS_APP_ID/],
    [[], { MAILMEDIC_TEAMS_APP_ID: env.MAILMEDIC_TEAMS_APP_ID }, /http\.publicUrl.*MAILMEDIC_HTTP_PUBLIC_URL/],
    [['--outt', 'x'], env, /Usage/],
    [['--out', '/nowhere/x.zip'], env, /--out/],
    [['--config', '/nowhere.yaml'], env, /nowhere\.yaml/],
  ])('what is missing is named: %j', (args, environment, message) => {
    expect(() => packageTeams(args, environment)).toThrow(message);
  });

  test('an icon of the wrong size or kind is refused', () => {
    const template: unknown = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
    const manifest = fillManifest(template, {
      appId: env.MAILMEDIC_TEAMS_APP_ID,
      publicUrl: env.MAILMEDIC_HTTP_PUBLIC_URL,
      version: '1.0.0',
    });
    expect(() => buildTeamsPackage(manifest, () => icon('color.png'))).toThrow(/outline\.png is 192 x 192/);
    expect(() => buildTeamsPackage(manifest, () => new Uint8Array(40))).toThrow(/no PNG/);
  });
});

describe('the icons', () => {
  test('have the sizes that Teams wants', () => {
    expect(pngSize(icon('color.png'))).toEqual({ width: 192, height: 192 });
    expect(pngSize(icon('outline.png'))).toEqual({ width: 32, height: 32 });
    expect(pngSize(new Uint8Array())).toBeUndefined();
  });

  test('the outline is white on nothing', () => {
    const pixels = rgbaPixels(icon('outline.png'), 32);
    const drawn = pixels.filter(([, , , alpha]) => alpha > 0);
    expect(drawn.length).toBeGreaterThan(60);
    expect(drawn.length).toBeLessThan(pixels.length / 2);
    for (const [red, green, blue] of drawn) expect(Math.min(red, green, blue)).toBeGreaterThanOrEqual(250);
  });
});

type Pixel = [number, number, number, number];

/** The pixels of an 8-bit RGBA PNG without interlace (PNG specification, 9.2 and 10). */
function rgbaPixels(png: Uint8Array, width: number): Pixel[] {
  const data: Buffer[] = [];
  const buffer = Buffer.from(png);
  for (let at = 8; at < buffer.length; at += 12 + buffer.readUInt32BE(at)) {
    if (buffer.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(buffer.subarray(at + 8, at + 8 + buffer.readUInt32BE(at)));
  }
  expect([buffer[24], buffer[25], buffer[28]]).toEqual([8, 6, 0]);
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * 4;
  const rows: number[][] = [];
  for (let start = 0; start < raw.length; start += stride + 1) {
    const filter = raw[start] ?? 0;
    const above = rows.at(-1) ?? Array<number>(stride).fill(0);
    const row: number[] = [];
    for (let x = 0; x < stride; x += 1) {
      const left = row[x - 4] ?? 0;
      const up = above[x] ?? 0;
      const corner = x < 4 ? 0 : (above[x - 4] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      row.push(((raw[start + 1 + x] ?? 0) + guess) & 255);
    }
    rows.push(row);
  }
  return rows.flatMap((row) =>
    Array.from(
      { length: width },
      (_, x): Pixel => [row[x * 4] ?? 0, row[x * 4 + 1] ?? 0, row[x * 4 + 2] ?? 0, row[x * 4 + 3] ?? 0],
    ),
  );
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
