import type { Form } from '../../../cards/form.ts';
import type { Place } from '../../chat/port.ts';

/** A form on somebody's screen. */
export interface OpenForm {
  form: Form;
  place: Place;
}

/** Forms that were opened and not sent yet. Each can be sent once. */
export interface OpenForms {
  add(id: string, open: OpenForm): void;
  get(id: string): OpenForm | undefined;
  close(id: string): void;
}

/** Keeps the last `capacity` forms. */
export function createOpenForms(capacity = 50): OpenForms {
  const kept = new Map<string, OpenForm>();
  return {
    add(id, open) {
      kept.set(id, open);
      for (const oldest of kept.keys()) {
        if (kept.size <= capacity) break;
        kept.delete(oldest);
      }
    },
    get: (id) => kept.get(id),
    close: (id) => void kept.delete(id),
  };
}

/** What is missing or wrong in the values of a form, in words for the person; undefined when it can be used. */
export function formComplaint(form: Form, values: Record<string, string>, fileCount: number): string | undefined {
  const known = new Set(form.fields.map((field) => field.id));
  const stranger = Object.keys(values).find((key) => !known.has(key));
  if (stranger !== undefined) return `The form has no field "${stranger}". Open it again.`;
  for (const field of form.fields) {
    const value = values[field.id] ?? '';
    const empty = field.type === 'file' ? fileCount === 0 : value.trim() === '';
    if (empty && field.optional !== true) return `${field.label} is missing. Fill it in.`;
    if (field.type === 'choice' && !empty && !field.options.some((option) => option.value === value)) {
      return `${field.label} cannot be that. Choose from the list.`;
    }
    if (field.type === 'text' && field.maxLength !== undefined && value.length > field.maxLength) {
      return `${field.label} is longer than ${field.maxLength} characters. Shorten it.`;
    }
  }
  return undefined;
}
