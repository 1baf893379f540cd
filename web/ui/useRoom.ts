import { type RefObject, useLayoutEffect, useState } from 'react';

/** How large an element is, in px, as it changes; null before it is laid out. */
export function useRoom(
  element: RefObject<HTMLElement | null>,
): { width: number; height: number; rem: number } | null {
  const [room, setRoom] = useState<{ width: number; height: number; rem: number } | null>(null);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const { clientWidth: width, clientHeight: height } = target;
      setRoom((last) =>
        last?.width === width && last.height === height && last.rem === rem ? last : { width, height, rem },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return room;
}
