import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ARTICLES } from '../../../src/analysis/knowledge/error-types/index.ts';
import { fill } from '../../../src/analysis/knowledge/fill.ts';
import { createKnowledge } from '../../../src/analysis/knowledge/knowledge.ts';
import { renderRunbook, runbookFile } from '../../../src/analysis/knowledge/render-runbook.ts';
import { CAUSES, type Cause, ERROR_TYPES } from '../../../src/vocabulary.ts';

const knowledge = createKnowledge({
  runbookUrl: (errorType) => `https://docs.example/${errorType}`,
  overrides: { MailboxFull: 'https://wiki.example/full' },
});
const RUNBOOKS = fileURLToPath(new URL('../../../docs/runbooks/', import.meta.url));

describe('articles', () => {
  it.each(ERROR_TYPES)('%s has advice for every cause, filled or not', (errorType) => {
    expect(ARTICLES[errorType].errorType).toBe(errorType);
    for (const cause of CAUSES[errorType] as readonly Cause[]) {
      expect(Object.keys(ARTICLES[errorType].causes)).toContain(cause);
      for (const values of [
        {},
        { host: 'mx1.fabrikam.example', ip: '192.0.2.62', recipient: 'kim@fabrikam.example' },
      ]) {
        const { mitigation, meaning, confirm, next, attach } = knowledge.guide(
          { errorType, cause, owner: 'unknown' },
          values,
        );
        expect(mitigation.length).toBeGreaterThan(0);
        for (const line of [meaning, ...mitigation, ...confirm, ...next, ...attach]) {
          expect(line).not.toMatch(/[{}]|\[\?|\?\]|\s{2}| [.,;]|\bplease\b|!|undefined/i);
        }
      }
    }
  });

  it('puts the values into the commands', () => {
    const { mitigation } = knowledge.guide(
      { errorType: 'UnableToConnect', cause: 'refused', owner: 'network' },
      { host: 'smtp.fabrikam.example', ip: '203.0.113.9' },
    );
    expect(mitigation.join('\n')).toContain('Test-NetConnection 203.0.113.9 -Port 25');
    expect(mitigation.join('\n')).toContain('Resolve-DnsName smtp.fabrikam.example');
  });

  it('takes the domain from the recipient, and the link from the overrides', () => {
    const { mitigation, runbooks } = knowledge.guide(
      { errorType: 'DnsFailure', cause: 'nxdomain', owner: 'dns' },
      { recipient: 'kim@nosuch.example' },
    );
    expect(mitigation.join('\n')).toContain('Resolve-DnsName nosuch.example -Type MX');
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
    ['Look up {host|<host>}', { host: 'x.example; Remove-Item C:' }, 'Look up <host>'],
    ['Look up {host|<host>}', { host: '$(calc)' }, 'Look up <host>'],
    ['Look up {host|<host>}', { host: '-Server evil' }, 'Look up <host>'],
    ['Look up {host}', {}, 'Look up <host>'],
  ])('%s', (template, values, expected) => {
    expect(fill(template, values)).toBe(expected);
  });
});

describe('docs/runbooks', () => {
  it('holds the current runbook of every error type and nothing else', () => {
    expect(readdirSync(RUNBOOKS).sort()).toEqual(ERROR_TYPES.map(runbookFile).sort());
    for (const errorType of ERROR_TYPES) {
      expect(readFileSync(`${RUNBOOKS}${runbookFile(errorType)}`, 'utf8')).toBe(renderRunbook(errorType));
    }
  });
});
