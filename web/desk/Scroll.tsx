import type { ReactNode, RefObject } from 'react';

interface ScrollProps {
  name: string;
  className: string | undefined;
  children: ReactNode;
  /** Too long or too wide for its place. */
  isLarge?: boolean;
  at?: RefObject<HTMLDivElement | null>;
  onScroll?(): void;
}

/** What scrolls by itself can be reached by keyboard, and says what it is. */
export function Scroll({ name, className, children, isLarge, at, onScroll }: ScrollProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table is no fieldset.
    <div
      ref={at}
      className={className}
      data-large={isLarge}
      onScroll={onScroll}
      role="group"
      aria-label={name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll what has the focus.
      tabIndex={0}
    >
      {children}
    </div>
  );
}
