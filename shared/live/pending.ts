import type { LiveState } from './state.ts';

/** Notes calls and agents (by identity) whose story must be read again; the agents of a call belong to it. */
export function requestRefold(state: LiveState, what: { calls: string[]; agents: string[] }): void {
  for (const id of what.calls) {
    state.pending.calls.add(id);
    for (const identity of state.calls.get(id)?.agents ?? []) state.pending.agents.add(identity);
  }
  for (const identity of what.agents) state.pending.agents.add(identity);
}
