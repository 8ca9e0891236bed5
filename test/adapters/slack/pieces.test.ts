import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf } from '../../../src/adapters/slack/message-line.ts';
import { decideSlackMode } from '../../../src/adapters/slack/slack-mode.ts';
import { decodePlace, encodePlace, slackPlace } from '../../../src/adapters/slack/slack-place.ts';
import { escapeEntities, stripMention, unescapeEntities } from '../../../src/adapters/slack/slack-text.ts';

describe('entities', () => {
  it.each([
    ['&lt;a&gt; &amp; b', '<a> & b'],
    ['&amp;lt;', '&lt;'],
    ['&quot; &nbsp &LT;', '&quot; &nbsp &LT;'],
  ])('unescapes %j to %j', (typed, text) => {
    expect(unescapeEntities(typed)).toBe(text);
  });

  it('unescapes whatever was escaped', () => {
    fc.assert(fc.property(fc.string(), (text) => unescapeEntities(escapeEntities(text)) === text));
  });

  it('leaves nothing that Slack would read as markup', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>]/.test(escapeEntities(text))));
  });
});

describe('stripMention', () => {
  it.each([
    ['<@UBOT> probe a.example', 'UBOT', 'probe a.example'],
    ['<@UBOT|mailmedic> probe a.example', 'UBOT', 'probe a.example'],
    ['hey <@UBOT>   probe a.example ', 'UBOT', 'probe a.example'],
    ['probe a.example <@UBOT>', 'UBOT', 'probe a.example'],
    ['<@U2> says <@UBOT> peer 192.0.2.1', 'UBOT', 'peer 192.0.2.1'],
    ['<@UANY> probe a.example', undefined, 'probe a.example'],
    ['<@U2> probe', 'UBOT', '<@U2> probe'],
    ['<@UBOT>', 'UBOT', ''],
    ['', 'UBOT', ''],
  ])('%j for %s is %j', (text, botUserId, words) => {
    expect(stripMention(text, botUserId)).toBe(words);
  });

  it('takes time linear in the length', () => {
    const started = performance.now();
    stripMention('<@'.repeat(100_000), 'UBOT');
    stripMention(`<@${'U'.repeat(200_000)}`, 'UBOT');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('lineOf', () => {
  it.each([
    ['probe a.example', [], 'probe a.example'],
    ['', ['a.eml'], '/diagnose'],
    ['', [], 'mailmedic'],
  ])('%j with %j is %j', (words, names, line) => {
    expect(lineOf(words, names, ['probe', 'trace-parse'])).toBe(line);
  });
});

describe('decideSlackMode', () => {
  it.each([
    [{}, undefined],
    [{ botToken: 'xoxb-1', appToken: 'xapp-1' }, ['socket']],
    [{ botToken: 'xoxb-1', signingSecret: 's' }, ['http']],
    [{ botToken: 'xoxb-1', appToken: 'xapp-1', signingSecret: 's' }, ['socket', 'http']],
  ])('%j means %j', (config, kinds) => {
    expect(decideSlackMode(config)?.transports.map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each([
    [{ botToken: 'xoxb-1' }, /MAILMEDIC_SLACK_BOT_TOKEN is set but neither MAILMEDIC_SLACK_APP_TOKEN \(Socket Mode\)/],
    [{ appToken: 'xapp-1' }, /MAILMEDIC_SLACK_APP_TOKEN is set but MAILMEDIC_SLACK_BOT_TOKEN is not/],
    [{ signingSecret: 's' }, /MAILMEDIC_SLACK_SIGNING_SECRET is set but MAILMEDIC_SLACK_BOT_TOKEN is not/],
    [{ botToken: 'xapp-1', appToken: 'xoxb-1' }, /BOT_TOKEN holds a token of the other kind/],
    [{ botToken: 'xoxb-1', appToken: 'xoxb-1' }, /APP_TOKEN holds a token of the other kind/],
  ])('%j is refused and never shows a token', (config, message) => {
    expect(() => decideSlackMode(config)).toThrow(message);
    expect(() => decideSlackMode(config)).not.toThrow(/xoxb-1|xapp-1/);
  });
});

describe('places', () => {
  const id = fc.stringMatching(/^[CDGU][A-Z0-9]{1,20}$/);
  it('come back from a form as they went', () => {
    const place = fc
      .record({
        teamId: id,
        channelId: id,
        threadId: fc.option(id, { nil: undefined }),
        userId: id,
        ephemeral: fc.boolean(),
        newThread: fc.boolean(),
      })
      .map(slackPlace);
    fc.assert(
      fc.property(place, (sent) => {
        const text = encodePlace(sent);
        expect(text.length).toBeLessThan(3000);
        expect(decodePlace(text)).toEqual(sent);
      }),
    );
  });

  it('are refused when they are not ours', () => {
    fc.assert(fc.property(fc.string(), (text) => decodePlace(text) === undefined));
    fc.assert(fc.property(fc.json(), (text) => decodePlace(text) === undefined));
    expect(decodePlace('{"platform":"teams","teamId":"T","channelId":"C","direct":true}')).toBeUndefined();
  });

  it.each([
    ['C1', false],
    ['G1', false],
    ['D1', true],
    ['U1', true],
  ])('%s is direct: %s', (channelId, direct) => {
    expect(slackPlace({ teamId: 'T1', channelId }).direct).toBe(direct);
  });
});
