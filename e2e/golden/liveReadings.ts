import { DateTime } from 'luxon';
import {
  type AgentSums,
  addQueue,
  addServiceLevel,
  emptyQueueSums,
  type QueueSums,
  type Reader,
  type Readings,
} from '../../server/golden/readings.ts';
import type { RunningSum } from '../../shared/contract/metrics.ts';
import type { Api } from '../testing/api.ts';

/**
 * Where the figures' installations live. A visit belongs to the day it entered [T2], so a day can only be read at its
 * end when no call spans midnight: in UTC one of the 2018 log does, in New York none of any log.
 */
export const TIME_ZONE = 'America/New_York';

/** A log ends with callers still waiting; after two more hours they would be ghosts and leave every ratio [V10]. */
const SOON_AFTER_MS = 3_600_000;

/** What the wall showed, day by day: `today` as of the end of each. */
export function readingsOfLive(api: Api): Readings {
  return {
    loses: false,
    days: (firstMs, lastMs) => readerAt(api, dayEnds(firstMs, lastMs)),
    // What today counted by the hour's end, less by its start.
    hour(startMs) {
      const [before, after] = [startMs, startMs + SOON_AFTER_MS].map((at) =>
        readerAt(api, [new Date(at - 1).toISOString()]),
      );
      if (!before || !after) throw new Error('unreachable');
      const grown = async <T extends object>(read: (reader: Reader) => Promise<T>) => {
        const [from, to] = [await read(before), await read(after)];
        return Object.fromEntries(
          Object.entries(to).map(([name, value]) => [name, value - Number(Reflect.get(from, name))]),
        ) as T; // Of the same names, all of them numbers.
      };
      return {
        queue: (id) => grown((reader) => reader.queue(id)),
        agent: (id) => grown((reader) => reader.agent(id)),
        serviceLevel: (...question) => grown((reader) => reader.serviceLevel(...question)),
      };
    },
  };
}

/** The last instant of every local day from the first event to the last, the last day only until soon after it. */
function dayEnds(firstMs: number, lastMs: number): string[] {
  const ends: string[] = [];
  const until = lastMs + SOON_AFTER_MS;
  let day = DateTime.fromMillis(firstMs, { zone: TIME_ZONE }).startOf('day');
  while (day.toMillis() <= lastMs) {
    ends.push(new Date(Math.min(day.endOf('day').toMillis(), until)).toISOString());
    day = day.plus({ days: 1 });
  }
  return ends;
}

/** Sums over whole days: a file's figure is the sum of its days, a ratio the ratio of the sums [T5]. */
function readerAt(api: Api, ends: readonly string[]): Reader {
  return {
    async queue(queueId) {
      const sums: QueueSums = emptyQueueSums();
      for (const asOf of ends) {
        const { queues } = await api.live({ window: 'today', asOf });
        const queue = queues.find((candidate) => candidate.queueId === queueId);
        if (queue) addQueue(sums, queue);
      }
      return sums;
    },
    async serviceLevel(queueId, definition, seconds) {
      const sums = { met: 0, decided: 0, shortAbandoned: 0 };
      for (const asOf of ends) {
        const query = { window: 'today', asOf, definition, threshold: seconds, shortAbandon: seconds };
        const { queues } = await api.live(query);
        const queue = queues.find((candidate) => candidate.queueId === queueId);
        if (queue) addServiceLevel(sums, queue, definition, 0);
      }
      return sums;
    },
    async agent(agentId) {
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
    },
  };
}

/** A sum that is still growing goes out as what it was and since when it grows [L6]. */
function sumAt({ ms, runningSince }: RunningSum, asOf: string): number {
  return ms + (runningSince === null ? 0 : Date.parse(asOf) - Date.parse(runningSince));
}
