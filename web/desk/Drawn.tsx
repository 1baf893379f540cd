import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useEffect, useRef } from 'react';
import styles from './Desk.module.css';

/**
 * What is drawn when there is time. While it is behind what was chosen, its links would go on from the choice before and undo the
 * new one: the mouse does not reach them, and what is pressed by keys is pressed once they are the new ones.
 */
export function Drawn({ isBehind, children }: { isBehind: boolean; children: ReactNode }) {
  const pressed = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const element = pressed.current;
    if (isBehind || element === null) return;
    pressed.current = null;
    if (!element.isConnected) return;
    const enter = new window.KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
    if (element.dispatchEvent(enter)) element.click();
  }, [isBehind]);
  const later = (event: SyntheticEvent): void => {
    if (!isBehind) return;
    event.preventDefault();
    event.stopPropagation();
    pressed.current = event.target instanceof HTMLElement ? event.target : null;
  };
  return (
    <div
      className={styles.drawn}
      data-behind={isBehind}
      onClickCapture={later}
      onKeyDownCapture={(event: KeyboardEvent) => event.key === 'Enter' && later(event)}
    >
      {children}
    </div>
  );
}
