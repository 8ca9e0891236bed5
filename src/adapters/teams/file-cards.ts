import type { CardFile } from '../../../cards/card.ts';
import { evidenceElements, textLines } from '../../../cards/render/adaptive-card-blocks.ts';
import { adaptiveFrame } from '../../../cards/render/adaptive-card-types.ts';
import { displayLine, displayText } from '../../../cards/render/escape.ts';
import type { MessageContent } from './teams-sender.ts';
import { splitText } from './text-parts.ts';

/** Holds one part under the 25 KB that a card may have, whatever the characters are (three bytes each, escaped). */
const LIMITS = { chars: 4000, lines: 60, parts: 3 };

/** Teams' own card that asks whether the person wants the file; `id` comes back with the answer. */
export function consentMessage(file: CardFile, id: string): MessageContent {
  const consent = {
    contentType: 'application/vnd.microsoft.teams.card.file.consent',
    name: file.name,
    content: {
      description: file.title,
      sizeInBytes: Buffer.byteLength(file.content),
      acceptContext: { mmFile: id },
      declineContext: { mmFile: id },
    },
  };
  return { attachments: [consent], summary: file.title };
}

/** Where a file lies after the person took it, as Teams tells. */
export interface StoredFile {
  contentUrl: string;
  name: string;
  uniqueId: string;
  fileType: string;
}

/** Teams' own card for a file that lies in the person's OneDrive. */
export function storedFileMessage(stored: StoredFile, title: string): MessageContent {
  const info = {
    contentType: 'application/vnd.microsoft.teams.card.file.info',
    contentUrl: stored.contentUrl,
    name: stored.name,
    content: { uniqueId: stored.uniqueId, fileType: stored.fileType },
  };
  return { attachments: [info], summary: title };
}

/**
 * The file as messages, for places where Teams takes no files from bots (channels and group chats). What does not fit
 * is named, with the way to get it.
 */
export function fileAsMessages(file: CardFile): MessageContent[] {
  const text = file.content === '' ? '(empty)' : file.content;
  const { parts, shown } = splitText(text, LIMITS);
  return parts.map((part, index) => {
    const last = index === parts.length - 1;
    const of = parts.length > 1 ? ` (${index + 1} of ${parts.length})` : '';
    const title = `${displayLine(file.title, 200)}${of}`;
    const note = `${displayLine(file.name, 200)}: the first ${shown} of ${text.length} characters. ${WHOLE}`;
    const body = [
      ...textLines(title, { weight: 'Bolder' }),
      ...evidenceElements({ type: 'code', text: displayText(part, LIMITS.chars) }),
      ...(last && shown < text.length ? textLines(note, { isSubtle: true, size: 'Small' }) : []),
    ];
    return cardMessage(adaptiveFrame(body, []), title);
  });
}

/** A message that holds one Adaptive Card. */
export function cardMessage(card: object, summary: string): MessageContent {
  return { attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }], summary };
}

const WHOLE =
  'Teams takes no files from bots in channels and group chats: ask the same in our personal chat and the whole file comes with the answer.';
