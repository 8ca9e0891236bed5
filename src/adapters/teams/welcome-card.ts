import type { Card } from '../../../cards/card.ts';
import type { TeamsExtra } from './place.ts';

/** The first words in a new conversation: what to type here, and what works differently here. */
export function welcomeCard(kind: TeamsExtra['kind'], commands: readonly string[]): Card {
  const direct = kind === 'personal';
  const names = commands.map((name) => `/${name}`).join(', ');
  return {
    kind: 'welcome',
    state: 'info',
    title: 'mailmedic finds out why mail does not flow',
    steps: [
      direct
        ? 'Type a domain to test its mail path: probe contoso.com'
        : 'Mention me with a command: @mailmedic probe contoso.com',
      direct
        ? 'Paste a bounce, an SMTP reply or a log line after the word diagnose'
        : 'Type / and my name to ask in private: only you see the question and the answer',
      direct ? 'Drop a message trace or a protocol log here and I read it' : FILES_IN_GROUPS,
    ],
    footer: `Commands: ${names}`,
    actions: [{ type: 'run', label: 'Help', line: '/mailmedic help', where: 'thread', primary: true }],
  };
}

/** Shown when somebody adds a file where Teams gives bots none. */
export function unreachableFileCard(): Card {
  return {
    kind: 'file',
    state: 'info',
    title: 'I cannot open the file in your message',
    steps: [FILES_IN_GROUPS],
  };
}

const FILES_IN_GROUPS =
  'Files: Teams hands them to bots only in a personal chat. Send yours to me there, or paste its lines into a message here';
