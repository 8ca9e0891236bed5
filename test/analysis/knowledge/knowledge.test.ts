import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARTICLES } from '../../../src/analysis/knowledge/error-types/index.ts';
import { fill } from '../../../src/analysis/knowledge/fill.ts';
import { createKnowledge, type Guidance, type GuideValues } from '../../../src/analysis/knowledge/knowledge.ts';
import { renderRunbook, runbookFile } from '../../../src/analysis/knowledge/render-runbook.ts';
import { derive } from '../../../src/analysis/knowledge/values.ts';
import { CAUSES, type Cause, ERROR_TYPES, type ErrorType, OWNERS, type Owner } from '../../../src/vocabulary.ts';

const knowledge = createKnowledge({
  runbookUrl: (errorType) => `https://docs.example/${errorType}`,
  overrides: { MailboxFull: 'https://wiki.example/full' },
});
const RUNBOOKS = fileURLToPath(new URL('../../../docs/runbooks/', import.meta.url));

/** Nothing known, everything known, and an address in place of names. */
const VALUES: Record<string, GuideValues> = {
  nothing: {},
  everything: {
    host: 'mx1.fabrikam.example',
    ip: '192.0.2.62',
    recipient: 'kim@fabrikam.example',
    sender: 'lee@contoso.example',
    code: '550',
    senderIp: '198.51.100.25',
    connector: 'Outbound to Office 365',
    server: 'EX01',
  },
  'an IPv6 address': { host: '2001:db8::25', ip: '2001:db8::25', code: '451' },
};
/** Who asks: a mail that Exchange Online could not hand over, any other mail, a probe. */
const ASKED = [{ enhanced: '4.4.316' }, { enhanced: '4.4.1' }, { stage: 'connect' as const }];
/** A step is read on a phone: about three lines. */
const LONGEST_STEP = 160;

interface Asked {
  name: string;
  errorType: ErrorType;
  cause: Cause | null;
  guidance: Guidance;
}

function askEverything(): Asked[] {
  return ERROR_TYPES.flatMap((errorType) =>
    [...(CAUSES[errorType] as readonly Cause[]), null].flatMap((cause) =>
      OWNERS.flatMap((owner) =>
        ASKED.flatMap(({ enhanced = null, stage = null }) =>
          Object.entries(VALUES).map(([known, values]) => ({
            name: `${errorType} ${cause}, ${owner}, ${enhanced ?? stage}, ${known}`,
            errorType,
            cause,
            guidance: knowledge.guide({ errorType, cause, owner, stage }, { ...values, enhanced }),
          })),
        ),
      ),
    ),
  );
}

const linesOf = ({ meaning, mitigation, confirm, next, attach }: Guidance): string[] => [
  meaning,
  ...mitigation,
  ...confirm,
  ...next,
  ...attach,
];

