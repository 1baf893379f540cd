import { DEFAULT_SETTINGS } from '../../shared/contract/settings.ts';

/** What DuckDB is asked: fewer figures than Callboard answers, none that it does not. */

/** From `from` until before `to`, in epoch ms. */
export interface Range {
  from: number;
  to: number;
}

export interface Rules {
  thresholdSeconds: number;
  definition: 'standard' | 'strict';
}
const RULES: Rules = { thresholdSeconds: DEFAULT_SETTINGS.thresholdSeconds, definition: 'standard' };

/** Which rows make one, and under what. */
export interface Grouping {
  /** An expression over a row and `instant`, when it counts, in epoch ms. */
  key: string;
  rules?: Rules;
  /** Only of these. */
  queues?: readonly string[];
  /** Whether its call has entered what the row is of before that day; left out: any queue. */
  seen?: string;
}

/** How visits went. */
export function visitScan(
  { from, to }: Range,
  { key, rules = RULES, queues = [], ...grouping }: Grouping,
): string {
  const { thresholdSeconds, definition } = rules;
  const T = thresholdSeconds * 1_000;
  const S = Math.min(DEFAULT_SETTINGS.shortAbandonSeconds * 1_000, T);
  const list = queues.map((id) => `'${id}'`).join(', ');
  const seen = grouping.seen ?? (list === '' ? 'earlier is not null' : `earlier in (${list})`);
  const decided = "outcome not in ('refused', 'lost', 'open')";
  // [SL1] leaves out what left within T but for abandons that were not short; [SL2] nothing.
  const of =
    definition === 'strict'
      ? `count(*) filter (${decided})`
      : `count(*) filter (${decided} and (outcome = 'answered' or wait_ms > ${T} or (outcome = 'abandoned' and wait_ms > ${S})))`;
  return `
    select ${key} as key, count(*) filter (outcome <> 'refused') as offered,
      count(*) filter (outcome = 'refused') as refused, count(*) filter (outcome = 'answered') as answered,
      count(*) filter (outcome = 'abandoned') as abandoned, count(*) filter (outcome = 'timed_out') as "timedOut",
      count(*) filter (outcome = 'no_agents') as "noAgents", count(*) filter (outcome = 'key_exit') as "keyExits",
      count(*) filter (outcome = 'overflowed') as overflowed, count(talk_ms) as handled,
      count(*) filter (is_transferred) as transferred,
      count(*) filter (outcome <> 'refused' and not coalesce(${seen}, false)) as calls,
      avg(wait_ms) filter (outcome = 'answered') as "asaMs",
      avg(wait_ms) filter (outcome = 'abandoned') as "averageAbandonMs", avg(talk_ms) as talk, avg(hold_ms) as hold,
      avg(wrap_up_ms) as wrap, max(wait_ms) filter (outcome <> 'refused') as "maxWaitMs",
      quantile_disc(wait_ms, [0.5, 0.8, 0.9, 0.95]) filter (${decided}) as ranks,
      count(*) filter (outcome = 'answered' and wait_ms <= ${T}) / nullif(${of}, 0) as "serviceLevel"
    from (select *, entered_at as instant from visits)
    where instant >= ${from} and instant < ${to} ${list === '' ? '' : `and queue_id in (${list})`} group by 1`;
}

const SPENT = `sum(ms)::double as "signedInMs", sum(ms) filter (state = 'available')::double as "availableMs",
  sum(ms) filter (state = 'talking')::double as "talkMs", sum(ms) filter (state = 'hold')::double as "holdMs",
  sum(ms) filter (state = 'wrap_up')::double as "wrapUpMs", sum(ms) filter (state = 'paused')::double as "pausedMs"`;

/** How agents spent their time. */
export function timeScan({ from, to }: Range, { key, queues = [] }: Grouping): string {
  const list = queues.map((id) => `'${id}'`).join(', ');
  return `
    select ${key} as key, ${SPENT} from (select *, started_at as instant from pieces)
    where instant >= ${from} and instant < ${to} ${list === '' ? '' : `and list_has_any(queues, [${list}])`} group by 1`;
}

/** What each agent did, and how he spent his time. */
export function agentScans({ from, to }: Range): string[] {
  return [
    `select identity as key, count(*) filter (kind = 'answered') as answered, count(talk_ms) as handled,
      count(*) filter (kind = 'missed') as "missedRings", count(*) filter (is_transferred) as transferred,
      avg(wait_ms) filter (kind = 'answered') as "asaMs", avg(talk_ms) as talk, avg(hold_ms) as hold, avg(wrap_up_ms) as wrap
    from legs where counted_at >= ${from} and counted_at < ${to} group by 1`,
    `select identity as key, ${SPENT} from pieces where started_at >= ${from} and started_at < ${to} group by 1`,
  ];
}
