import type { LogEvent } from '../contract/events.ts';
import { ofCall } from './byCall.ts';
import type { Agent } from './model.ts';
import { compareOrder, type OrderKey } from './order.ts';
import { requestRefold } from './pending.ts';
import type { LiveState } from './state.ts';
import { callOf } from './state.ts';

type Transfer = Extract<LogEvent, { kind: 'call.transferred' }>;

/**
 * A transfer whose call has no open visit belongs to its agent's only call in hand (old Asterisk logs the transfer
 * under another call id). Who it meant depends on the agent's whole story, so late events of his are refolded.
 */
export function adopt(state: LiveState, event: Transfer, agent: Agent | null): Transfer {
  if (agent === null) return event;
  if (ofCall(agent.facts.hand, event.callId)) return event;
  if (isLate(event, agent.facts.last) || isLate(event, state.calls.get(event.callId)?.last)) {
    // Whose transfer it was is decided by what agent and call were doing then, not by what they do now.
    requestRefold(state, { calls: [event.callId], agents: [agent.identity] });
    return event;
  }
  if (
    state.calls.get(event.callId)?.visits.some((visit) => visit.endedAt === null && visit.outcome !== 'lost')
  ) {
    return event;
  }
  agent.orphans.add(event.callId);
  const [only, ...others] = agent.facts.hand;
  return only === undefined || others.length > 0
    ? event
    : { ...event, callId: only.callId, queue: undefined };
}

/** Both calls depend on each other's events from now on, and the one that gave the event away has seen it too. */
export function noteAdoption(
  state: LiveState,
  event: LogEvent & { callId: string },
  adopterId: string,
  identity: string,
): void {
  const adopter = state.calls.get(adopterId);
  if (!adopter) return;
  adopter.adopted ??= new Map();
  adopter.adopted.set(event.sourceKey, identity);
  adopter.tangled = true;
  const giver = callOf(state, event.callId, event.source);
  giver.tangled = true;
  if (!isLate(event, giver.last)) giver.last = event;
}

function isLate(event: LogEvent, last: OrderKey | null | undefined): boolean {
  return last !== null && last !== undefined && compareOrder(event, last) < 0;
}
