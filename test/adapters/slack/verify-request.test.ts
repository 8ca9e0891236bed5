import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseUnsigned, signBody } from '../../../src/adapters/slack/verify-request.ts';
import { signSlack } from '../../support/slack-sender.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const AT = 1_531_420_618;
const now = new Date(AT * 1000);
// The worked example of docs.slack.dev/authentication/verifying-requests-from-slack.
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
  '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
  '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14' +
  'd10d2c447fce8b6703c';
const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';

const check = (over: { signature?: string; timestamp?: string; body?: string }, at = now): string | undefined => {
  const signed = { signature: SIGNATURE, timestamp: String(AT), ...over };
  return refuseUnsigned({ ...signed, body: Buffer.from(over.body ?? BODY) }, SECRET, at);
};

describe('refuseUnsigned', () => {
  it("holds for the example of Slack's documentation", () => {
    expect(signBody(SECRET, String(AT), BODY)).toBe(SIGNATURE);
    expect(check({})).toBeUndefined();
  });

  it.each([
    [{ signature: SIGNATURE.replace('a2', 'a3') }, 'bad-signature'],
    [{ signature: SIGNATURE.toUpperCase() }, 'bad-signature'],
    [{ signature: `${SIGNATURE} ` }, 'bad-signature'],
    [{ signature: SIGNATURE.replace('v0', 'v1') }, 'bad-signature'],
    [{ body: `${BODY}x` }, 'bad-signature'],
    [{ timestamp: `0${AT}` }, 'bad-signature'],
    [{ timestamp: `${AT}.0` }, 'bad-timestamp'],
    [{ timestamp: '1'.repeat(400) }, 'bad-timestamp'],
    [{ timestamp: '' }, 'bad-timestamp'],
  ])('refuses %j as %s', (over, refusal) => {
    expect(check(over)).toBe(refusal);
  });

  it.each([
    [-301, 'future'],
    [-61, 'future'],
    [-60, undefined],
    [0, undefined],
    [300, undefined],
    [301, 'stale'],
  ])('at an age of %i s says %s', (age, refusal) => {
    expect(check({}, new Date((AT + age) * 1000))).toBe(refusal);
  });

  it('needs both headers', () => {
    const body = Buffer.from(BODY);
    expect(refuseUnsigned({ signature: undefined, timestamp: String(AT), body }, SECRET, now)).toBe('unsigned');
    expect(refuseUnsigned({ signature: SIGNATURE, timestamp: undefined, body }, SECRET, now)).toBe('unsigned');
  });

  it('takes every signed body and never another one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (one, other) => {
        const body = Buffer.from(one);
        const signature = signSlack(SECRET, String(AT), body);
        const signed = { signature, timestamp: String(AT) };
        expect(refuseUnsigned({ ...signed, body }, SECRET, now)).toBeUndefined();
        const changed = Buffer.from(other);
        fc.pre(!changed.equals(body));
        expect(refuseUnsigned({ ...signed, body: changed }, SECRET, now)).toBe('bad-signature');
      }),
    );
  });

  it('never throws for headers from anywhere', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (signature, timestamp) => {
        expect(refuseUnsigned({ signature, timestamp, body: Buffer.alloc(0) }, SECRET, now)).toBeTypeOf('string');
      }),
    );
  });
});
