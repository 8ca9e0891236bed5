import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as payloads from '../../../src/adapters/slack/slack-payloads.ts';
import {
  blockActions,
  messageEvent,
  messageShortcut,
  slashCommand,
  viewSubmission,
} from '../../support/slack-payloads.ts';

const SCHEMAS = {
  command: [payloads.commandBody, slashCommand('/probe', 'contoso.example')],
  message: [payloads.messageEvent, messageEvent('message', 'probe contoso.example')],
  press: [payloads.blockActionsBody, blockActions({ action_id: 'mm:run:0', value: 'x' })],
  shortcut: [payloads.messageShortcutBody, messageShortcut({ text: '550' })],
  form: [payloads.viewSubmissionBody, viewSubmission('probe', { target: { value: 'a.example' } }, '')],
} as const;

describe.each(Object.entries(SCHEMAS))('the schema of a %s', (_, [schema, good]) => {
  it('takes what Slack sends', () => {
    expect(schema.safeParse(good).error).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => void schema.safeParse(value)),
    );
  });

  it('refuses a payload whose ids are not ids', () => {
    const spoiled = JSON.stringify(good)
      .replace(/"(U1|kim)"/g, '"U1\\n<!channel>"')
      .replaceAll('"C1"', '"../x"');
    const refused = schema.safeParse(JSON.parse(spoiled));
    expect(refused.success).toBe(false);
  });
});
