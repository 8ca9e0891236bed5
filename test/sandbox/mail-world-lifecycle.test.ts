import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { errnoOf } from '../../src/errors.ts';
import { placeServers } from '../../src/sandbox/dns/zone.ts';
import { startMailWorld } from '../../src/sandbox/mail-world.ts';
import { SITES } from '../../src/sandbox/sites.ts';
import { openClient } from './raw-client.ts';

function ipOf(name: string): string {
  return placeServers(SITES).find(({ site }) => site.name === name)?.ip ?? '';
}

/** What would keep the process alive; the test runner has pipes and a timer of its own. */
function resources(): { sockets: string[]; timers: number } {
  const names = process.getActiveResourcesInfo();
  return {
    sockets: names.filter((name) => /TCP|UDP|TLS|GetAddrInfo/.test(name)),
    timers: names.filter((name) => name === 'Timeout').length,
  };
}

it('starts with less than 700 ms of work and leaves nothing behind, five times over', async () => {
  const atFirst = resources();
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage();
    const world = await startMailWorld();
    // Time of the processor, not of the wall clock: the machine may be busy with other things.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(700);
    expect(resources().sockets.length).toBeGreaterThan(20);
    const place = world.dial(ipOf('healthy'), 25);
    const client = await openClient(place);
    expect(await client.reply()).toMatch(/^220 mx1\.healthy/);
    await client.startTls({ servername: 'mx1.healthy.sandbox.test', ca: world.ca });
    const idle = await openClient(world.dial(ipOf('silent'), 25));
    await world.stop();
    await world.stop();
    await Promise.all([client.ended(), idle.ended()]);
    expect(await openClient(place).then(() => 'open', errnoOf)).toBe('ECONNREFUSED');
  }
  await sleep(50);
  const after = resources();
  expect(after.sockets).toEqual([]);
  expect(after.timers).toBeLessThanOrEqual(atFirst.timers);
});

it('stops while sessions are in the middle of a handshake, a delay and a message', async () => {
  const world = await startMailWorld();
  const slow = await openClient(world.dial(ipOf('slow'), 25));
  slow.write('EHLO probe.example\r\nNOOP\r\nNOOP\r\n');
  const handshake = await openClient(world.dial(ipOf('healthy'), 25));
  await handshake.reply();
  await handshake.ask('EHLO probe.example');
  await handshake.ask('STARTTLS');
  handshake.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
  const message = await openClient(world.dial(ipOf('healthy'), 25));
  await message.reply();
  await message.ask('EHLO probe.example');
  await message.ask('MAIL FROM:<>');
  await message.ask(`RCPT TO:<${world.mailbox}>`);
  await message.ask('DATA');
  message.write('Subject: half a mess');
  await sleep(50);
  await world.stop();
  await Promise.all([slow.ended(), handshake.ended(), message.ended()]);
  expect(world.received()).toEqual([]);
});

it('lives side by side with another world, each with its own ports and root', async () => {
  const [one, other] = await Promise.all([startMailWorld(), startMailWorld()]);
  expect(other.dnsServer).not.toBe(one.dnsServer);
  expect(other.ca).not.toBe(one.ca);
  await one.stop();
  const client = await openClient(other.dial(ipOf('healthy'), 25));
  expect(await client.reply()).toMatch(/^220 /);
  client.close();
  await other.stop();
});
