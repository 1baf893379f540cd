import { useEffect, useRef, useState } from 'react';
import { addressOf, type View } from './view.ts';

/**
 * The threshold a slider is moved to, in seconds. While it moves it is the slider's own, and the address has it once it is let
 * go; but the address is read a moment after it is written, and a key pressed in that moment moves on from where the slider is.
 * So it stays the slider's own until the address says what nobody wrote here: another link, or the way back.
 */
export function useDragged(view: View): {
  dragged: number | null;
  drag(seconds: number): void;
  settle(): void;
} {
  const [dragged, setDragged] = useState<number | null>(null);
  const written = useRef<number | null>(null);
  useEffect(() => {
    if (view.within !== written.current) setDragged(null);
  }, [view.within]);
  return {
    dragged,
    drag: setDragged,
    settle() {
      if (dragged === null || dragged === view.within) return;
      written.current = dragged;
      location.replace(addressOf({ ...view, within: dragged }));
    },
  };
}
