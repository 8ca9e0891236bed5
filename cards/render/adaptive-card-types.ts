import { ADAPTIVE_CARD } from './adaptive-card-limits.ts';

/** The part of Adaptive Cards 1.5 that mailmedic draws. */

/** A run of a RichTextBlock. Teams parses no Markdown in it. */
export interface TextRun {
  type: 'TextRun';
  text: string;
  weight?: 'Bolder';
  size?: 'Small' | 'Medium';
  color?: 'Good' | 'Warning' | 'Attention' | 'Accent';
  isSubtle?: true;
  fontType?: 'Monospace';
  selectAction?: OpenUrl;
}

/** A link. */
export interface OpenUrl {
  type: 'Action.OpenUrl';
  title?: string;
  url: string;
  mode?: 'secondary';
}

/** Opens and closes a fold without a round trip. */
export interface ToggleVisibility {
  type: 'Action.ToggleVisibility';
  title: string;
  targetElements: string[];
}

/** What stands in the body. */
export type AdaptiveElement =
  | { type: 'RichTextBlock'; inlines: TextRun[]; spacing?: 'None' | 'Small' | 'Medium' }
  | {
      type: 'Container';
      items: AdaptiveElement[];
      id?: string;
      isVisible?: false;
      selectAction?: ToggleVisibility;
      style?: 'emphasis' | 'good' | 'warning' | 'attention' | 'accent';
      bleed?: true;
      spacing?: 'None' | 'Small' | 'Medium';
      separator?: boolean;
    }
  | { type: 'ColumnSet'; columns: AdaptiveColumn[]; spacing?: 'None' | 'Small' | 'Medium' }
  | {
      type: 'Table';
      columns: { width: number }[];
      rows: { type: 'TableRow'; cells: { type: 'TableCell'; items: AdaptiveElement[] }[] }[];
      firstRowAsHeaders: true;
      showGridLines: boolean;
      spacing?: 'Small';
    };

/** A column of a ColumnSet; a number is its share of the width. */
export interface AdaptiveColumn {
  type: 'Column';
  width: 'auto' | 'stretch' | number;
  items: AdaptiveElement[];
}

/** What a press brings back: the value of cards/action.ts under `mm`. */
export interface PressData {
  mm: object;
}

/** A button of the card. */
export type AdaptiveAction =
  | {
      type: 'Action.Execute';
      title: string;
      verb: string;
      data: PressData;
      mode?: 'secondary';
      /** For clients without Action.Execute: the same data as a message. */
      fallback: { type: 'Action.Submit'; title: string; data: PressData };
    }
  | OpenUrl
  | { type: 'Action.ShowCard'; title: string; card: object; mode?: 'secondary' };

/** The frame that every card for Teams has: version 1.5, as wide as the window. */
export function adaptiveFrame(body: object[], actions: object[]): object {
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: ADAPTIVE_CARD.version,
    msteams: { width: 'full' },
    body,
    ...(actions.length === 0 ? {} : { actions }),
  };
}
