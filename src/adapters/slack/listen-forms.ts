import type { App } from '@slack/bolt';
import type { z } from 'zod';
import type { IncomingFile } from '../../chat/port.ts';
import type { Inbox } from './inbox.ts';
import type { SlackFiles } from './slack-files.ts';
import { viewSubmissionBody } from './slack-payloads.ts';
import { decodePlace, slackPlace } from './slack-place.ts';

const FORM = /^mm:form:([a-z0-9-]{1,64})$/;

/** Submitted forms. The acknowledgement closes the form; what is wrong with the values is said in the answer. */
export function listenForms(app: App, inbox: Inbox): void {
  app.view({ callback_id: FORM, type: 'view_submission' }, async ({ ack, body }) => {
    await ack();
    const parsed = viewSubmissionBody.safeParse(body);
    const command = parsed.success ? FORM.exec(parsed.data.view.callback_id)?.[1] : undefined;
    if (!parsed.success || command === undefined) {
      inbox.logger.warn('slack form without the fields it needs');
      return;
    }
    const { user, team, view } = parsed.data;
    const deliveryId = `view ${view.id}`;
    if (!inbox.first(deliveryId)) return;
    const carried = decodePlace(view.private_metadata);
    await inbox.run('form', (kept) =>
      inbox.handler.form({
        kept,
        port: inbox.port,
        // A form that carries no place is answered in direct messages.
        place: carried ?? slackPlace({ teamId: team?.id, channelId: user.id, userId: user.id }),
        user: { id: user.id, name: user.name ?? user.username ?? user.id },
        command,
        ...readInputs(view.state, inbox.files),
        deliveryId,
      }),
    );
  });
}

type FormState = z.infer<typeof viewSubmissionBody>['view']['state'];

/** One input a block; the action id is the id of the form's field. Empty inputs are left out. */
function readInputs(state: FormState, files: SlackFiles): { values: Record<string, string>; files: IncomingFile[] } {
  const values: [string, string][] = [];
  const uploaded: IncomingFile[] = [];
  for (const [field, input] of Object.values(state.values).flatMap((block) => Object.entries(block))) {
    const value = input.value ?? input.selected_option?.value;
    if (value) values.push([field, value]);
    for (const file of input.files ?? []) uploaded.push(files.incoming(file));
  }
  return { values: Object.fromEntries(values), files: uploaded };
}
