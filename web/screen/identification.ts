/** Whether the screen says its name, for as long as it takes to walk past all of them. */
export interface Identification {
  isShown(): boolean;
  show(): void;
  subscribe(onChange: () => void): () => void;
}

const SHOWN_MS = 15_000;

export function createIdentification(): Identification {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const become = (next: typeof timer): void => {
    timer = next;
    for (const listener of listeners) listener();
  };
  return {
    isShown: () => timer !== null,
    show() {
      if (timer) clearTimeout(timer);
      become(setTimeout(() => become(null), SHOWN_MS));
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}
