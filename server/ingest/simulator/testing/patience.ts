import type { Told } from './days.ts';

/** Those for whom nobody was idle when they came, and how long it was until they rang somebody or were gone. */
export const queued = (days: readonly Told[]): { waitMs: number; isGone: boolean }[] =>
  days.flatMap(({ visits }) =>
    visits
      .filter(({ origin, enteredAt, rangAt }) => origin === 'inbound' && rangAt !== enteredAt + 1)
      .map(({ outcome, rangAt, enteredAt, waitMs }) =>
        rangAt === null
          ? { waitMs, isGone: outcome === 'abandoned' }
          : { waitMs: rangAt - enteredAt, isGone: false },
      ),
  );

/** Kaplan–Meier: the share that would still wait after so long if nobody were ever answered; the hasty left out. */
export const patienceAt =
  (seconds: number) =>
  (days: readonly Told[]): number => {
    const waits = queued(days)
      .filter(({ waitMs }) => waitMs > 5_500)
      .sort((a, b) => a.waitMs - b.waitMs);
    let staying = 1;
    waits.forEach(({ waitMs, isGone }, place) => {
      if (isGone && waitMs <= seconds * 1_000) staying *= 1 - 1 / (waits.length - place);
    });
    return staying;
  };
