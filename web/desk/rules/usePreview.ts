import { useQueries } from '@tanstack/react-query';
import type { PerformanceMetrics, QueueRow } from '../../../shared/contract/analytics.ts';
import type { QueueSetting } from '../../../shared/contract/settingsRest.ts';
import { useAnswer, useDesk } from '../desk.ts';
import type { Days } from '../presets.ts';
import { questionOfAll, useAll } from '../useAll.ts';
import { type Proposal, questionsOf } from './proposal.ts';

const BY_QUEUE = 'analytics/performance/trends?groupBy=queue';
const SUMMARY = 'analytics/performance/summary';

/** Some days as they are counted now, and as they would be. */
export interface Preview {
  total: PerformanceMetrics;
  /** Null where queues would be counted by several rules: there is no one question about them. */
  totalProposed: PerformanceMetrics | null;
  queues: { now: QueueRow; proposed: QueueRow | undefined; own: QueueSetting | undefined }[];
  /** There are more queues than are told of one by one. */
  isCut: boolean;
  /** What would be is still being counted. */
  isWaiting: boolean;
}

export function usePreview(
  days: Days,
  proposal: Proposal,
): { preview: Preview | undefined; error: Error | null; again(): void } {
  const { read } = useDesk();
  const range = { startDate: days.startDate, endDate: days.endDate };
  const summary = useAnswer(SUMMARY, new URLSearchParams(range));
  const rows = useAll(BY_QUEUE, new URLSearchParams(range), { isMoving: false });
  const settings = useAll('settings/queues', new URLSearchParams(), { isMoving: false });
  const own = new Map(settings.rows?.map((queue) => [queue.queueId, queue]));
  const asked =
    rows.rows && settings.rows
      ? questionsOf(
          rows.rows.map(({ queueId }) => queueId),
          own,
          proposal,
        )
      : [];
  const answers = useQueries({
    queries: asked.map(({ queues, rules }) => {
      const parameters = new URLSearchParams({ ...range, ...rules });
      for (const id of queues ?? []) parameters.append('queue', id);
      return questionOfAll(read, BY_QUEUE, parameters);
    }),
  });
  const [only] = asked.length === 1 ? asked : [];
  const totalProposed = useAnswer(SUMMARY, new URLSearchParams({ ...range, ...only?.rules }), {
    isWanted: only !== undefined,
  });
  const proposed = new Map(
    answers.flatMap(({ data }) => data?.rows ?? []).map((row) => [row.queueId, row] as const),
  );
  const error =
    summary.error ??
    rows.error ??
    settings.error ??
    totalProposed.error ??
    answers.find((answer) => answer.error !== null)?.error ??
    null;
  const total = summary.data?.data;
  const isHere = total !== undefined && rows.rows !== undefined && settings.rows !== undefined;
  return {
    error,
    again() {
      void summary.refetch();
      rows.again();
      settings.again();
      for (const answer of answers) void answer.refetch();
      void totalProposed.refetch();
    },
    preview: isHere
      ? {
          total,
          totalProposed: only === undefined ? null : (totalProposed.data?.data ?? null),
          queues: (rows.rows ?? []).map((now) => ({
            now,
            proposed: proposed.get(now.queueId),
            own: own.get(now.queueId),
          })),
          isCut: rows.isCut || settings.isCut,
          isWaiting:
            answers.some(({ isFetching, data }) => isFetching && data === undefined) ||
            totalProposed.isPlaceholderData,
        }
      : undefined,
  };
}
