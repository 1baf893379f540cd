import type { EventBody } from './named.ts';

const TOLERANCE_MS = 2_000;
/** Waiting calls remembered at once [L13]; the oldest is forgotten first. */
const KEPT = 50_000;

/**
 * Warns where a reported wait and the instants differ by more than two seconds [T3]: the reported one counts, and
 * somebody should look at the clock. Wrong to warn about a call whose entry we never saw, so those are skipped.
 */
export function createWaitCheck(): (body: EventBody, at: number) => string | null {
  const enteredAt = new Map<string, number>();

  return (body, at) => {
    if (body.kind === 'call.queued') {
      const key = `${body.queue}\n${body.callId}`;
      enteredAt.delete(key);
      enteredAt.set(key, at);
      const oldest = enteredAt.size > KEPT ? enteredAt.keys().next().value : undefined;
      if (oldest !== undefined) enteredAt.delete(oldest);
      return null;
    }
    if (body.kind !== 'call.answered' && body.kind !== 'call.left') return null;
    const key = `${body.queue}\n${body.callId}`;
    const entered = enteredAt.get(key);
    enteredAt.delete(key);
    if (entered === undefined || body.waitMs === undefined) return null;
    const passed = at - entered;
    if (Math.abs(passed - body.waitMs) <= TOLERANCE_MS) return null;
    return `call ${body.callId} reports a wait of ${body.waitMs / 1_000} s, its instants say ${passed / 1_000} s`;
  };
}
