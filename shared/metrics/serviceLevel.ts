import type { Definition } from '../contract/metrics.ts';
import type { LiveSettings } from '../contract/settings.ts';

/**
 * Counts of visits whose verdict has fallen [SL0], from which every definition of service level is computed. `lost`
 * and undecided visits are in none of them.
 */
export interface Verdicts {
  /** Answered with wait ≤ T. */
  met: number;
  /** Waited longer than T, whatever became of it or still waiting. */
  missed: number;
  answered: number;
  abandoned: number;
  /** Abandoned with wait ≤ T. */
  abandonedWithin: number;
  /** Short abandons, and those of them with wait ≤ T. */
  short: number;
  shortWithin: number;
  /** Callback requested with wait ≤ T. */
  callbackWithin: number;
  /** Left within T neither answered nor abandoned, callbacks included. */
  otherWithin: number;
  /** Timed out, no agents, key exit, callback requested, overflowed, withdrawn; whatever the wait. */
  flowOuts: number;
}

export function emptyVerdicts(): Verdicts {
  return {
    met: 0,
    missed: 0,
    answered: 0,
    abandoned: 0,
    abandonedWithin: 0,
    short: 0,
    shortWithin: 0,
    callbackWithin: 0,
    otherWithin: 0,
    flowOuts: 0,
  };
}

/** Totals add the verdicts of their queues, each under its own T [SL0]. */
export function addVerdicts(into: Verdicts, from: Verdicts): void {
  for (const key of Object.keys(into) as (keyof Verdicts)[]) into[key] += from[key];
}

/** Numerator and denominator of a definition [SL1]–[SL7]; the ratio is theirs, `null` when the denominator is 0 [T4]. */
export function serviceLevelParts(
  definition: Definition,
  v: Verdicts,
  genesys: LiveSettings['genesys'],
): { good: number; of: number } {
  const decided = v.met + v.missed + v.abandonedWithin + v.otherWithin;
  const longWithin = v.abandonedWithin - v.shortWithin;
  // [SL6] leaves short abandons out wherever they stand: within T, or beyond it where the limit exceeds T.
  const cisco = v.met + v.missed + v.abandonedWithin - v.short;
  switch (definition) {
    case 'standard':
      return { good: v.met, of: v.met + v.missed + longWithin };
    case 'strict':
      return { good: v.met, of: decided };
    case 'genesys': {
      const abandons = genesys.abandonsOut ? 0 : v.abandoned - (genesys.shortAbandonsIn ? 0 : v.short);
      return { good: v.met, of: v.answered + abandons + (genesys.flowOutsIn ? v.flowOuts : 0) };
    }
    case 'connect':
      return { good: v.met + v.abandonedWithin + v.callbackWithin, of: decided };
    case 'talkdesk':
      return { good: v.met, of: decided - v.short };
    case 'cisco_ignored':
      return { good: v.met, of: cisco - longWithin };
    case 'cisco_negative':
      return { good: v.met, of: cisco };
    case 'cisco_positive':
      return { good: v.met + longWithin, of: cisco };
    case 'asterisk':
      return { good: v.met, of: v.answered };
  }
}

/** `numerator / denominator`, or null where there is nothing to divide by [T4]. */
export function ratio(numerator: number, denominator: number): number | null {
  return denominator > 0 ? numerator / denominator : null;
}
