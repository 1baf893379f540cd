import {
  keepPreviousData,
  QueryClient,
  type QueryFunctionContext,
  type UseQueryResult,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, use, useMemo } from 'react';
import type { z } from 'zod';
import type {
  agentAnswer,
  agentDaysAnswer,
  agentsAnswer,
  BucketRow,
  patternAnswer,
  QueueRow,
  sectorsAnswer,
  summaryAnswer,
  topAnswer,
  trendsAnswer,
  waitsAnswer,
} from '../../shared/contract/analytics.ts';
import type { BusinessRules } from '../../shared/contract/businessRules.ts';
import type { calledBackAnswer } from '../../shared/contract/calledBack.ts';
import type { callsAnswer, OneCall } from '../../shared/contract/calls.ts';
import type { DashboardAnswer } from '../../shared/contract/dashboard.ts';
import type { ExplainAnswer } from '../../shared/contract/explain.ts';
import type { HealthRow } from '../../shared/contract/importerHealth.ts';
import type { legsAnswer } from '../../shared/contract/legs.ts';
import type { OnTargetRow, onTargetAnswer } from '../../shared/contract/onTarget.ts';
import type { patternDaysAnswer } from '../../shared/contract/patternDays.ts';
import type { Permission } from '../../shared/contract/permissions.ts';
import type { StoredReconciliation } from '../../shared/contract/reconciliation.ts';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import type { QueueSetting } from '../../shared/contract/settingsRest.ts';
import type {
  ShortCallsOfAgent,
  ShortCallsOfQueue,
  shortCallsAnswer,
} from '../../shared/contract/shortCalls.ts';
import type { transfersAnswer } from '../../shared/contract/transfers.ts';
import { Refused } from '../app/ask.ts';
import type { QualityAnswers } from '../quality/answers.ts';
import type { DeskCalendar } from './days.ts';

/** What the pages of the desk read from, and by whose clock. */
export interface Desk {
  /** A question to `/api/v1`; rejects with `Refused` where the server says no. */
  read<T>(path: string, signal: AbortSignal): Promise<T>;
  /** Something to be changed; answers what there is then. Rejects likewise. */
  write<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T>;
  /** A file as the server makes it, and what it calls it. */
  file(path: string): Promise<{ name: string; content: Blob }>;
  /** What is not allowed is not offered. */
  may(permission: Permission): boolean;
  calendar: DeskCalendar;
  /** The server's time, in epoch ms. */
  now(): number;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (desk === null) throw new Error('There is no DeskContext around this.');
  return desk;
}

/** The same by the clock of another zone; null: by the call centre's own. */
export function useZoned(timeZone: string | null): Desk {
  const desk = useDesk();
  return useMemo(
    () => (timeZone === null ? desk : { ...desk, calendar: { ...desk.calendar, timeZone } }),
    [desk, timeZone],
  );
}

type ShortCallsMeta = z.infer<typeof shortCallsAnswer>['meta'];
type Trends = z.infer<typeof trendsAnswer>;

/** Answers by the path they are found at, below `/api/v1`. */
export interface Answers extends QualityAnswers {
  'analytics/performance/summary': z.infer<typeof summaryAnswer>;
  'analytics/performance/trends': { data: BucketRow[]; meta: Trends['meta'] };
  'analytics/performance/trends?groupBy=queue': { data: QueueRow[]; meta: Trends['meta'] };
  'analytics/performance/pattern': z.infer<typeof patternAnswer>;
  'analytics/performance/pattern/days': z.infer<typeof patternDaysAnswer>;
  'analytics/performance/short-calls': {
    data: (ShortCallsOfQueue | ShortCallsOfAgent)[];
    meta: ShortCallsMeta;
  };
  'analytics/performance/transfers': z.infer<typeof transfersAnswer>;
  'analytics/performance/called-back': z.infer<typeof calledBackAnswer>;
  'analytics/performance/on-target': { data: OnTargetRow[]; meta: z.infer<typeof onTargetAnswer>['meta'] };
  'analytics/performance/waits': z.infer<typeof waitsAnswer>;
  'analytics/performance/explain': ExplainAnswer;
  'analytics/performance/sectors': z.infer<typeof sectorsAnswer>;
  'analytics/performance/agents': z.infer<typeof agentsAnswer>;
  'analytics/performance/agents/:id': z.infer<typeof agentAnswer>;
  'analytics/performance/agents/:id/days': z.infer<typeof agentDaysAnswer>;
  'analytics/performance/top': z.infer<typeof topAnswer>;
  calls: z.infer<typeof callsAnswer>;
  legs: z.infer<typeof legsAnswer>;
  'calls/:id': { data: OneCall };
  'metrics/live': { data: LiveMetrics };
  'analytics/dashboard': DashboardAnswer;
  'analytics/reconciliations': { data: StoredReconciliation[] };
  'importer-health': { data: HealthRow[] };
  'settings/business-rules': { data: BusinessRules };
  'settings/queues': { data: QueueSetting[]; meta: { nextCursor: string | null } };
}

/** While days that are not over are looked at, figures come anew this often. */
export const FRESH_MS = 30_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        placeholderData: keepPreviousData,
        // What was refused once is refused again; what did not answer may yet.
        retry: (failures, error) => !(error instanceof Refused && error.code !== 'internal') && failures < 2,
      },
    },
  });
}

/**
 * A question the page keeps the answer of. `id` takes the place of `:id`; `isMoving`: the
 * answer changes while it is looked at, and is asked for anew, or `everyMs`.
 */
export function useAnswer<Path extends keyof Answers>(
  path: Path,
  parameters: URLSearchParams,
  {
    id,
    isMoving = false,
    everyMs = isMoving ? FRESH_MS : null,
    isWanted = true,
  }: { id?: string; isMoving?: boolean; everyMs?: number | null; isWanted?: boolean } = {},
): UseQueryResult<Answers[Path]> {
  const { read } = useDesk();
  const address = addressOf(path, parameters, id);
  return useAsked({
    queryKey: [path, address],
    queryFn: ({ signal }) => read<Answers[Path]>(address, signal),
    enabled: isWanted,
    refetchInterval: everyMs ?? false,
  });
}

interface Question<Answer> {
  queryKey: readonly string[];
  queryFn(context: QueryFunctionContext): Promise<Answer>;
  enabled?: boolean;
  refetchInterval: number | false;
}

/** What was never asked is asked as the page begins to be drawn; `useQuery` alone asks when that is done, which takes as long as an answer. */
export function useAsked<Answer>(question: Question<Answer>): UseQueryResult<Answer> {
  const client = useQueryClient();
  const { queryKey, queryFn, enabled = true } = question;
  if (enabled && client.getQueryState(queryKey) === undefined)
    void client.prefetchQuery({ queryKey, queryFn });
  return useQuery(question);
}

export function addressOf(path: keyof Answers, parameters: URLSearchParams, id = ''): string {
  const query = parameters.toString();
  const at = path.replace(':id', encodeURIComponent(id));
  return query === '' ? at : `${at}${at.includes('?') ? '&' : '?'}${query}`;
}
