import type { KeyboardEvent } from 'react';

/**
 * A table is a stop a row: from its name arrow keys lead along its figures, and up and down. Hundreds of figures would
 * keep whoever uses Tab from what comes after.
 */
export function moveAmongFigures(event: KeyboardEvent<HTMLTableElement>): void {
  const { key, currentTarget, target } = event;
  const by = STEPS[key];
  const cell = target instanceof HTMLElement ? target.closest<HTMLTableCellElement>('td, th') : null;
  if (by === undefined || cell === null || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = cell.closest('tr');
  if (row === null || row.closest('thead')) return;
  const isReversed = getComputedStyle(currentTarget).direction === 'rtl';
  const rows = [...currentTarget.querySelectorAll<HTMLTableRowElement>('tbody tr[data-row], tfoot tr')];
  const along = isReversed ? -by.along : by.along;
  let link: HTMLAnchorElement | null = null;
  // Over what cannot be pressed.
  for (let step = 1; link === null; step++) {
    const next = rows[rows.indexOf(row) + by.down * step]?.cells[cell.cellIndex + along * step];
    if (next === undefined) return;
    link = next.querySelector('a');
  }
  event.preventDefault();
  link.focus();
}

const STEPS: Readonly<Record<string, { along: number; down: number }>> = {
  ArrowLeft: { along: -1, down: 0 },
  ArrowRight: { along: 1, down: 0 },
  ArrowUp: { along: 0, down: -1 },
  ArrowDown: { along: 0, down: 1 },
};
