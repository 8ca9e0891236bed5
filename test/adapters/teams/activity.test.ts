import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseActivity, type TeamsActivity, tenantsOf } from '../../../src/adapters/teams/activity.ts';
import { cardInputOf } from '../../../src/adapters/teams/card-data.ts';
import { commandText, mentionsBot } from '../../../src/adapters/teams/command-text.ts';
import { conversationIdOf, extraOf, placeOf } from '../../../src/adapters/teams/place.ts';

const BOT = { id: '28:bot', name: 'mailmedic' };

function activity(changes: Record<string, unknown> = {}): TeamsActivity {
  const parsed = parseActivity({
    type: 'message',
    id: '1',
    channelId: 'msteams',
    serviceUrl: 'https://smba.trafficmanager.net/emea/',
    conversation: { id: '19:a@thread.v2', conversationType: 'groupChat', tenantId: 'T' },
    recipient: BOT,
    from: { id: '29:ann', name: 'Ann' },
    ...changes,
  });
  if (parsed === undefined) throw new Error('not an activity');
  return parsed;
}

describe('reading', () => {
  test.each(['type', 'channelId', 'serviceUrl', 'conversation', 'recipient'])('%s is needed', (key) => {
    for (const value of [undefined, null, '', 7, {}, []]) {
      expect(parseActivity({ ...activity(), [key]: value })).toBeUndefined();
    }
  });

  test('a wrong type elsewhere reads as absent', () => {
    const odd = activity({
      text: 7,
      from: 'Ann',
      value: [],
      entities: 'x',
      attachments: [null, { contentType: 'a' }],
      id: {},
    });
    expect(odd).toMatchObject({ entities: [], attachments: [{ contentType: 'a' }] });
    for (const key of ['text', 'from', 'value', 'id'] as const) expect(odd[key]).toBeUndefined();
  });

  test('both places of the tenant count', () => {
    const both = activity({ channelData: { tenant: { id: 'OTHER' } } });
    expect(tenantsOf(both)).toEqual(['t', 'other']);
    expect(tenantsOf(activity({ conversation: { id: 'x' } }))).toEqual([]);
  });

  test('any JSON: never a throw, and what comes out can be worked with', () => {
    const keys = fc.constantFrom(
      'type',
      'text',
      'value',
      'entities',
      'attachments',
      'conversation',
      'recipient',
      'from',
      'id',
    );
    const changes = fc.dictionary(keys, fc.jsonValue());
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          changes.map((some) => ({ ...activity(), ...some })),
        ),
        (body) => {
          const parsed = parseActivity(body);
          if (parsed === undefined) return;
          expect(typeof commandText(parsed)).toBe('string');
          cardInputOf(parsed);
          expect(conversationIdOf(placeOf(parsed, { private: true })).length).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('the words', () => {
  const mention = (text: string, id = BOT.id) => ({ type: 'mention', text, mentioned: { id } });
  test.each([
    ['<at>mailmedic</at> probe contoso.com', [mention('<at>mailmedic</at>')], 'probe contoso.com'],
    ['<at>mailmedic</at>&nbsp;probe contoso.com\n', [mention('<at>mailmedic</at>')], 'probe contoso.com'],
    ['probe contoso.com <at>mail medic</at>', [mention('<at>mail medic</at>')], 'probe contoso.com'],
    ['<at>mailmedic</at> ask <at>Bo</at>', [mention('<at>mailmedic</at>'), mention('<at>Bo</at>', '29:bo')], 'ask Bo'],
    ['<at>mailmedic</at>', [mention('<at>mailmedic</at>')], ''],
    ['diagnose 550 5.1.1 &lt;kim@contoso.com&gt; R&amp;D', [], 'diagnose 550 5.1.1 <kim@contoso.com> R&D'],
    ['diagnose &amp;lt;', [], 'diagnose &lt;'],
    ['diagnose &unknown; & alone', [], 'diagnose &unknown; & alone'],
    ['<at>somebody</at> x', [], '<at>somebody</at> x'],
    ['$& $1 probe', [mention('$&')], '$1 probe'],
  ])('%j', (text, entities, words) => {
    expect(commandText(activity({ text, entities }))).toBe(words);
  });

  test('the bot is known by its id, not by its name', () => {
    expect(mentionsBot(activity({ entities: [mention('<at>mailmedic</at>')] }))).toBe(true);
    expect(mentionsBot(activity({ entities: [mention('<at>mailmedic</at>', '28:other')] }))).toBe(false);
  });
});

describe('the place', () => {
  test.each([
    [
      '19:c@thread.tacv2;messageid=17',
      'channel',
      { channelId: '19:c@thread.tacv2', threadId: '17', direct: false },
      'channel',
    ],
    ['19:c@thread.tacv2', 'channel', { channelId: '19:c@thread.tacv2', direct: false }, 'channel'],
    ['19:g@thread.v2', 'groupChat', { channelId: '19:g@thread.v2', direct: false }, 'groupChat'],
    ['a:p', 'personal', { channelId: 'a:p', direct: true }, 'personal'],
    // Of an unknown kind nothing is assumed that would make it private.
    ['19:x', 'hologram', { channelId: '19:x', direct: false }, 'groupChat'],
    ['19:x;messageid=5', undefined, { channelId: '19:x', threadId: '5', direct: false }, 'channel'],
  ])('%s', (id, conversationType, place, kind) => {
    const made = placeOf(activity({ conversation: { id, conversationType, tenantId: 'T' } }), { private: false });
    expect(made).toMatchObject(place);
    expect(extraOf(made).kind).toBe(kind);
    expect(conversationIdOf(made)).toBe(id);
  });

  test('a thread is used in channels only', () => {
    const chat = placeOf(activity(), { private: false });
    expect(conversationIdOf({ ...chat, threadId: '9' })).toBe('19:a@thread.v2');
  });
});
