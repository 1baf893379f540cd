import { type RefObject, useEffect, useRef } from 'react';

/**
 * For a page's title: as the page becomes that of another `state`, what was pressed for it is gone, and the keyboard goes on from
 * the title, not from above the page. Whoever is on something that stays, or has only just come here, is left where they are.
 */
export function useTitleOf(state: string): RefObject<HTMLHeadingElement | null> {
  const title = useRef<HTMLHeadingElement>(null);
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    if (document.activeElement === null || document.activeElement === document.body) title.current?.focus();
  }, [state]);
  return title;
}
