import { useState } from 'react';

/** Which columns of a table are shown: as last chosen in this browser. */
export function useColumns(
  table: string,
  known: readonly string[],
  usual: readonly string[],
): [shown: readonly string[], choose: (shown: readonly string[] | null) => void] {
  const key = `callboard.columns.${table}`;
  const [chosen, setChosen] = useState(() => remembered(key, known));
  return [
    chosen ?? usual,
    (shown) => {
      setChosen(shown);
      try {
        if (shown === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(shown));
      } catch {
        // Storage is forbidden or full: it holds until the page is left.
      }
    },
  ];
}

/** Columns that are no longer known are left out; null where none is left, or nothing was chosen. */
function remembered(key: string, known: readonly string[]): readonly string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (!Array.isArray(kept)) return null;
    const shown = known.filter((column) => kept.includes(column));
    return shown.length > 0 ? shown : null;
  } catch {
    return null;
  }
}
