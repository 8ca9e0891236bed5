import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainText } from '../../../cards/card.ts';
import { renderAdaptiveCard } from '../../../cards/render/adaptive-card.ts';
import { cloudOf } from '../../../src/adapters/teams/clouds.ts';
import { parseRetryAfter } from '../../../src/adapters/teams/connector-http.ts';
import { fileAsMessages } from '../../../src/adapters/teams/file-cards.ts';
import { createFileOffers } from '../../../src/adapters/teams/file-offers.ts';
import { createPeople } from '../../../src/adapters/teams/people.ts';
import { isMarkedPrivate, markPrivate, PRIVATE_MARK } from '../../../src/adapters/teams/private-mark.ts';
import { toPlatformError } from '../../../src/adapters/teams/teams-errors.ts';
import { splitText } from '../../../src/adapters/teams/text-parts.ts';
import { isChannelToken } from '../../../src/adapters/teams/token-guard.ts';
import { welcomeCard } from '../../../src/adapters/teams/welcome-card.ts';
import type { Place } from '../../../src/chat/port.ts';

/** A clock that stands until it is moved. */
function handClock(): { now(): Date; elapsed(): number; move(ms: number): void } {
  let at = 0;
  return {
    now: () => new Date(at),
    elapsed: () => at,
    move: (ms) => {
      at += ms;
    },
  };
}

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T16:00:00Z');
  test.each([
    [null, undefined],
    ['0', 0],
    ['7', 7000],
    [' 7 ', 7000],
    ['Fri, 20 Nov 2026 16:00:05 GMT', 5000],
    ['Fri, 20 Nov 2026 15:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', 0],
    ['9999999999', undefined],
  ])('%s', (value, wanted) => {
    const got = parseRetryAfter(value, now);
    // Dates that Date.parse reads its own way must at least not wait backwards.
    if (value === '-1' || value === '9999999999') expect(got === undefined || got >= 0).toBe(true);
    else expect(got).toBe(wanted);
  });
});

describe('file offers', () => {
  const place: Place = { platform: 'teams', teamId: 't', channelId: 'a:1', direct: true };
  const file = { name: 'x.txt', title: 'X', content: 'x' };
  test('are taken once, in their conversation, within an hour', () => {
    const clock = handClock();
    const offers = createFileOffers(clock);
    const id = offers.offer(place, file);
    expect(offers.take(id, 'a:2')).toBeUndefined();
    expect(offers.take(id, 'a:1')).toBe(file);
    expect(offers.take(id, 'a:1')).toBeUndefined();
    const late = offers.offer(place, file);
    clock.move(60 * 60 * 1000);
    expect(offers.take(late, 'a:1')).toBeUndefined();
  });

  test('the oldest go when the memory is full', () => {
    const offers = createFileOffers(handClock());
    const big = { ...file, content: 'x'.repeat(20 * 1024 * 1024) };
    const first = offers.offer(place, big);
    const second = offers.offer(place, big);
    expect(offers.take(first, 'a:1')).toBeUndefined();
    expect(offers.take(second, 'a:1')).toBe(big);
  });
});

describe('text in parts', () => {
  const limits = { chars: 50, lines: 4, parts: 3 };
  test('cuts at line ends', () => {
    expect(splitText('a\nb\nc\nd\ne\n', limits)).toEqual({ parts: ['a\nb\nc\nd\n', 'e\n'], shown: 10 });
    expect(splitText('x'.repeat(120), limits)).toMatchObject({ shown: 120 });
    expect(splitText('', limits)).toEqual({ parts: [], shown: 0 });
  });

  test('parts joined are the beginning of the text, each within its bounds, no pair broken', () => {
    const text = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '😀', 'x'.repeat(60))), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        text.map((pieces) => pieces.join('')),
        (whole) => {
          const { parts, shown } = splitText(whole, limits);
          expect(parts.join('')).toBe(whole.slice(0, shown));
          expect(parts.length).toBeLessThanOrEqual(limits.parts);
          if (parts.length < limits.parts) expect(shown).toBe(whole.length);
          for (const part of parts) {
            expect(part.length).toBeGreaterThan(0);
            expect(part.length).toBeLessThanOrEqual(limits.chars);
            expect(part.split('\n').length - 1).toBeLessThanOrEqual(limits.lines);
          }
          expect(
            parts
              .slice(0, -1)
              .some((part) => /[\ud800-\udbff]$/.test(part) && whole.includes('😀') && part.endsWith('\ud83d')),
          ).toBe(false);
        },
      ),
    );
  });

  test('a file of any characters keeps inside the 25 KB of a card, and its end is named', () => {
    for (const content of [
      '€'.repeat(50_000),
      '"\\\u0001'.repeat(20_000),
      'x\n'.repeat(9000),
      `${'😀'.repeat(30)}\n`.repeat(900),
    ]) {
      const messages = fileAsMessages({ name: 'f.txt', title: 'F', content });
      expect(messages).toHaveLength(3);
      for (const message of messages) expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(25_000);
      expect(JSON.stringify(messages.at(-1))).toContain(`of ${content.length} characters`);
    }
    expect(JSON.stringify(fileAsMessages({ name: 'f', title: 'F', content: '' }))).toContain('(empty)');
  });
});