describe('articles', () => {
  const asked = askEverything();

  it('exist for every error type and cause', () => {
    for (const errorType of ERROR_TYPES) {
      expect(ARTICLES[errorType].errorType).toBe(errorType);
      expect(Object.keys(ARTICLES[errorType].causes).sort()).toEqual([...CAUSES[errorType]].sort());
    }
  });

  it.each<[what: string, wrong: RegExp]>([
    ['a template that was not filled', /[{}]|\[\?|\?\]|\?:|undefined/],
    ['a placeholder in angle brackets', /<(?!I>|S>)/],
    ['an address of the reader itself', /127\.0\.0\.1|localhost(?! or)/],
    ['stray spaces', /\s{2}|^\s|\s$| [.,;]|\( | \)/],
    ['a tone that CARDS.md does not want', /\bplease\b|!|\boops\b/i],
  ])('never print %s', (_, wrong) => {
    const bad = asked.flatMap(({ name, guidance }) =>
      linesOf(guidance)
        .filter((line) => wrong.test(line))
        .map((line) => `${name}: ${line}`),
    );
    expect(bad).toEqual([]);
  });

  it('put commands into pairs of backticks, and nothing empty', () => {
    const bad = asked.flatMap(({ name, guidance }) =>
      linesOf(guidance)
        .filter((line) => line.split('`').length % 2 === 0 || line.includes('``') || /` | `$/.test(codeOf(line)))
        .map((line) => `${name}: ${line}`),
    );
    expect(bad).toEqual([]);
  });

  it('leave no cmdlet, option or log path in prose', () => {
    const command =
      /\b(?:Get|Set|New|Enable|Test|Resolve|Retry|Remove|Restart)-[A-Z]\w+|(?:^| )-{1,2}[a-zA-Z]\w+|\\\w+\\|openssl s_client|\/(?:probe|peer|diagnose)\b|tcp\.port/;
    const bad = asked.flatMap(({ name, guidance }) =>
      linesOf(guidance)
        .filter((line) => command.test(proseOf(line)))
        .map((line) => `${name}: ${line}`),
    );
    expect(bad).toEqual([]);
  });

  it(`have a first move for everyone, and steps of ${LONGEST_STEP} characters at most that do not repeat`, () => {
    const bad = asked.flatMap(({ name, guidance: { mitigation } }) => [
      ...(mitigation.length === 0 ? [`${name}: no step`] : []),
      ...mitigation.filter((step) => bare(step).length > LONGEST_STEP).map((step) => `${step.length}: ${step}`),
      ...(new Set(mitigation).size === mitigation.length ? [] : [`${name}: a step twice`]),
      ...mitigation.filter((step) => !/^[A-Z`]/.test(step)).map((step) => `${name}: ${step}`),
    ]);
    expect([...new Set(bad)]).toEqual([]);
  });

  it('relate to other error types, and cite pages', () => {
    for (const errorType of ERROR_TYPES) {
      expect(ARTICLES[errorType].related).not.toContain(errorType);
      for (const { url } of ARTICLES[errorType].see) expect(url).toMatch(/^https:\/\/[a-z]/);
    }
  });

  it('puts the values into the commands', () => {
    const { mitigation } = knowledge.guide(
      { errorType: 'UnableToConnect', cause: 'refused', owner: 'network' },
      { host: 'smtp.fabrikam.example', ip: '203.0.113.9' },
    );
    expect(mitigation.join('\n')).toContain('`Test-NetConnection 203.0.113.9 -Port 25`');
    expect(mitigation.join('\n')).toContain('`Resolve-DnsName smtp.fabrikam.example`');
  });

  it('start with the firewall and the receive log when Exchange Online is refused', () => {
    const refused = { errorType: 'UnableToConnect', cause: 'refused', owner: 'network' } as const;
    const { mitigation } = knowledge.guide(refused, { enhanced: '4.4.316', ip: '203.0.113.9' });
    expect(mitigation[0]).toContain('`104.47.0.0/17`');
    expect(mitigation[1]).toContain('SmtpReceive`');
    const probed = knowledge.guide({ ...refused, stage: 'connect' }, { ip: '203.0.113.9' });
    expect(probed.mitigation.join('\n')).not.toContain('104.47.0.0/17');
  });

  it('tell each owner their own steps, and everyone else all of them with the owner named', () => {
    const first = (owner: Owner) =>
      knowledge.guide({ errorType: 'AttributionFailure', cause: 'attribution', owner }, {}).mitigation[0];
    expect(first('service')).toContain('retry');
    expect(first('sender')).toContain('Get-InboundConnector');
    expect(first('unknown')).toMatch(/^When the service must act: /);
  });

  it('tell the first move for each cause where the cause is not known', () => {
    const { mitigation } = knowledge.guide({ errorType: 'AttributionFailure', cause: null, owner: 'unknown' });
    expect(mitigation[0]).toMatch(/^For `attribution`: when the service must act: let the sender retry/);
    expect(mitigation[1]).toMatch(/^For `connector-mismatch`: read the restriction: `Get-InboundConnector/);
  });

  it.each([
    ['451', 'wait: the queue drains within about 15 minutes'],
    ['550', 'send the message again'],
  ])('say after %s what becomes of the message: %s', (code, words) => {
    const { mitigation } = knowledge.guide(
      { errorType: 'UnableToConnect', cause: 'refused', owner: 'network' },
      { code },
    );
    expect(mitigation.at(-1)).toContain(words);
  });

  it('point behind the front end when a probe hangs after the recipient was accepted', () => {
    const { mitigation } = knowledge.guide(
      { errorType: 'ProbeTimeout', cause: 'data', owner: 'unknown', stage: 'data' },
      { host: 'mx1.fabrikam.example' },
    );
    expect(mitigation[0]).toMatch(/behind the front end.*250 Recipient OK/);
    const banner = knowledge.guide({ errorType: 'ProbeTimeout', cause: 'banner', owner: 'network', stage: 'banner' });
    expect(banner.mitigation.join('\n')).not.toContain('250');
  });

  it('have the failing address taken out first where others work, and look at our own way out only where none does', () => {
    const timeout = { errorType: 'UnableToConnect', cause: 'timeout', owner: 'network', stage: 'connect' } as const;
    const partly = knowledge.guide(timeout, { ip: '203.0.113.9', partial: 'partial' }).mitigation;
    expect(partly[0]).toMatch(/take 203\.0\.113\.9 out of DNS or the pool/);
    expect(partly.join('\n')).not.toContain('blocked on our way out');
    const alone = knowledge.guide(timeout, { ip: '203.0.113.9' }).mitigation;
    expect(alone[0]).toContain('blocked on our way out');
  });

  it('have the domain probed again, not its host, when the MTA-STS policy was at fault', () => {
    const broken = { errorType: 'CertificateFailure', cause: 'mta-sts-mismatch', owner: 'recipient' } as const;
    const values = { host: 'mx1.contoso.example', domain: 'contoso.example' };
    expect(knowledge.guide(broken, values).mitigation.at(-1)).toContain('`/probe contoso.example --all --tls require`');
  });

  it('takes the domain from the recipient, and the link from the overrides', () => {
    const { mitigation, runbooks } = knowledge.guide(
      { errorType: 'DnsFailure', cause: 'nxdomain', owner: 'dns' },
      { recipient: 'kim@nosuch.example' },
    );
    expect(mitigation.join('\n')).toContain('`Resolve-DnsName nosuch.example -Type MX -Server 1.1.1.1`');
    expect(runbooks).toEqual([{ title: 'DNS failure', url: 'https://docs.example/DnsFailure' }]);
    expect(knowledge.runbook('MailboxFull').url).toBe('https://wiki.example/full');
  });
});

describe('fill', () => {
  it.each([
    ['Test {ip|the address} now', { ip: '192.0.2.1' }, 'Test 192.0.2.1 now'],
    ['Test {ip|the address} now', {}, 'Test the address now'],
    ['port 25 [?ip and ip {ip} ?]and more', { ip: '192.0.2.1' }, 'port 25 and ip 192.0.2.1 and more'],
    ['port 25 [?ip and ip {ip} ?]and more', { ip: null }, 'port 25 and more'],
    ['see [?ip `dig {ip}`?:`dig` with it?] now', { ip: '192.0.2.1' }, 'see `dig 192.0.2.1` now'],
    ['see [?ip `dig {ip}`?:`dig` with it?] now', {}, 'see `dig` with it now'],
    ['see [?ip `dig {ip}`?:`dig` with it?] now', { ip: '`x`' }, 'see `dig` with it now'],
    ['Look up {host|the host}', { host: 'x.example; Remove-Item C:' }, 'Look up the host'],
    ['Look up {host|the host}', { host: '$(calc)' }, 'Look up the host'],
    ['Look up {host|the host}', { host: '-Server evil' }, 'Look up the host'],
    ['Look up {host|the host}', { host: '[::1]' }, 'Look up [::1]'],
    ['Look up {host|the host}', { host: '[x](y)' }, 'Look up the host'],
  ])('%s', (template, values, expected) => {
    expect(fill(template, values)).toBe(expected);
  });
});

describe('fill with hostile values', () => {
  it('lets in a value whole and harmless, or not at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (host) => {
        const filled = fill('`dig {host|it}`[?host  {host}?]', { host });
        if (filled === '`dig it`') return;
        // The sentence around it is tidied: spaces are single, and none stands before a mark that ends a clause.
        const tidied = `\`dig ${host}\` ${host}`.replace(/ {2,}/g, ' ').replace(/ ([.,;:])(?= |$)/g, '$1');
        expect(filled).toBe(tidied.trim());
        expect(host).not.toMatch(/[`;$&|<>"'\n\r(){}]/);
      }),
    );
  });
});

describe('derive', () => {
  it.each<[values: GuideValues, expected: Record<string, unknown>]>([
    [
      { host: 'mx1.fabrikam.example', ip: '192.0.2.1' },
      { name: 'mx1.fabrikam.example', address: '192.0.2.1' },
    ],
    [
      { host: '192.0.2.1', ip: null },
      { name: null, address: '192.0.2.1', peer: '192.0.2.1', query: null },
    ],
    [{ host: '2001:db8::1' }, { peer: '[2001:db8::1]', address: '2001:db8::1' }],
    [{ recipient: 'kim@fabrikam.example' }, { domain: 'fabrikam.example', query: 'fabrikam.example -Type MX' }],
    [{ host: 'mx1.fabrikam.example' }, { query: 'mx1.fabrikam.example', domain: null }],
    [{ sender: 'no address' }, { senderDomain: null }],
  ])('%j', (values, expected) => {
    expect(derive(values)).toMatchObject(expected);
  });
});

describe('docs/runbooks', () => {
  it('holds the current runbook of every error type and nothing else', () => {
    expect(readdirSync(RUNBOOKS).sort()).toEqual(ERROR_TYPES.map(runbookFile).sort());
    for (const errorType of ERROR_TYPES) {
      expect(readFileSync(`${RUNBOOKS}${runbookFile(errorType)}`, 'utf8')).toBe(renderRunbook(errorType, runbookFile));
    }
  });

  it.each(ERROR_TYPES)('%s reads as Markdown: headings in order, no open code, no raw HTML', (errorType) => {
    const text = renderRunbook(errorType);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    const wanted = ['What it means', 'How to confirm', 'What to do', 'What to send along', 'Sources', 'Related'];
    expect(headings.filter((heading) => heading !== 'When the words do not settle it')).toEqual(wanted);
    for (const line of text.split('\n').filter((each) => !each.startsWith('<!--'))) {
      expect(line.split('`').length % 2, line).toBe(1);
      expect(proseOf(line), line).not.toMatch(/(?<!\\)<|[{}]|\[\?/);
    }
  });

  it('links to the others by file in the repository, by error type on the server', () => {
    expect(renderRunbook('UnableToConnect', runbookFile)).toContain('[Connection lost](connection-lost.md)');
    expect(renderRunbook('UnableToConnect')).toContain('[Connection lost](ConnectionLost)');
  });
});

/** The step without the conditions that are named only where nobody knows the cause or the owner. */
function bare(step: string): string {
  return step.replace(/^For `[^:]+: /, '').replace(/^when (?:the \w+ must act|[\w ]+ tried): /i, '');
}

function codeOf(line: string): string {
  return line
    .split('`')
    .filter((_, at) => at % 2 === 1)
    .map((code) => (code === code.trim() ? 'x' : '` '))
    .join('');
}

function proseOf(line: string): string {
  return line
    .split('`')
    .filter((_, at) => at % 2 === 0)
    .join('x');
}
