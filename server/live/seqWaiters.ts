/** Those who wait until a log position is in the numbers. */
export interface SeqWaiters {
  /** Resolves with true once `seq` is reached, with false after `limitMs` or when it all ends. */
  wait(seq: number, limitMs: number): Promise<boolean>;
  reached(seq: number): void;
  giveUp(): void;
}

export function createSeqWaiters(): SeqWaiters {
  const waiters = new Set<{ seq: number; done: (reached: boolean) => void }>();
  return {
    wait: (seq, limitMs) =>
      new Promise((resolve) => {
        const waiter = {
          seq,
          done(reached: boolean) {
            clearTimeout(timer);
            waiters.delete(waiter);
            resolve(reached);
          },
        };
        const timer = setTimeout(() => waiter.done(false), limitMs);
        waiters.add(waiter);
      }),
    reached(seq) {
      for (const waiter of waiters) if (waiter.seq <= seq) waiter.done(true);
    },
    giveUp() {
      for (const waiter of waiters) waiter.done(false);
    },
  };
}
