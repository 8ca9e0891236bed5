/**
 * Limits of Slack Block Kit. Source: docs.slack.dev/reference/block-kit (blocks, block elements, composition objects)
 * and the comments of @slack/types 3.2.0, unless a line names another.
 */
export const BLOCK_KIT = {
  blocksPerMessage: 50,
  blocksPerView: 100,
  sectionText: 3000,
  sectionFields: 10,
  sectionFieldText: 2000,
  headerText: 150,
  plainText: 3000,
  blockId: 255,
  actionId: 255,
  buttonText: 75,
  buttonValue: 2000,
  buttonUrl: 3000,
  actionsElements: 25,
  contextElements: 10,
  overflowOptions: 5,
  optionText: 75,
  /** @slack/types says 75, the reference page of the option object 150. */
  optionValue: 150,
  selectOptions: 100,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  tableRows: 100,
  tableCells: 20,
  /** One table a message (error `only_one_table_allowed`): docs.slack.dev/reference/block-kit/blocks/table-block. */
  tablesPerMessage: 1,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3000,
  callbackId: 255,
  inputLabel: 2000,
  inputHint: 2000,
  placeholder: 150,
  inputMaxLength: 3000,
  fileInputFiles: 10,
  /** Top-level text is truncated at 40,000; 4,000 is the advice: docs.slack.dev/reference/methods/chat.postMessage. */
  topLevelText: 4000,
  /**
   * All text in blocks of one chat.postMessage. Undocumented: about 12,000 are refused with `msg_blocks_too_long`
   * (slackapi/bolt-js issues 2509 and 2867, where 11,341 was too much), so this stays well below.
   */
  totalText: 10_000,
} as const;
