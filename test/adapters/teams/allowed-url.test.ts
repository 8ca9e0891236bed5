import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedUrl } from '../../../src/adapters/teams/allowed-url.ts';

const HOSTS = ['smba.trafficmanager.net', '*.botframework.com', '127.0.0.1'];

describe('allowed', () => {
  test.each([
    'https://smba.trafficmanager.net/emea/',
    'https://SMBA.trafficmanager.net./emea/',
    'https://directline.botframework.com/',
    'https://a.b.botframework.com/',
    'http://127.0.0.1:3979/svc/',
    'https://smba.trafficmanager.net:443/',
  ])('%s', (url) => expect(allowedUrl(url, HOSTS)).toBeInstanceOf(URL));
});

describe('refused', () => {
  test.each([
    'http://smba.trafficmanager.net/',
    'https://smba.trafficmanager.net:8443/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net',
    'https://smba.trafficmanager.net@evil.example/',
    'https://user:pass@smba.trafficmanager.net/',
    'https://botframework.com/',
    'https://evilbotframework.com/',
    'https://xsmba.trafficmanager.net/',
    'http://127.0.0.2/',
    'http://localhost/',
    'ftp://127.0.0.1/',
    'javascript:alert(1)',
    'smba.trafficmanager.net',
    '',
    `https://smba.trafficmanager.net/${'x'.repeat(5000)}`,
  ])('%s', (url) => expect(allowedUrl(url, HOSTS)).toBeUndefined());
});

test('whatever is allowed goes to a host of the list', () => {
  const host = fc.oneof(fc.domain(), fc.constantFrom('smba.trafficmanager.net', 'x.botframework.com', '127.0.0.1'));
  const scheme = fc.constantFrom('https://', 'http://', 'HTTPS://', 'https:/\\', 'https:\t//');
  const between = fc.constantFrom('', 'a@', ':', '#@', '\\@', '%40', 'smba.trafficmanager.net#');
  fc.assert(
    fc.property(scheme, between, host, fc.webPath(), (start, middle, name, rest) => {
      const url = allowedUrl(`${start}${middle}${name}${rest}`, HOSTS);
      if (url === undefined) return;
      const real = url.hostname;
      expect(real === 'smba.trafficmanager.net' || real === '127.0.0.1' || real.endsWith('.botframework.com')).toBe(
        true,
      );
    }),
  );
});
