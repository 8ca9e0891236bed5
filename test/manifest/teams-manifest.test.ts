import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../commands/registry.ts';
import { fillManifest } from '../../manifest/teams/fill-manifest.ts';
import { checkTeamsManifest } from '../../manifest/teams/model.ts';
import { askVendor } from '../../manifest/vendor-schemas.ts';
import { packageRoot } from '../../src/package-info.ts';

const template = JSON.parse(readFileSync(path.join(packageRoot, 'manifest/teams/manifest.json'), 'utf8'));
const values = {
  appId: '11111111-2222-3333-4444-555555555555',
  publicUrl: 'https://bot.contoso.example/',
  version: '1.2.3',
};

describe('the manifest', () => {
  test('keeps the documented limits, as it stands and filled', () => {
    expect(checkTeamsManifest(template)).toHaveProperty('manifest');
    expect(checkTeamsManifest(fillManifest(template, values))).toHaveProperty('manifest');
  });

  test('is accepted by the vendor’s schema where that is at hand', async ({ skip }) => {
    for (const manifest of [template, fillManifest(template, values)]) {
      const problems = await askVendor('teams-manifest-1.29.schema.json', manifest);
      if (problems === undefined) return skip('the schema is not beside the checkout');
      expect(problems).toEqual([]);
    }
    expect(await askVendor('teams-manifest-1.29.schema.json', { ...template, unknown: 1 })).not.toEqual([]);
  });

  test('offers every command of the registry, in its words, by mention and by slash', () => {
    for (const list of template.bots[0].commandLists) {
      expect(list.commands).toEqual(commands.map(({ name, summary }) => ({ title: name, description: summary })));
    }
    const [shared, direct] = template.bots[0].commandLists;
    expect(shared).toMatchObject({ triggers: ['mention', 'slash'], scopes: ['team', 'groupChat'] });
    // Teams has no private messages, and so no slash list, in a chat that is private already.
    expect(direct).toMatchObject({ triggers: ['mention'], scopes: ['personal'] });
  });

  test('takes the id, the address and the version of the installation', () => {
    expect(fillManifest(template, values)).toMatchObject({
      id: values.appId,
      version: '1.2.3',
      bots: [{ botId: values.appId, supportsTargetedMessages: true, supportsFiles: true }],
      validDomains: ['bot.contoso.example'],
      developer: {
        websiteUrl: 'https://bot.contoso.example/about',
        privacyUrl: 'https://bot.contoso.example/about#privacy',
      },
    });
  });
});

describe('what Teams would refuse', () => {
  const changed = (change: (manifest: typeof template) => void) => {
    const copy = structuredClone(template);
    change(copy);
    return copy;
  };
  const planted: [string, unknown][] = [
    [
      'name.short',
      changed((m) => {
        m.name.short = 'x'.repeat(31);
      }),
    ],
    [
      'description.short',
      changed((m) => {
        m.description.short = 'x'.repeat(81);
      }),
    ],
    [
      'developer.name',
      changed((m) => {
        m.developer.name = 'x'.repeat(33);
      }),
    ],
    [
      'id',
      changed((m) => {
        m.id = 'mailmedic';
      }),
    ],
    [
      'version',
      changed((m) => {
        m.version = 'one';
      }),
    ],
    [
      'manifestVersion',
      changed((m) => {
        m.manifestVersion = '1.16';
      }),
    ],
    [
      'bots',
      changed((m) => {
        m.bots.push(m.bots[0]);
      }),
    ],
    [
      'bots.0.supportsTargetedMessages',
      changed((m) => {
        m.bots[0].supportsTargetedMessages = false;
      }),
    ],
    [
      'bots.0.commandLists',
      changed((m) => {
        m.bots[0].commandLists = Array(4).fill(m.bots[0].commandLists[0]);
      }),
    ],
    [
      'bots.0.commandLists.0.commands',
      changed((m) => {
        m.bots[0].commandLists[0].commands = Array(13).fill({ title: 'x', description: 'x' });
      }),
    ],
    [
      'bots.0.commandLists.0.triggers.0',
      changed((m) => {
        m.bots[0].commandLists[0].triggers = ['shout'];
      }),
    ],
    [
      'developer.privacyUrl',
      changed((m) => {
        m.developer.privacyUrl = 'javascript:1';
      }),
    ],
    [
      'accentColor',
      changed((m) => {
        m.accentColor = 'teal';
      }),
    ],
    [
      '',
      changed((m) => {
        m.unknown = true;
      }),
    ],
    ['', 'not an object'],
  ];
  test.each(planted)('%s', (key, manifest) => {
    const result = checkTeamsManifest(manifest);
    expect('problem' in result && result.problem.startsWith(`${key}: `)).toBe(true);
  });

  test.each([
    [{ ...values, appId: 'my-bot' }, /MAILMEDIC_TEAMS_APP_ID/],
    [{ ...values, publicUrl: 'http://bot.contoso.example' }, /MAILMEDIC_HTTP_PUBLIC_URL/],
    [{ ...values, publicUrl: 'bot' }, /MAILMEDIC_HTTP_PUBLIC_URL/],
    [{ ...values, version: '1.0.0-beta' }, /version/],
  ])('values that do not fit are named: %o', (bad, message) => {
    expect(() => fillManifest(template, bad)).toThrow(message);
  });
});
