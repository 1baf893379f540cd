import { setImmediate as others } from 'node:timers/promises';

/** So long a round may keep the thread: whoever asks meanwhile waits for no more. */
const AT_ONCE_MS = 8;

/** Awaited in every turn of a long loop: lets whatever else waits for the thread have it, now and then. */
export function createBreath(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < AT_ONCE_MS) return undefined;
    return others().then(() => {
      since = performance.now();
    });
  };
}
