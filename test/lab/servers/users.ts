import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** System users under which the daemons run. */
export interface Users {
  postfix: number;
  postfixName: string;
  postdrop: number;
  postdropName: string;
  exim: number;
}

/** Users of the packages, as their maintainer scripts would make them; ids that no Debian system hands out. */
const LAB: Users = { postfix: 64901, postfixName: 'postfix', postdrop: 64905, postdropName: 'postdrop', exim: 64902 };
const OPENSMTPD = { opensmtpd: 64903, opensmtpq: 64904 };

/** Makes the users known inside this mount namespace only; the machine's own files are not touched. */
export function bindUsers(folder: string): Users {
  const users = [
    `postfix:x:${LAB.postfix}:${LAB.postfix}`,
    `Debian-exim:x:${LAB.exim}:${LAB.exim}`,
    ...Object.entries(OPENSMTPD).map(([name, id]) => `${name}:x:${id}:${id}`),
  ].map((line) => `${line}::/nonexistent:/usr/sbin/nologin`);
  const groups = [
    `postfix:x:${LAB.postfix}:`,
    `postdrop:x:${LAB.postdrop}:`,
    `Debian-exim:x:${LAB.exim}:`,
    ...Object.entries(OPENSMTPD).map(([name, id]) => `${name}:x:${id}:`),
  ];
  bindWith(folder, 'passwd', users);
  bindWith(folder, 'group', groups);
  return LAB;
}

/** Where users cannot be made known: two that every Debian has (`mail` and `games`). Exim and OpenSMTPD insist on theirs. */
export const MACHINE_USERS: Users = {
  postfix: 8,
  postfixName: 'mail',
  postdrop: 60,
  postdropName: 'games',
  exim: 8,
};

function bindWith(folder: string, name: 'passwd' | 'group', lines: readonly string[]): void {
  const file = path.join(folder, name);
  const own = readFileSync(`/etc/${name}`, 'utf8');
  const kept = own.split('\n').filter((line) => !/^(?:postfix|postdrop|Debian-exim|opensmtp[dq]):/.test(line));
  writeFileSync(file, `${kept.filter(Boolean).join('\n')}\n${lines.join('\n')}\n`);
  execFileSync('mount', ['--bind', file, `/etc/${name}`]);
}
