/**
 * How many connections one address may hold, and how fast it may make them [S28]: as many at once as it may hold, and
 * all of them anew every `REFILL_MS`. An office behind one address has dozens of screens, which come back at once after a restart.
 */
export interface AddressCaps {
  /** True: counted in, until `leave`. False: that is too many, or too fast. */
  enter(address: string): boolean;
  leave(address: string): void;
}

interface Seen {
  open: number;
  attempts: number;
  at: number;
}

const REFILL_MS = 20_000;

export function createAddressCaps(options: { perAddress: number; now?: () => number }): AddressCaps {
  const { perAddress, now = () => performance.now() } = options;
  const seen = new Map<string, Seen>();
  let sweptAt = now();

  /** Who holds nothing and has not tried for a while is forgotten: at most what tries within a while is kept [L13]. */
  const sweep = (): void => {
    if (now() - sweptAt < REFILL_MS) return;
    sweptAt = now();
    for (const [address, { open, at }] of seen) {
      if (open === 0 && now() - at >= REFILL_MS) seen.delete(address);
    }
  };

  return {
    enter(address) {
      sweep();
      const of = seen.get(address) ?? { open: 0, attempts: 0, at: now() };
      seen.set(address, of);
      of.attempts = Math.max(0, of.attempts - ((now() - of.at) / REFILL_MS) * perAddress);
      of.at = now();
      // What is refused does not count, or one that tries for ever would be shut out for ever.
      if (of.open >= perAddress || of.attempts + 1 > perAddress) return false;
      of.attempts++;
      of.open++;
      return true;
    },
    leave(address) {
      const of = seen.get(address);
      if (of) of.open--;
    },
  };
}
