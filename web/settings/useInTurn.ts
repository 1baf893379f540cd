import { useRef } from 'react';

/**
 * Changes of a value that is only saved as a whole, like a list. Each starts from the one before it, though that is still on its
 * way, or of two made quickly the first would be lost; and they are sent one after the other, so that the last is what stays.
 */
export function useInTurn<T>(
  saved: T,
  save: (next: T) => Promise<void>,
): (change: (now: T) => T) => Promise<void> {
  const chosen = useRef<{ value: T } | null>(null);
  const sending = useRef<Promise<void>>(Promise.resolve());
  return (change) => {
    const mine = { value: change(chosen.current === null ? saved : chosen.current.value) };
    chosen.current = mine;
    const sent = sending.current
      .then(() => save(mine.value))
      .finally(() => {
        if (chosen.current === mine) chosen.current = null;
      });
    sending.current = sent.catch(() => {});
    return sent;
  };
}
