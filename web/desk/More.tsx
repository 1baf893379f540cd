import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import desk from './Desk.module.css';

interface MoreProps {
  /** Null where that was all. */
  more: (() => void) | null;
  isBusy: boolean;
  /** What can have the focus when this goes. */
  list: RefObject<HTMLElement | null>;
}

/** Asks for the next page of a list. With the last one it goes, and hands the focus to the list instead of losing it. */
export function More({ more, isBusy, list }: MoreProps) {
  const { t } = useTranslation();
  const wasPressed = useRef(false);
  const isLast = more === null;
  useEffect(() => {
    if (!isLast || !wasPressed.current) return;
    wasPressed.current = false;
    // Whoever has gone elsewhere meanwhile stays there.
    if (document.activeElement === document.body) list.current?.focus({ preventScroll: true });
  }, [isLast, list]);
  if (isLast) return null;
  const press = () => {
    wasPressed.current = true;
    if (!isBusy) more();
  };
  return (
    // A button that is disabled would lose the focus, too.
    <button type="button" className={desk.button} aria-disabled={isBusy} onClick={press}>
      {t('desk.calls.more')}
    </button>
  );
}
