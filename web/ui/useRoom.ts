import { type RefCallback, useCallback, useState } from 'react';

interface Room {
  width: number;
  height: number;
  rem: number;
}

/** How large an element is, in px, as it changes; null while it is not there. Give the callback as its `ref`. */
export function useRoom(): [RefCallback<HTMLElement>, Room | null] {
  const [room, setRoom] = useState<Room | null>(null);
  // A callback, not an effect: tiles show their skeleton first, and the element comes later.
  const attach = useCallback((element: HTMLElement | null) => {
    if (element === null) return;
    const measure = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const { clientWidth: width, clientHeight: height } = element;
      setRoom((last) =>
        last?.width === width && last.height === height && last.rem === rem ? last : { width, height, rem },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [attach, room];
}
