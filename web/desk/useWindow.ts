import { type RefObject, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';

/** Fewer rows than this are all there: a browser draws them faster than we count. */
const ALL_BELOW = 150;
/** Rows beyond what is seen, so that none is missing while a wheel turns; whoever jumps farther needs all rows anew, and each costs. */
const SPARE = 6;

let isPrinting = false;

function subscribeToPrint(onChange: () => void): () => void {
  const begin = (): void => {
    isPrinting = true;
    onChange();
  };
  const end = (): void => {
    isPrinting = false;
    onChange();
  };
  addEventListener('beforeprint', begin);
  addEventListener('afterprint', end);
  return () => {
    removeEventListener('beforeprint', begin);
    removeEventListener('afterprint', end);
  };
}

interface Window {
  from: number;
  to: number;
  /** Height of the rows that are not there, in px. */
  above: number;
  below: number;
  /** Not all of them are there. */
  isCut: boolean;
  /** Of what scrolls. */
  ref: RefObject<HTMLDivElement | null>;
  onScroll(): void;
}

/** Which of many rows of one height are drawn: those in sight of what scrolls, and on paper all. */
export function useWindow(count: number): Window {
  const ref = useRef<HTMLDivElement>(null);
  const printing = useSyncExternalStore(subscribeToPrint, () => isPrinting);
  const [place, setPlace] = useState({ from: 0, to: ALL_BELOW, rowPx: 36 });
  const hadFocus = useRef(false);
  const isWhole = printing || count <= ALL_BELOW;
  const measure = (): void => {
    const box = ref.current;
    if (box === null || isWhole) return;
    const rowPx = box.querySelector<HTMLElement>('tbody tr[data-row]')?.offsetHeight || 36;
    hadFocus.current = box.contains(document.activeElement);
    const from = Math.max(0, Math.floor(box.scrollTop / rowPx) - SPARE);
    const to = Math.ceil((box.scrollTop + box.clientHeight) / rowPx) + SPARE;
    setPlace((last) =>
      last.from === from && last.to === to && last.rowPx === rowPx ? last : { from, to, rowPx },
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: how many rows there are moves what is in sight.
  useLayoutEffect(measure, [count, isWhole]);
  // A row that goes out of sight takes the focus it has with it: whoever goes on by keyboard does so from here, not from the page's top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows come and go with `place`.
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body)
      ref.current?.focus({ preventScroll: true });
    hadFocus.current = false;
  }, [place]);
  if (isWhole) return { from: 0, to: count, above: 0, below: 0, isCut: false, ref, onScroll: measure };
  const from = Math.min(place.from, Math.max(0, count - 1));
  const to = Math.min(place.to, count);
  return {
    from,
    to,
    above: from * place.rowPx,
    below: (count - to) * place.rowPx,
    isCut: true,
    ref,
    onScroll: measure,
  };
}
