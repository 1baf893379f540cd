/** How often something may be tried, by key (an account, an address), counted in fixed windows [S74]. */
export interface AttemptLimit {
  /** Seconds to wait before the next try, or null when there is room for it. */
  blockedFor(key: string): number | null;
  /** Counts a try. */
  count(key: string): void;
  /** Takes back a try that turned out to be rightful. */
  giveBack(key: string): void;
}

interface Window {
  tries: number;
  endsAt: number;
}

export function createAttemptLimit(options: {
  max: number;
  windowMs: number;
  /** Keys remembered; beyond, the oldest is forgotten, so that a spray over many keys takes no memory [L13]. */
  capacity?: number;
  now?: () => number;
}): AttemptLimit {
  const { max, windowMs, capacity = 20_000, now = Date.now } = options;
  const windows = new Map<string, Window>();

  const current = (key: string): Window | undefined => {
    const window = windows.get(key);
    if (window === undefined || now() < window.endsAt) return window;
    windows.delete(key);
    return undefined;
  };

  return {
    blockedFor(key) {
      const window = current(key);
      if (window === undefined || window.tries < max) return null;
      return Math.max(1, Math.ceil((window.endsAt - now()) / 1_000));
    },
    count(key) {
      const window = current(key);
      if (window) {
        window.tries++;
        return;
      }
      const [oldest] = windows.keys();
      if (windows.size >= capacity && oldest !== undefined) windows.delete(oldest);
      windows.set(key, { tries: 1, endsAt: now() + windowMs });
    },
    giveBack(key) {
      const window = current(key);
      if (window && --window.tries <= 0) windows.delete(key);
    },
  };
}
