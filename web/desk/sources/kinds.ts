import type { HealthKind } from '../../../shared/contract/importerHealth.ts';

/**
 * What is counted of a source, in the order it is shown: what was told, what it lacks (`grave`: figures of that day are
 * short of something), what was concluded or put right (`odd`), and what costs no figure anything (`plain`). Of `events` or
 * `visits` it is a share; null: of nothing, a few are many. Every kind there is: one left out is a type error.
 */
export const KINDS: Record<
  HealthKind,
  { weight: 'told' | 'grave' | 'odd' | 'plain'; of: 'events' | 'visits' | null }
> = {
  events: { weight: 'told', of: null },
  visits: { weight: 'told', of: null },
  gap: { weight: 'grave', of: null },
  rejection: { weight: 'grave', of: 'events' },
  lost: { weight: 'grave', of: 'visits' },
  ghost: { weight: 'odd', of: 'visits' },
  silent_talk: { weight: 'odd', of: 'visits' },
  clock_ahead: { weight: 'odd', of: 'events' },
  clock_behind: { weight: 'odd', of: 'events' },
  wait_mismatch: { weight: 'odd', of: 'visits' },
  warning: { weight: 'odd', of: 'events' },
  inferred_visit: { weight: 'odd', of: 'visits' },
  inferred_agent: { weight: 'odd', of: null },
  restart: { weight: 'plain', of: null },
  duplicate: { weight: 'plain', of: null },
  note: { weight: 'plain', of: null },
};

export const KIND_NAMES = Object.keys(KINDS) as HealthKind[];

/** Those whose example is the id of a call. */
export const OF_CALLS: readonly HealthKind[] = [
  'ghost',
  'silent_talk',
  'lost',
  'wait_mismatch',
  'inferred_visit',
];
