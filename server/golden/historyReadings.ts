import { DateTime } from 'luxon';
import type { z } from 'zod';
import {
  type AgentRow,
  agentAnswer,
  agentsAnswer,
  bucketRow,
  type PerformanceMetrics,
  summaryAnswer,
  trendsAnswer,
} from '../../shared/contract/analytics.ts';
import { addQueue, addServiceLevel, emptyQueueSums, type Reader, type Readings } from './readings.ts';

/** What history answers, over HTTP; `get` asks an address below /api/v1/analytics/performance. */
export function readingsOfHistory(get: (address: string) => Promise<unknown>, timeZone: string): Readings {
  const ask = async <T extends z.ZodType>(address: string, schema: T) => schema.parse(await get(address));
  const dateOf = (ms: number) => DateTime.fromMillis(ms, { zone: timeZone }).toISODate() ?? '';
  const rangeOf = (firstMs: number, lastMs: number) =>
    `startDate=${dateOf(firstMs)}&endDate=${dateOf(lastMs)}`;

  /** A queue's sums by how its metrics are asked for, with parameters. */
  const queueReader = (
    metricsOf: (parameters: string) => Promise<PerformanceMetrics>,
  ): Omit<Reader, 'agent'> => ({
    async queue(queueId) {
      const sums = emptyQueueSums();
      addQueue(sums, await metricsOf(`queue=${queueId}`));
      return sums;
    },
    async serviceLevel(queueId, definition, seconds) {
      const sums = { met: 0, decided: 0, shortAbandoned: 0 };
      const rules = `definition=${definition}&threshold=${seconds}&shortAbandon=${seconds}`;
      const metrics = await metricsOf(`queue=${queueId}&${rules}`);
      addServiceLevel(sums, metrics, definition, metrics.open + metrics.lost);
      return sums;
    },
  });

  return {
    loses: true,
    days(firstMs, lastMs) {
      const range = rangeOf(firstMs, lastMs);
      return {
        ...queueReader(async (query) => (await ask(`/summary?${range}&${query}`, summaryAnswer)).data),
        async agent(agentId) {
          const { data } = await ask(`/agents/${encodeURIComponent(agentId)}?${range}`, agentAnswer);
          return agentSums(data);
        },
      };
    },
    hour(startMs) {
      const range = rangeOf(startMs, startMs);
      const metricsOf = async (query: string) => {
        const { data } = await ask(`/trends?${range}&groupBy=hour&${query}`, trendsAnswer);
        const rows = data.map((row) => bucketRow.parse(row));
        const row = rows.find(({ start }) => Date.parse(start) === startMs);
        if (!row) throw new Error(`no hour begins at ${startMs}`);
        return row;
      };
      return {
        ...queueReader(metricsOf),
        // Agents are counted by days. The time of all agents by hours is his, if he is the only one.
        async agent(agentId) {
          const { data } = await ask(`/agents?${range}`, agentsAnswer);
          if (data.length !== 1 || data[0]?.agentId !== agentId)
            throw new Error(`${agentId} is not alone: ${JSON.stringify(data)}`);
          return agentSums(await metricsOf(''));
        },
      };
    },
  };
}

function agentSums(
  row: Pick<AgentRow, 'answered' | 'handled' | 'averageTalkMs' | 'missedRings' | 'signedInMs' | 'pausedMs'>,
) {
  const { answered, handled, averageTalkMs, missedRings, signedInMs, pausedMs } = row;
  return { answered, talkMs: (averageTalkMs ?? 0) * handled, missedRings, signedInMs, pausedMs };
}
