import { useLayoutEffect, useState, useSyncExternalStore } from 'react';
import { Turns } from './turns.ts';

/** A value that is saved as a whole, as it is with the changes that are on their way (`Turns`); one more is made by `change`. */
export function useInTurn<T>(
  saved: T,
  save: (next: T) => Promise<void>,
): { shown: T; change(change: (now: T) => T): Promise<void> } {
  const [turns] = useState(() => new Turns(saved));
  const shown = useSyncExternalStore(turns.subscribe, turns.shown);
  useLayoutEffect(() => turns.told(saved), [turns, saved]);
  return { shown, change: (change) => turns.change(change, save) };
}
