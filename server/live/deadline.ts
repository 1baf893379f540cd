import { setTimeout as pause } from 'node:timers/promises';

/** The result of `work`, or an error after `limitMs`: a half-open connection never answers by itself [L4]. */
export async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const timer = new AbortController();
  const late = pause(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer for ${limitMs} ms`);
  });
  late.catch(() => {}); // Aborted below once the work is done.
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
