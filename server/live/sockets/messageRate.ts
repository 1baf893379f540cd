/** A client needs a handful of messages; this many at once, refilled at this rate, is patience [S27]. */
export const BURST = 50;
const MESSAGES_PER_SECOND = 10;

/** Counts a client's messages: false once it sends more than anybody needs to. */
export function createMessageRate(): () => boolean {
  let tokens = BURST;
  let tokensAt = performance.now();
  return () => {
    const at = performance.now();
    tokens = Math.min(BURST, tokens + ((at - tokensAt) / 1_000) * MESSAGES_PER_SECOND);
    tokensAt = at;
    tokens--;
    return tokens >= 0;
  };
}
