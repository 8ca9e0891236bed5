/**
 * Checks a message or view against Slack's documented limits (docs.slack.dev/reference/block-kit, the comments of
 * @slack/types 3.2.0). Written apart from the renderer and with its own numbers, so that each catches the other's slips.
 */

type Json = Record<string, unknown>;

/** What Slack would refuse in a chat.postMessage payload; empty when it would be taken. */
export function blockKitProblems(message: { text?: unknown; blocks?: unknown }): string[] {
  const check = createCheck();
  if (typeof message.text !== 'string' || message.text === '') check.fail('text', 'is missing');
  else if (message.text.length > 4000) check.fail('text', `has ${message.text.length} characters, 4,000 are advised`);
  checkBlocks(message.blocks, 50, MESSAGE_BLOCKS, check);
  const total = totalText(message.blocks);
  if (total > 10_000) check.fail('blocks', `hold ${total} characters of text, more than 10,000`);
  const tables = list(message.blocks).filter((block) => record(block).type === 'table').length;
  if (tables > 1) check.fail('blocks', `hold ${tables} tables, one is allowed`);
  return check.problems;
}

/** What Slack would refuse in a modal for views.open. */
export function modalProblems(view: object): string[] {
  const check = createCheck();
  const modal = record(view);
  if (modal.type !== 'modal') check.fail('type', 'is not modal');
  check.plainText(modal.title, 'title', 24);
  check.plainText(modal.submit, 'submit', 24);
  if (modal.close !== undefined) check.plainText(modal.close, 'close', 24);
  if (modal.private_metadata !== undefined) check.string(modal.private_metadata, 'private_metadata', 3000);
  if (modal.callback_id !== undefined) check.string(modal.callback_id, 'callback_id', 255);
  checkBlocks(modal.blocks, 100, [...MESSAGE_BLOCKS, 'input'], check);
  return check.problems;
}

/** All text of the blocks as a person would count it. */
export function totalText(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + totalText(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, each]) => {
    return sum + (key === 'text' && typeof each === 'string' ? each.length : totalText(each));
  }, 0);
}

const MESSAGE_BLOCKS = ['section', 'header', 'context', 'divider', 'actions', 'rich_text', 'table', 'image'];

interface Check {
  problems: string[];
  actionIds: Set<string>;
  blockIds: Set<string>;
  fail(path: string, what: string): void;
  string(value: unknown, path: string, max: number): void;
  plainText(value: unknown, path: string, max: number): void;
}

function createCheck(): Check {
  const problems: string[] = [];
  const fail = (path: string, what: string) => problems.push(`${path} ${what}`);
  function string(value: unknown, path: string, max: number) {
    if (typeof value !== 'string' || value === '') fail(path, 'is no text');
    else if (value.length > max) fail(path, `has ${value.length} characters, more than ${max}`);
  }
  return {
    problems,
    actionIds: new Set(),
    blockIds: new Set(),
    fail,
    string,
    plainText(value, path, max) {
      const text = record(value);
      if (text.type !== 'plain_text') fail(path, 'is not plain_text');
      string(text.text, `${path}.text`, max);
    },
  };
}

function checkBlocks(blocks: unknown, max: number, types: string[], check: Check): void {
  const all = list(blocks);
  if (all.length === 0) check.fail('blocks', 'are missing');
  if (all.length > max) check.fail('blocks', `are ${all.length}, more than ${max}`);
  all.forEach((each, index) => {
    const block = record(each);
    const path = `blocks[${index}]`;
    if (typeof block.type !== 'string' || !types.includes(block.type)) check.fail(path, `has type ${block.type}`);
    if (block.block_id !== undefined) {
      check.string(block.block_id, `${path}.block_id`, 255);
      if (check.blockIds.has(String(block.block_id))) check.fail(path, `repeats block_id ${block.block_id}`);
      check.blockIds.add(String(block.block_id));
    }
    checkBlock(block, path, check);
  });
}

function checkBlock(block: Json, path: string, check: Check): void {
  switch (block.type) {
    case 'section':
      checkSection(block, path, check);
      break;
    case 'header':
      check.plainText(block.text, `${path}.text`, 150);
      break;
    case 'context':
      count(block.elements, 10, `${path}.elements`, check);
      list(block.elements).forEach((element, at) => {
        textObject(element, `${path}.elements[${at}]`, 3000, check);
      });
      break;
    case 'actions':
      count(block.elements, 25, `${path}.elements`, check);
      list(block.elements).forEach((element, at) => {
        checkElement(record(element), `${path}.elements[${at}]`, check);
      });
      break;
    case 'rich_text':
      count(block.elements, 1000, `${path}.elements`, check);
      list(block.elements).forEach((part, at) => {
        checkRichText(record(part), `${path}.elements[${at}]`, check);
      });
      break;
    case 'table':
      checkTable(block, path, check);
      break;
    case 'input':
      check.plainText(block.label, `${path}.label`, 2000);
      if (block.hint !== undefined) check.plainText(block.hint, `${path}.hint`, 2000);
      checkElement(record(block.element), `${path}.element`, check);
      break;
    default:
  }
}

