import { degraded, failed, ok, type Scenario, scenario } from '../scenario.ts';
import { mailScript, raw } from '../servers/scripts.ts';
import { scripted } from '../servers/server.ts';

const MASKED = '220 ****************************************************';
/** The appliance stands at their side as often as not. */
const firewall = ['recipient', 'network'] as const;
const someStage = ['banner', 'ehlo', 'starttls'] as const;

/** What answers is no mail server, a broken one, or one behind an inspecting firewall. */
export const protocol: Scenario[] = [
  scenario('protocol', 'web-server', {
    servers: { mx: scripted(mailScript({ banner: raw('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n') })) },
    expect: failed('ProtocolError', 'malformed-reply', 'banner', 'recipient', { summary: /HTTP/ }),
  }),
  scenario('protocol', 'garbage', {
    servers: { mx: scripted(mailScript({ banner: raw('\u0000\u0001\u00fe\u00ff nonsense\r\nmore\r\n') })) },
    expect: failed('ProtocolError', 'malformed-reply', 'banner', 'recipient'),
  }),
  scenario('protocol', 'endless-reply', {
    servers: { mx: scripted(mailScript({ ehlo: raw('250-FILLER\r\n'.repeat(20_000)) })) },
    expect: failed('ProtocolError', 'reply-too-long', 'ehlo', 'recipient'),
  }),
  scenario('protocol', 'endless-line', {
    servers: { mx: scripted(mailScript({ banner: raw(`220 ${'x'.repeat(300_000)}`) })) },
    expect: failed('ProtocolError', 'reply-too-long', 'banner', 'recipient'),
  }),
  scenario('protocol', 'banner-masked', {
    servers: { mx: scripted(mailScript({ banner: MASKED }), { certificate: {} }) },
    expect: degraded('ProtocolError', 'banner-mangled', 'banner', firewall),
  }),
  scenario('protocol', 'capability-masked', {
    servers: { mx: scripted(mailScript({ capabilities: ['PIPELINING', 'XXXXXXXA', '8BITMIME'] })) },
    expect: degraded('ProtocolError', 'capability-masked', ['ehlo', 'starttls'], firewall),
  }),
  scenario('protocol', 'banner-and-capability-masked', {
    servers: { mx: scripted(mailScript({ banner: MASKED, capabilities: ['SIZE', 'XXXXXXXA', 'XXXB'] })) },
    expect: degraded('ProtocolError', ['banner-mangled', 'capability-masked'], someStage, firewall),
  }),
  scenario('protocol', 'capability-masked-tls-required', {
    servers: { mx: scripted(mailScript({ capabilities: ['PIPELINING', 'XXXXXXXA', '8BITMIME'] })) },
    args: ['{domain}', '--tls', 'require'],
    expect: failed(['ProtocolError', 'TlsNotOffered'], ['capability-masked', 'starttls-missing'], someStage, firewall),
  }),
  // CVE-2021-33515 and its kin: what follows the reply in plain text must not count as said inside TLS (RFC 3207 5).
  scenario('protocol', 'starttls-injection', {
    servers: {
      mx: scripted(mailScript({ starttls: raw('220 2.0.0 Ready\r\n250 injected\r\n') }), { certificate: {} }),
    },
    expect: { ...failed('ProtocolError', 'starttls-injection', 'starttls', firewall), verdict: ['failed', 'degraded'] },
  }),
  // RFC 5321 4.1.1.1 wants CRLF; mail flows all the same.
  scenario('protocol', 'bare-line-feeds', {
    servers: { mx: scripted(mailScript({ banner: raw('220 mx ESMTP\n') })) },
    args: ['kim@{domain}', '--tls', 'off'],
    expect: ok({ 'attempts.0.notes': /line feed|LF|CR/i }),
  }),
  // An old PIX lets HELO through and nothing newer.
  scenario('protocol', 'ehlo-masked', {
    servers: { mx: scripted(mailScript({ banner: MASKED, ehlo: '500 5.5.1 Command unrecognized: "XXXX"' })) },
    args: ['kim@{domain}'],
    expect: degraded('ProtocolError', ['banner-mangled', 'capability-masked'], someStage, firewall),
  }),
];
