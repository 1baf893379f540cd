import { useCallback, useRef, useState } from 'react';

interface Opening {
  isOpen: boolean;
  open(): void;
  close(): void;
  /** Ref of the button that what is opened stands in place of. */
  opener(button: HTMLButtonElement | null): void;
  /** Ref of what is opened. */
  inside(panel: HTMLElement | null): void;
}

/**
 * Something that opens in the place of its button. The keyboard goes along, to what is chosen, else to the first field,
 * else to the last button, which takes nothing away; and back to the button when it closes. Otherwise it would be lost
 * at the top of the page.
 */
export function useOpening(): Opening {
  const [isOpen, setOpen] = useState(false);
  const wasOpen = useRef(false);
  const open = useCallback((): void => {
    wasOpen.current = true;
    setOpen(true);
  }, []);
  const close = useCallback(() => setOpen(false), []);
  const opener = useCallback((button: HTMLButtonElement | null): void => {
    if (button === null || !wasOpen.current) return;
    wasOpen.current = false;
    button.focus();
  }, []);
  const inside = useCallback((panel: HTMLElement | null): void => {
    const first =
      panel?.querySelector<HTMLElement>('input:checked') ??
      panel?.querySelector<HTMLElement>('input, button:last-of-type');
    first?.focus();
  }, []);
  return { isOpen, open, close, opener, inside };
}
