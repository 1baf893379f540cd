import type { LiveValues } from '../../shared/contract/protocol.ts';
import type { Trouble } from '../live/status.ts';
import { busy, type Centre, empty, fewCalls, quiet, stormy } from './centres.ts';
import { extreme } from './extreme.ts';
import { ago, SOURCE } from './figures.ts';

/** A state the wall can be in. `values` null: no snapshot yet. */
export interface Scene {
  name: string;
  values: LiveValues | null;
  trouble: Trouble | null;
}

function valuesOf({ recent, today, queues, agents, calls, trend }: Centre): LiveValues {
  const keyed = (kind: string, id: string, value: unknown) => [`${kind}:${id}`, value] as const;
  return {
    'tenant:last30': recent,
    'tenant:today': today,
    'trend:today': trend,
    ...Object.fromEntries([
      ...queues.map((value) => keyed('queue:today', value.queueId, value)),
      ...agents.map((value) => keyed('agent', value.agentId, value)),
      ...calls.map((value) => keyed('call', value.callId, value)),
      keyed('source', SOURCE.sourceId, SOURCE),
    ]),
  };
}

const since = Date.parse(ago(380));
const calm = { trouble: null };

export const SCENES: readonly Scene[] = [
  { name: 'quiet', values: valuesOf(quiet), ...calm },
  { name: 'busy', values: valuesOf(busy), ...calm },
  { name: 'stormy', values: valuesOf(stormy), ...calm },
  { name: 'few-calls', values: valuesOf(fewCalls), ...calm },
  { name: 'empty', values: valuesOf(empty), ...calm },
  { name: 'loading', values: null, ...calm },
  { name: 'server-unreachable', values: valuesOf(stormy), trouble: { kind: 'serverUnreachable', since } },
  { name: 'database-down', values: valuesOf(busy), trouble: { kind: 'databaseDown', since } },
  { name: 'catching-up', values: valuesOf(quiet), trouble: { kind: 'catchingUp', since } },
  {
    name: 'source-silent',
    values: valuesOf(busy),
    trouble: { kind: 'sourceSilent', since, source: 'Asterisk' },
  },
  { name: 'extreme', values: valuesOf(extreme), ...calm },
];
