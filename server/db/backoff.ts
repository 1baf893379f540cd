/**
 * How long to wait before trying again after `failures` failures in a row: doubling, capped, and jittered over its
 * upper half, so that a thousand waiters of one outage do not return in the same millisecond.
 */
export function backoffMs(failures: number, firstMs: number, limitMs: number): number {
  const full = Math.min(limitMs, firstMs * 2 ** Math.min(failures, 30));
  return full * (0.5 + Math.random() / 2);
}
