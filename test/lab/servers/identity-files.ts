import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Identity } from '../../support/certificates.ts';

/** Puts a certificate and its key where a daemon can read them, whatever user it has become. */
export function identityFiles(folder: string, id: string, { cert, key }: Identity): { cert: string; key: string } {
  const files = { cert: path.join(folder, `${id}.cert.pem`), key: path.join(folder, `${id}.key.pem`) };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, `${key.trim()}\n`);
  for (const file of Object.values(files)) chmodSync(file, 0o644);
  return files;
}
