import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Points the system resolver, which the real servers use, at the lab's; inside this mount namespace only. */
export function bindResolver(folder: string, ip: string): void {
  const file = path.join(folder, 'resolv.conf');
  writeFileSync(file, `nameserver ${ip}\n`);
  execFileSync('mount', ['--bind', file, '/etc/resolv.conf']);
}
