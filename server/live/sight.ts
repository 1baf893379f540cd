import { assertNever } from '../../shared/assertNever.ts';
import type { AgentView, CallView } from '../../shared/contract/metrics.ts';
import { initialsOf } from '../../shared/initials.ts';
import { sectorOf } from '../../shared/live/sectors.ts';
import { sectorOfAgent, settingsOfAgent } from '../../shared/live/views.ts';
import type { Sight } from '../access/principal.ts';
import type { LiveView } from './engine.ts';
import { keyOf, type LiveKey, type LiveValue } from './keys.ts';
import type { PseudonymOf } from './pseudonyms.ts';

/**
 * What of live values a sight shows [S81]; the one place that decides, for sockets and requests alike. Pure in the
 * view. A queue belongs to its own sector, a call to its queue's, an agent to the agent's, as settings are now.
 *
 *   supervisor   what is of the sectors in sight; of an agent of theirs not what concerns other queues, of a call of
 *                theirs not an agent of others
 *   floor        no names: nicknames or initials, pseudonyms for ids, no callers
 *   visitor      nobody: no agents, neither alone nor in a call, no callers; how many there are is told
 *
 * Sources are shown to all: they say whether the numbers are stale [L9]. Sums over all queues are not projected but
 * measured for the sectors in sight.
 */
export interface Projection {
  /** Null where it is out of sight; the very same object where all of it is in sight. */
  show(told: LiveValue): LiveValue['value'] | null;
  agent(agent: AgentView): AgentView | null;
  call(call: CallView): CallView | null;
  seesAgent(agentId: string): boolean;
  /** What an agent's id appears as. */
  idOf(agentId: string): string;
  /** What a key appears as on the wire. */
  nameOf(key: LiveKey): string;
}

export function createProjection(
  { sectors, audience }: Sight,
  { state, settings }: Pick<LiveView, 'state' | 'settings'>,
  pseudonymOf: PseudonymOf,
): Projection {
  const seesSector = (sectorId: string): boolean => sectors === null || sectors.has(sectorId);
  const seesQueue = (queueId: string): boolean =>
    sectors === null || sectors.has(sectorOf(settings, queueId));
  const seesAgent = (agentId: string): boolean =>
    audience !== 'visitor' && seesSector(sectorOfAgent(state, settings, agentId));
  const idOf = (agentId: string): string => (audience === 'supervisor' ? agentId : pseudonymOf(agentId));

  /** Without what the agent does for queues out of sight. */
  const inQueues = (agent: AgentView): AgentView => {
    const { queueId } = agent;
    const isElsewhere = queueId === null || !seesQueue(queueId);
    return {
      ...agent,
      ...(isElsewhere && { callId: null, callSince: null, queueId: null }),
      queues: agent.queues.filter(seesQueue),
      pausedQueues: agent.pausedQueues.filter(seesQueue),
    };
  };

  const agent = (whole: AgentView): AgentView | null => {
    if (!seesAgent(whole.agentId)) return null;
    const seen = sectors === null ? whole : inQueues(whole);
    if (audience === 'supervisor') return seen;
    const nickname = settingsOfAgent(state, settings, whole.agentId)?.nickname;
    return { ...seen, agentId: idOf(whole.agentId), name: nickname ?? initialsOf(whole.name) };
  };

  const call = (whole: CallView): CallView | null => {
    if (!seesQueue(whole.queueId)) return null;
    const isSeen = whole.agentId === null || seesAgent(whole.agentId);
    if (isSeen && audience === 'supervisor') return whole;
    const agentId = whole.agentId !== null && isSeen ? idOf(whole.agentId) : null;
    return { ...whole, agentId, caller: audience === 'supervisor' ? whole.caller : null };
  };

  return {
    show(told) {
      switch (told.kind) {
        case 'tenant':
        case 'source':
        case 'trend':
          return told.value;
        case 'sector':
        case 'queue':
          return seesSector(told.value.sectorId) ? told.value : null;
        case 'agent':
          return agent(told.value);
        case 'call':
          return call(told.value);
        default:
          return assertNever(told);
      }
    },
    agent,
    call,
    seesAgent,
    idOf,
    nameOf: (key) => (key.kind === 'agent' ? keyOf('agent', null, idOf(key.id)).text : key.text),
  };
}
