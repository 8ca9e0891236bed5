import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Daemons } from '../daemons.ts';
import type { Programs } from '../packages.ts';
import { identityFiles } from './identity-files.ts';
import type { Placed, PostfixSpec } from './server.ts';
import type { Users } from './users.ts';

const QUEUES = 'active bounce corrupt defer deferred flush hold incoming private saved trace public maildrop'.split(
  ' ',
);

/** What stands behind smtpd: enough to queue a message and throw it away. */
const SERVICES = [
  'postlog unix-dgram n - n - 1 postlogd',
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'dnsblog unix - - n - 0 dnsblog',
  'tlsproxy unix - - n - 0 tlsproxy',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'verify unix - - n - 1 verify',
  'anvil unix - - n - 1 anvil',
  'proxymap unix - - n - - proxymap',
  'discard unix - - n - - discard',
  'error unix - - n - - error',
  'retry unix - - n - - error',
];

/** One Postfix for all its servers: each is an smtpd of its own address with its own settings. */
export async function startPostfix(
  folder: string,
  programs: Programs,
  users: Users,
  servers: readonly Placed<PostfixSpec>[],
  policyService: string,
  daemons: Daemons,
): Promise<void> {
  if (servers.length === 0) return;
  const config = path.join(folder, 'etc');
  const queue = path.join(folder, 'queue');
  for (const name of ['etc', 'data', 'queue', 'queue/pid', ...QUEUES.map((name) => `queue/${name}`)]) {
    mkdirSync(path.join(folder, name), { recursive: true, mode: 0o755 });
  }
  for (const name of QUEUES) chownSync(path.join(queue, name), users.postfix, 0);
  chownSync(path.join(folder, 'data'), users.postfix, 0);
  for (const name of ['public', 'maildrop']) chownSync(path.join(queue, name), users.postfix, users.postdrop);
  chmodSync(path.join(queue, 'public'), 0o710);
  writeFileSync(path.join(config, 'main.cf'), mainCf(folder, programs, users, servers));
  writeFileSync(path.join(config, 'dynamicmaps.cf'), '');
  // Asked whether Postfix is up, so that no server has seen a connection before its scenario.
  const ready = `${policyService}:25 inet n - n - - smtpd`;
  const services = servers.map((server) => smtpdService(folder, server, policyService));
  writeFileSync(path.join(config, 'master.cf'), `${[ready, ...services, ...SERVICES].join('\n')}\n`);
  const master = path.join(programs.root, 'usr/lib/postfix/sbin/master');
  if (!existsSync(master)) throw new Error(`there is no ${master}`);
  await daemons.start('postfix', master, ['-c', config, '-d'], {
    env: { ...programs.env, MAIL_CONFIG: config },
    waitFor: { ip: policyService, port: 25 },
  });
}

function mainCf(
  folder: string,
  { root }: Programs,
  { postfixName, postdropName }: Users,
  servers: readonly Placed<PostfixSpec>[],
): string {
  return Object.entries({
    compatibility_level: '3.6',
    queue_directory: `${folder}/queue`,
    data_directory: `${folder}/data`,
    daemon_directory: `${root}/usr/lib/postfix/sbin`,
    command_directory: `${root}/usr/sbin`,
    shlib_directory: `${root}/usr/lib/postfix`,
    meta_directory: `${folder}/etc`,
    mail_owner: postfixName,
    setgid_group: postdropName,
    default_privs: 'nobody',
    import_environment: 'MAIL_CONFIG MAIL_DEBUG LD_LIBRARY_PATH TZ LANG=C',
    maillog_file: `${folder}/maillog`,
    maillog_file_prefixes: path.dirname(folder),
    inet_protocols: 'all',
    mydestination: '',
    local_recipient_maps: '',
    alias_maps: '',
    alias_database: '',
    // Read by trivial-rewrite, which serves all services alike.
    relay_domains: servers.flatMap(({ spec, domain }) => (spec.relays === false ? [] : [domain])).join(' '),
    relay_transport: 'discard:',
    // Nobody but `kim` and `monitor` has a mailbox, at any domain of the lab.
    relay_recipient_maps: 'regexp:{ {/^(kim|monitor)@/ OK} }',
    smtpd_peername_lookup: 'no',
    smtpd_recipient_restrictions: 'reject_unauth_destination',
    smtpd_relay_restrictions: '',
    smtpd_tls_loglevel: '1',
    smtpd_error_sleep_time: '0',
    postscreen_cache_map: '',
  })
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('');
}

function smtpdService(folder: string, { id, spec, place }: Placed<PostfixSpec>, policyService: string): string {
  const files = place.issued && identityFiles(folder, id, place.issued);
  const settings: Record<string, string> = {
    myhostname: place.host,
    ...(files && { smtpd_tls_chain_files: `${files.key}, ${files.cert}`, smtpd_tls_security_level: 'may' }),
    ...spec.settings,
  };
  const options = Object.entries(settings).map(
    ([key, value]) => `  -o { ${key} = ${value.replace('{policy}', policyService)} }`,
  );
  const addresses = [place.ip, ...(spec.ipv6 === true ? [`[${place.ip6}]`] : [])];
  if (spec.postscreen === true) {
    const behind = [`smtpd-${id} pass - - n - - smtpd`, ...options];
    const own = [...options, `  -o smtpd_service_name=smtpd-${id}`];
    return [...behind, ...addresses.flatMap((address) => [`${address}:25 inet n - n - 1 postscreen`, ...own])].join(
      '\n',
    );
  }
  return addresses
    .map((address) => [`${address}:${spec.port ?? 25} inet n - n - - smtpd`, ...options].join('\n'))
    .join('\n');
}
