import type { AgentState } from '../../shared/contract/metrics.ts';
import type { Shape } from '../ui/Mark.tsx';

/** One shape and one colour a state, the same on every tile. */
export const AGENT_LOOKS: Record<AgentState, { shape: Shape; color: string }> = {
  available: { shape: 'ring', color: 'var(--series-2)' },
  talking: { shape: 'disc', color: 'var(--series-1)' },
  hold: { shape: 'half', color: 'var(--series-1)' },
  ringing: { shape: 'diamond', color: 'var(--series-3)' },
  wrap_up: { shape: 'square', color: 'var(--series-4)' },
  paused: { shape: 'bars', color: 'var(--series-5)' },
  offline: { shape: 'dash', color: 'var(--ink-3)' },
};
