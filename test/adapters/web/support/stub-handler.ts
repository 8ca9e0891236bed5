import { parseButtonValue } from '../../../../cards/action.ts';
import type { Card } from '../../../../cards/card.ts';
import type { Form } from '../../../../cards/form.ts';
import type {
  ChatHandler,
  IncomingCommand,
  IncomingForm,
  IncomingPress,
  MessageRef,
} from '../../../../src/chat/port.ts';

/** What the stub was asked, in order. */
export interface StubHandler extends ChatHandler {
  commands: IncomingCommand[];
  presses: IncomingPress[];
  forms: IncomingForm[];
}

/** A card with one of everything. */
export const FAILED_CARD: Card = {
  kind: 'probe',
  state: 'failed',
  title: 'contoso.example cannot receive mail: certificate expired 3 days ago',
  meta: '12:04:31 UTC · 412 ms',
  owner: 'Owner: recipient. Senders that require TLS fail; others still deliver.',
  steps: [
    'Renew the certificate bound to SMTP on mx1.contoso.example (CN mail.contoso.example, expired 17 Nov 2026)',
    'Re-run the hybrid wizard if Office 365 sends here by connector (thumbprint changed)',
    'Probe again: the TLS stage must turn green',
  ],
  blocks: [
    {
      type: 'stages',
      rows: [
        {
          label: 'mx1.contoso.example 203.0.113.10',
          stages: [
            { name: 'dns', state: 'ok', ms: 8 },
            { name: 'connect', state: 'ok', ms: 21 },
            { name: 'ehlo', state: 'ok', ms: 33 },
            { name: 'tls', state: 'ok', ms: 71 },
            { name: 'certificate', state: 'failed' },
          ],
        },
        { label: 'mx2.contoso.example 203.0.113.11', stages: [{ name: 'rcpt', state: 'ok', ms: 140 }] },
      ],
    },
    {
      type: 'table',
      columns: ['Host', 'Preference'],
      rows: [
        ['mx1.contoso.example', '10'],
        ['mx2.contoso.example', '20'],
      ],
    },
    { type: 'code', text: '220 mx1.contoso.example ESMTP\nEHLO probe.fabrikam.com', caption: 'Transcript' },
  ],
  details: [{ id: 'transcript', title: 'Transcript', blocks: [{ type: 'code', text: '220 mx1.contoso.example' }] }],
  actions: [
    { type: 'run', label: 'Probe again', line: '/probe contoso.example', where: 'edit', primary: true },
    { type: 'link', label: 'Runbook: certificates', url: 'https://docs.contoso.example/certificates' },
    { type: 'run', label: 'All addresses', line: '/probe contoso.example --all', where: 'thread' },
    {
      type: 'run',
      label: 'Look up the peer',
      line: '/peer contoso.example',
      where: 'thread',
      confirm: 'Ask three lists?',
    },
    { type: 'detail', label: 'Transcript', detail: 'transcript' },
  ],
  footer: 'Changed since the last good probe (14 Nov): nothing but the date',
  sandbox: true,
};

/** A form with every kind of field. */
export const TRACE_FORM: Form = {
  command: 'trace-parse',
  title: 'Parse a trace',
  submit: 'Parse',
  intro: 'Message tracking logs and trace exports.',
  fields: [
    { type: 'text', id: 'recipient', label: 'Recipient', hint: 'One address', placeholder: 'kim@fabrikam.com' },
    { type: 'text', id: 'note', label: 'Note', multiline: true, optional: true },
    {
      type: 'choice',
      id: 'by',
      label: 'Group by',
      options: [
        { value: 'server', label: 'Sending server' },
        { value: 'hour', label: 'Hour' },
      ],
      initial: 'hour',
    },
    { type: 'file', id: 'trace', label: 'Trace file', maxFiles: 2, optional: true },
  ],
};

/** Answers `/probe` with {@link FAILED_CARD}, `/form` with a form, `/private` privately, anything else with an echo. */
export function createStubHandler(answers: Record<string, Card> = {}): StubHandler {
  const stub: StubHandler = {
    commands: [],
    presses: [],
    forms: [],
    async command(incoming) {
      stub.commands.push(incoming);
      const { port, place, line, user, trigger } = incoming;
      const word = line.split(' ')[0] ?? '';
      if (word === '/form') await port.openForm(place, trigger ?? {}, TRACE_FORM);
      else if (word === '/private') await port.ephemeral(place, user, { card: echoCard('for you alone') });
      else
        await port.post(place, {
          card: answers[word] ?? (word === '/probe' ? FAILED_CARD : echoCard(line)),
          runId: 'run-1',
        });
    },
    async press(incoming) {
      stub.presses.push(incoming);
      const value = parseButtonValue(incoming.value);
      if (value?.a !== 'run') return;
      const card = echoCard(`pressed ${value.line}`);
      if (value.where === 'edit') await incoming.port.edit(incoming.message, { card });
      else await threadReply(incoming.port, incoming.message, card);
    },
    async form(incoming) {
      stub.forms.push(incoming);
      await incoming.port.post(incoming.place, { card: echoCard(`form ${JSON.stringify(incoming.values)}`) });
    },
  };
  return stub;
}

async function threadReply(port: IncomingPress['port'], message: MessageRef, card: Card): Promise<void> {
  await port.reply(message, { card });
}

/** A card that repeats a text. */
export function echoCard(text: string): Card {
  return { kind: 'echo', state: 'info', title: text };
}
