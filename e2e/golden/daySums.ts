import { DateTime } from 'luxon';
import type { Definition, RunningSum } from '../../shared/contract/metrics.ts';
import type { Api } from '../testing/api.ts';

/**
 * Where the figures' installations live. A visit belongs to the day it entered [T2], so a day can only be read at its
 * end when no call spans midnight: in UTC one of the 2018 log does, in New York none of any log.
 */
export const TIME_ZONE = 'America/New_York';

/** A log ends with callers still waiting; after two more hours they would be ghosts and leave every ratio [V10]. */
const SOON_AFTER_MS = 3_600_000;

/** The last instant of every local day from the first event to the last, the last day only until soon after it. */
export function dayEnds(firstMs: number, lastMs: number): string[] {
  const ends: string[] = [];
  const until = lastMs + SOON_AFTER_MS;
  let day = DateTime.fromMillis(firstMs, { zone: TIME_ZONE }).startOf('day');
  while (day.toMillis() <= lastMs) {
    ends.push(new Date(Math.min(day.endOf('day').toMillis(), until)).toISOString());
    day = day.plus({ days: 1 });
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
    sums.signedInMs += sumAt(agent.signedIn, asOf);
    sums.pausedMs += sumAt(agent.paused, asOf);
  }
  return sums;
}

/** A sum that is still growing goes out as what it was and since when it grows [L6]. */
function sumAt({ ms, runningSince }: RunningSum, asOf: string): number {
  return ms + (runningSince === null ? 0 : Date.parse(asOf) - Date.parse(runningSince));
}
