import { el } from '../dom.ts';

/** Takes files dropped anywhere on `area`; while one hangs over it, a curtain says so. */
export function takeDrops(area: HTMLElement, take: (files: FileList) => void): void {
  const curtain = el('div', { class: 'drop-curtain', text: 'Drop the file to attach it', attrs: { hidden: true } });
  area.append(curtain);
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  area.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    curtain.hidden = false;
  });
  area.addEventListener('dragleave', (event) => {
    if (!(event.relatedTarget instanceof Node && area.contains(event.relatedTarget))) curtain.hidden = true;
  });
  area.addEventListener('drop', (event) => {
    curtain.hidden = true;
    if (!holdsFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  // A file dropped beside the channel must not replace the page.
  for (const type of ['dragover', 'drop'] as const) window.addEventListener(type, (event) => event.preventDefault());
}
