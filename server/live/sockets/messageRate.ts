/** A client needs a handful of messages; this many at once, refilled at this rate, is patience [S27]. */
export const BURST = 50;
const MESSAGES_PER_SECOND = 10;

/** Answers, message by message, whether that was still one that somebody needs to send. */
export function createMessageRate(): () => boolean {
  let left = BURST;
  let filledAt = performance.now();
  return () => {
    const at = performance.now();
    left = Math.min(BURST, left + ((at - filledAt) / 1_000) * MESSAGES_PER_SECOND);
    filledAt = at;
    left--;
    return left >= 0;
  };
}