function checkSection(block: Json, path: string, check: Check): void {
  const fields = list(block.fields);
  if (block.text === undefined && fields.length === 0) check.fail(path, 'has neither text nor fields');
  if (block.text !== undefined) textObject(block.text, `${path}.text`, 3000, check);
  if (fields.length > 10) check.fail(path, `has ${fields.length} fields, more than 10`);
  fields.forEach((field, at) => {
    textObject(field, `${path}.fields[${at}]`, 2000, check);
  });
}

const RICH_PARTS = ['rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote'];

function checkRichText(part: Json, path: string, check: Check): void {
  if (!RICH_PARTS.includes(String(part.type))) check.fail(path, `has type ${part.type}`);
  const elements = list(part.elements);
  if (elements.length === 0) check.fail(path, 'has no elements');
  if (part.type === 'rich_text_list') {
    if (part.style !== 'ordered' && part.style !== 'bullet') check.fail(path, `has style ${part.style}`);
    elements.forEach((item, at) => {
      if (record(item).type !== 'rich_text_section') check.fail(`${path}.elements[${at}]`, 'is no section');
      checkRichText(record(item), `${path}.elements[${at}]`, check);
    });
    return;
  }
  elements.forEach((element, at) => {
    const run = record(element);
    const where = `${path}.elements[${at}]`;
    if (run.type !== 'text' && run.type !== 'link') check.fail(where, `has type ${run.type}`);
    check.string(run.text, `${where}.text`, 12_000);
    if (run.type === 'link') webUrl(run.url, where, check);
    for (const [style, on] of Object.entries(record(run.style))) {
      if (!['bold', 'italic', 'strike', 'code'].includes(style) || on !== true) check.fail(where, `has style ${style}`);
    }
  });
}

function checkTable(block: Json, path: string, check: Check): void {
  count(block.rows, 100, `${path}.rows`, check);
  const widths = new Set(list(block.rows).map((row) => list(row).length));
  if (widths.size > 1) check.fail(path, 'has rows of different length');
  for (const row of list(block.rows)) {
    count(row, 20, `${path}.rows`, check);
    for (const cell of list(row)) {
      if (record(cell).type !== 'raw_text') check.fail(path, `has a cell of type ${record(cell).type}`);
      check.string(record(cell).text, `${path} cell`, 10_000);
    }
  }
}

function checkElement(element: Json, path: string, check: Check): void {
  const id = element.action_id;
  check.string(id, `${path}.action_id`, 255);
  if (check.actionIds.has(String(id))) check.fail(path, `repeats action_id ${id}`);
  check.actionIds.add(String(id));
  if (element.confirm !== undefined) checkConfirm(record(element.confirm), `${path}.confirm`, check);
  switch (element.type) {
    case 'button':
      check.plainText(element.text, `${path}.text`, 75);
      if (element.value !== undefined) check.string(element.value, `${path}.value`, 2000);
      if (element.url !== undefined) webUrl(element.url, path, check);
      if (element.value === undefined && element.url === undefined) check.fail(path, 'does nothing');
      if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger') {
        check.fail(path, `has style ${element.style}`);
      }
      break;
    case 'overflow':
      options(element.options, 5, path, check);
      break;
    case 'static_select':
      options(element.options, 100, path, check);
      break;
    case 'plain_text_input':
      if (typeof element.max_length === 'number' && element.max_length > 3000)
        check.fail(path, 'has max_length over 3000');
      if (element.placeholder !== undefined) check.plainText(element.placeholder, `${path}.placeholder`, 150);
      break;
    case 'file_input':
      if (typeof element.max_files !== 'number' || element.max_files < 1 || element.max_files > 10) {
        check.fail(path, `has max_files ${element.max_files}`);
      }
      break;
    default:
      check.fail(path, `has type ${element.type}`);
  }
}

function checkConfirm(confirm: Json, path: string, check: Check): void {
  check.plainText(confirm.title, `${path}.title`, 100);
  textObject(confirm.text, `${path}.text`, 300, check);
  check.plainText(confirm.confirm, `${path}.confirm`, 30);
  check.plainText(confirm.deny, `${path}.deny`, 30);
}

function options(value: unknown, max: number, path: string, check: Check): void {
  count(value, max, `${path}.options`, check);
  for (const option of list(value)) {
    check.plainText(record(option).text, `${path} option`, 75);
    check.string(record(option).value, `${path} option value`, 150);
  }
}

function textObject(value: unknown, path: string, max: number, check: Check): void {
  const text = record(value);
  if (text.type !== 'plain_text' && text.type !== 'mrkdwn') check.fail(path, `has type ${text.type}`);
  check.string(text.text, `${path}.text`, max);
}

function webUrl(value: unknown, path: string, check: Check): void {
  check.string(value, `${path}.url`, 3000);
  if (!/^https?:\/\//.test(String(value))) check.fail(path, `leads to ${String(value).slice(0, 40)}`);
}

function count(value: unknown, max: number, path: string, check: Check): void {
  const length = list(value).length;
  if (length === 0) check.fail(path, 'are missing');
  if (length > max) check.fail(path, `are ${length}, more than ${max}`);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
