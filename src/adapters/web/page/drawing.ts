/** Which platform the cards are drawn as. */
export type Drawing = 'slack' | 'teams';

const KEY = 'mailmedic.drawing';

/** The chosen drawing; remembered in this browser. */
export interface DrawingChoice {
  current(): Drawing;
  listen(listener: () => void): void;
}

/** Wires the switch in the header. */
export function createDrawingChoice(): DrawingChoice {
  const listeners: (() => void)[] = [];
  let current: Drawing = localStorage.getItem(KEY) === 'teams' ? 'teams' : 'slack';
  document.body.dataset.drawing = current;
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name="drawing"]')) {
    input.checked = input.value === current;
    input.addEventListener('change', () => {
      current = input.value === 'teams' ? 'teams' : 'slack';
      localStorage.setItem(KEY, current);
      document.body.dataset.drawing = current;
      for (const listener of listeners) listener();
    });
  }
  return { current: () => current, listen: (listener) => void listeners.push(listener) };
}
