import type { LiveState } from './state.ts';

/**
 * Notes calls and agents (by identity) whose story must be read again. They belong together: the agents of a call,
 * and the calls an agent's odd transfers named.
 */
export function requestRefold(state: LiveState, what: { calls: string[]; agents: string[] }): void {
  const { pending } = state;
  const calls = [...what.calls];
  const agents = [...what.agents];
  for (;;) {
    const identity = agents.pop();
    if (identity !== undefined) {
      if (pending.agents.has(identity)) continue;
      pending.agents.add(identity);
      calls.push(...(state.agents.get(identity)?.orphans ?? []));
      continue;
    }
    const id = calls.pop();
    if (id === undefined) return;
    if (pending.calls.has(id)) continue;
    pending.calls.add(id);
    agents.push(...(state.calls.get(id)?.agents ?? []));
  }
}