describe('the private mark', () => {
  test('stands in every action that comes back, wherever it is, and nowhere else', () => {
    const card = {
      type: 'AdaptiveCard',
      body: [{ type: 'Container', selectAction: { type: 'Action.Execute', data: { mm: 1 } } }],
      actions: [
        { type: 'Action.Execute', data: { mm: 1 }, fallback: { type: 'Action.Submit', data: { mm: 1 } } },
        { type: 'Action.ShowCard', card: { type: 'AdaptiveCard', actions: [{ type: 'Action.Submit' }] } },
        { type: 'Action.OpenUrl', url: 'https://x.example' },
      ],
    };
    const before = JSON.stringify(card);
    const json = JSON.stringify(markPrivate(card));
    expect(json.split(`"${PRIVATE_MARK}":true`)).toHaveLength(5);
    expect(json).toContain('{"type":"Action.OpenUrl","url":"https://x.example"}');
    expect(JSON.stringify(card)).toBe(before);
  });

  test('is a true, nothing like it', () => {
    expect(isMarkedPrivate({ [PRIVATE_MARK]: true })).toBe(true);
    for (const value of ['true', 1, undefined, {}]) expect(isMarkedPrivate({ [PRIVATE_MARK]: value })).toBe(false);
  });
});

describe('small things', () => {
  test('the government cloud is known by its issuer, other addresses stand over the public ones', () => {
    const gov = cloudOf({ tokenIssuer: 'https://api.botframework.us', openIdMetadataUrl: undefined });
    expect(gov.ToChannelFromBotOAuthScope).toBe('https://api.botframework.us');
    expect(gov.ToBotFromChannelOpenIdMetadataUrl).toContain('azure.us');
    const own = cloudOf({ tokenIssuer: 'https://issuer.example', openIdMetadataUrl: 'https://keys.example/' });
    expect(own).toMatchObject({
      ToBotFromChannelTokenIssuer: 'https://issuer.example',
      ToBotFromChannelOpenIdMetadataUrl: 'https://keys.example/',
      ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    });
    expect(cloudOf({ tokenIssuer: undefined, openIdMetadataUrl: undefined }).ToBotFromChannelTokenIssuer).toBe(
      'https://api.botframework.com',
    );
  });

  test('credentials that Microsoft refuses are named as such; a dark network is not', () => {
    const refused = Object.assign(new Error('no'), { errorCode: 'invalid_client' });
    expect(toPlatformError(refused)).toMatchObject({ kind: 'not-allowed', retryable: false });
    expect(toPlatformError(Object.assign(new Error('no'), { errorCode: 'network_error' }))).toMatchObject({
      kind: 'unavailable',
    });
    expect(toPlatformError(new TypeError('fetch failed'))).toMatchObject({ kind: 'unavailable', retryable: true });
    expect(toPlatformError('odd')).toMatchObject({ kind: 'unavailable' });
  });

  test('any header: never a throw, and only our issuer passes', () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');
    const header = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => `Bearer e30.${part(value)}.e30`),
      fc.jsonValue().map((iss) => `Bearer e30.${part({ iss })}.e30`),
    );
    fc.assert(fc.property(header, (text) => !isChannelToken(text, 'our issuer')));
    expect(isChannelToken(`Bearer e30.${part({ iss: 'our issuer' })}.e30`, 'our issuer')).toBe(true);
    expect(isChannelToken(undefined, 'our issuer')).toBe(false);
  });

  test('of people a bounded number is remembered', () => {
    const people = createPeople();
    const from = (id: string, name: string) => people.note({ from: { id, name } } as Parameters<typeof people.note>[0]);
    from('29:0', 'first');
    for (let index = 1; index <= 5000; index += 1) from(`29:${index}`, `n${index}`);
    expect(people.find('29:0').name).toBe('29:0');
    expect(people.find('29:5000').name).toBe('n5000');
  });

  test('the welcome says what works where', () => {
    const words = (kind: 'personal' | 'channel') =>
      (welcomeCard(kind, ['probe', 'peer']).steps ?? []).map(plainText).join('\n');
    expect(words('channel')).toContain('only in a personal chat');
    expect(words('personal')).toContain('Drop a message trace');
    for (const kind of ['personal', 'groupChat', 'channel'] as const) {
      const { files, card } = renderAdaptiveCard(
        welcomeCard(kind, ['probe', 'diagnose', 'trace-parse', 'peer', 'mailmedic']),
      );
      expect(files).toEqual([]);
      expect(JSON.stringify(card)).toContain('/mailmedic help');
    }
  });
});
