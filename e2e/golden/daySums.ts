import type { Definition } from '../../shared/contract/metrics.ts';
import type { Api } from '../testing/api.ts';

const DAY_MS = 86_400_000;

/** The last instant of every UTC day from the first event to the last. */
export function dayEnds(firstMs: number, lastMs: number): string[] {
  const ends: string[] = [];
  for (let start = Math.floor(firstMs / DAY_MS) * DAY_MS; start <= lastMs; start += DAY_MS) {
    ends.push(new Date(start + DAY_MS - 1).toISOString());
  }
  return ends;
}

export interface QueueSums {
  received: number;
  refused: number;
  offered: number;
  answered: number;
  handled: number;
  abandoned: number;
  timedOut: number;
  unresolved: number;
  waitOfAnsweredMs: number;
  waitOfAbandonedMs: number;
  talkMs: number;
  maxAnsweredWaitMs: number;
}

/** Sums over whole days: a file's figure is the sum of its days, a ratio the ratio of the sums [T5]. */
export async function queueSums(api: Api, queueId: string, ends: string[]): Promise<QueueSums> {
  const sums: QueueSums = {
    received: 0,
    refused: 0,
    offered: 0,
    answered: 0,
    handled: 0,
    abandoned: 0,
    timedOut: 0,
    unresolved: 0,
    waitOfAnsweredMs: 0,
    waitOfAbandonedMs: 0,
    talkMs: 0,
    maxAnsweredWaitMs: 0,
  };
  for (const asOf of ends) {
    const { queues } = await api.live({ window: 'today', asOf });
    const queue = queues.find((candidate) => candidate.queueId === queueId);
    if (!queue) continue;
    sums.received += queue.received;
    sums.refused += queue.refused;
    sums.offered += queue.offered;
    sums.answered += queue.answered;
    sums.handled += queue.handled;
    sums.abandoned += queue.abandoned;
    sums.timedOut += queue.timedOut;
    sums.unresolved += queue.open + queue.lost;
    sums.waitOfAnsweredMs += (queue.asaMs ?? 0) * queue.answered;
    sums.waitOfAbandonedMs += (queue.averageAbandonMs ?? 0) * queue.abandoned;
    sums.talkMs += (queue.averageTalkMs ?? 0) * queue.handled;
    sums.maxAnsweredWaitMs = Math.max(sums.maxAnsweredWaitMs, queue.maxAnsweredWaitMs ?? 0);
  }
  return sums;
}

export interface ServiceLevelSums {
  met: number;
  shortAbandoned: number;
  ratio: number;
}

/** Service level over several days, from each day's ratio and the denominator its definition names [SL0]. */
export async function serviceLevel(
  api: Api,
  queueId: string,
  ends: string[],
  definition: Extract<Definition, 'strict' | 'talkdesk' | 'asterisk'>,
  seconds: number,
): Promise<ServiceLevelSums> {
  let met = 0;
  let decided = 0;
  let shortAbandoned = 0;
  for (const asOf of ends) {
    const query = { window: 'today', asOf, definition, threshold: seconds, shortAbandon: seconds };
    const queue = (await api.live(query)).queues.find((candidate) => candidate.queueId === queueId);
    if (!queue) continue;
    const denominator = {
      strict: queue.offered,
      talkdesk: queue.offered - queue.shortAbandoned,
      asterisk: queue.answered,
    }[definition];
    met += (queue.serviceLevel ?? 0) * denominator;
    decided += denominator;
    shortAbandoned += queue.shortAbandoned;
  }
  return { met, shortAbandoned, ratio: met / decided };
}

export interface AgentSums {
  answered: number;
  talkMs: number;
  missedRings: number;
  signedInMs: number;
  pausedMs: number;
}

export async function agentSums(api: Api, agentId: string, ends: string[]): Promise<AgentSums> {
  const sums: AgentSums = { answered: 0, talkMs: 0, missedRings: 0, signedInMs: 0, pausedMs: 0 };
  for (const asOf of ends) {
    const agent = (await api.agents({ asOf })).find((candidate) => candidate.agentId === agentId);
    if (!agent) continue;
    sums.answered += agent.answered;
    // No scenario has hold or wrap-up, so handle time is talk: the visits' durations as the source reported them [T3].
    sums.talkMs += (agent.ahtMs ?? 0) * agent.handled;
    sums.missedRings += agent.missedRings;
    sums.signedInMs += agent.signedIn.ms;
    sums.pausedMs += agent.paused.ms;
  }
  return sums;
}
