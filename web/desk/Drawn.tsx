import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef } from 'react';
import styles from './Desk.module.css';

interface Press {
  element: HTMLElement;
  /** A link opens beside the page with one of them, and in its place without. */
  keys: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean; altKey: boolean };
}

/**
 * What is drawn when there is time. While it is behind what was chosen, its links would go on from the choice before and undo the
 * new one: the mouse does not reach them, and what is pressed by keys is pressed once they are the new ones. What is no longer on
 * the page by then (a row there is no more, a chart drawn anew) is not: what stands there now may be of something else.
 */
export function Drawn({ isBehind, children }: { isBehind: boolean; children: ReactNode }) {
  const pressed = useRef<Press | null>(null);
  useEffect(() => {
    if (isBehind || pressed.current === null) return;
    const { element, keys } = pressed.current;
    pressed.current = null;
    if (!element.isConnected) return;
    const press = { ...keys, bubbles: true, cancelable: true };
    if (element.dispatchEvent(new window.KeyboardEvent('keydown', { ...press, key: 'Enter' })))
      element.dispatchEvent(new window.MouseEvent('click', press));
  }, [isBehind]);
  const later = (event: MouseEvent | KeyboardEvent): void => {
    if (!isBehind) return;
    event.preventDefault();
    event.stopPropagation();
    const { target, ctrlKey, metaKey, shiftKey, altKey } = event;
    const keys = { ctrlKey, metaKey, shiftKey, altKey };
    pressed.current = target instanceof HTMLElement ? { element: target, keys } : null;
  };
  return (
    <div
      className={styles.drawn}
      data-behind={isBehind}
      onClickCapture={later}
      onKeyDownCapture={(event) => event.key === 'Enter' && later(event)}
    >
      {children}
    </div>
  );
}
