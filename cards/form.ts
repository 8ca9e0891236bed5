/** A form in neutral words; the adapter draws it. */
export interface Form {
  /** Command the form belongs to; comes back with the submission. */
  command: string;
  title: string;
  submit: string;
  intro?: string;
  fields: FormField[];
}

export type FormField =
  | {
      type: 'text';
      id: string;
      label: string;
      hint?: string;
      multiline?: boolean;
      optional?: boolean;
      placeholder?: string;
      maxLength?: number;
    }
  | {
      type: 'choice';
      id: string;
      label: string;
      options: { value: string; label: string }[];
      optional?: boolean;
      initial?: string;
    }
  | { type: 'file'; id: string; label: string; maxFiles: number; optional?: boolean };
