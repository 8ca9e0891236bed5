import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { commands, slashNames } from '../../../commands/registry.ts';
import { checkSlackManifest, type SlackManifest, slackManifestModel } from '../../../manifest/slack/model.ts';
import { askVendor } from '../../../manifest/vendor-schemas.ts';
import { PARSE_SHORTCUT } from '../../../src/adapters/slack/listen-shortcuts.ts';

const text = readFileSync(new URL('../../../manifest/slack/manifest.yaml', import.meta.url), 'utf8');

const manifest = (): SlackManifest => slackManifestModel.parse(parse(text));

/** The manifest with one thing changed. */
function changed(change: (manifest: SlackManifest) => unknown): string {
  const copy = manifest();
  change(copy);
  return stringify(copy);
}

describe('manifest.yaml', () => {
  it('keeps every documented limit', () => {
    expect(checkSlackManifest(text)).toEqual([]);
  });

  it('registers the slash commands of the registry, in its words', () => {
    const { slash_commands } = manifest().features;
    expect(slash_commands.map(({ command }) => command.slice(1)).sort()).toEqual([...slashNames].sort());
    for (const command of commands.filter(({ slash }) => slash)) {
      const registered = slash_commands.find((entry) => entry.command === `/${command.name}`);
      expect(registered?.description).toBe(command.summary);
    }
  });

  it('names every other command of the registry behind /mailmedic', () => {
    const hint = manifest().features.slash_commands.find(({ command }) => command === '/mailmedic')?.usage_hint ?? '';
    for (const command of commands.filter(({ slash }) => !slash)) expect(hint).toContain(command.name);
  });

  it('registers the shortcut that the adapter listens to', () => {
    expect(manifest().features.shortcuts.map(({ callback_id }) => callback_id)).toEqual([PARSE_SHORTCUT]);
  });

  it('asks for no scope that README.md does not explain', () => {
    const readme = readFileSync(new URL('../../../manifest/README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `([a-z_:]+)` \|/gm)].map((match) => match[1]);
    expect(rows).toEqual(expect.arrayContaining(manifest().oauth_config.scopes.bot));
  });

  it("passes Slack's own schema where that is at hand", async ({ skip }) => {
    const problems = await askVendor('slack-manifest.schema.json', parse(text));
    if (problems === undefined) return skip('the schema is not beside the checkout');
    expect(problems).toEqual([]);
    expect(
      await askVendor('slack-manifest.schema.json', { display_information: { name: 'x'.repeat(36) } }),
    ).not.toEqual([]);
  });
});

describe('checkSlackManifest', () => {
  it.each<[string, (manifest: SlackManifest) => unknown, RegExp]>([
    ['a long name', (m) => Object.assign(m.display_information, { name: 'x'.repeat(36) }), /display_information\.name/],
    ['a short description', (m) => Object.assign(m.display_information, { long_description: 'x' }), /long_description/],
    ['a long shortcut name', (m) => Object.assign(m.features.shortcuts[0] ?? {}, { name: 'x'.repeat(25) }), /name/],
    ['no slash', (m) => Object.assign(m.features.slash_commands[0] ?? {}, { command: 'probe' }), /command/],
    ['a command twice', (m) => m.features.slash_commands.push(...m.features.slash_commands), /twice/],
    ['an event without scope', (m) => m.oauth_config.scopes.bot.shift(), /app_mention needs the scope/],
    ['an event of nobody', (m) => m.settings.event_subscriptions.bot_events.push('team_join'), /listens to/],
    ['no way in', (m) => Object.assign(m.settings, { socket_mode_enabled: false }), /request_url/],
    ['scopes in disorder', (m) => m.oauth_config.scopes.bot.reverse(), /alphabetical/],
  ])('finds %s', (_, change, message) => {
    expect(checkSlackManifest(changed(change)).join('\n')).toMatch(message);
  });

  it('finds an unknown key', () => {
    expect(checkSlackManifest(`${text}\nfunctions: {}\n`).join()).toMatch(/functions/);
  });
});
