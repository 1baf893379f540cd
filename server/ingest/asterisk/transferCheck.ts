import type { EventBody } from './named.ts';

/** Calls in conversation, and agents, remembered at once [L13]; the oldest call is forgotten first. */
const KEPT = 50_000;

/**
 * Warns of a transfer nobody can place: some systems log it under another call id, and then it belongs to the one
 * call the agent is on. With none, or several, live state cannot know which talk has ended. Agents not yet seen
 * answering are left out: the log began in the middle of their call.
 */
export function createTransferCheck(): (body: EventBody) => string | null {
  const agentOf = new Map<string, string>();
  const callsOf = new Map<string, Set<string>>();

  function end(callId: string): boolean {
    const agent = agentOf.get(callId);
    if (agent === undefined) return false;
    agentOf.delete(callId);
    callsOf.get(agent)?.delete(callId);
    return true;
  }

  return (body) => {
    if (body.kind === 'call.answered' && body.agent !== undefined) {
      if (callsOf.size > KEPT) {
        // More agents than any centre has: a garbage file.
        callsOf.clear();
        agentOf.clear();
      }
      end(body.callId);
      agentOf.set(body.callId, body.agent);
      const calls = callsOf.get(body.agent) ?? new Set();
      callsOf.set(body.agent, calls.add(body.callId));
      const oldest = agentOf.size > KEPT ? agentOf.keys().next().value : undefined;
      if (oldest !== undefined) end(oldest);
    } else if (body.kind === 'call.ended') {
      end(body.callId);
    } else if (body.kind === 'call.transferred' && !end(body.callId) && body.agent !== undefined) {
      const calls = callsOf.get(body.agent);
      const [only, ...others] = calls ?? [];
      if (only !== undefined && others.length === 0) end(only);
      else if (calls !== undefined) {
        return `transfer of call ${body.callId}: agent ${body.agent} is on ${others.length === 0 ? 'no call' : 'several calls'}, none of them this one`;
      }
    }
    return null;
  };
}
