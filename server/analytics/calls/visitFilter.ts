import type { Fragment, TransactionSql } from 'postgres';
import { assertNever } from '../../../shared/assertNever.ts';
import type { ListedCount, VisitOutcome } from '../../../shared/contract/calls.ts';
import { SHORT_TALK_MS } from '../../../shared/metrics/shortTalk.ts';
import { WITHHELD } from '../../history/rollUps/contacts.ts';
import { returned } from './returned.ts';
import { wentElsewhere, wentTo, wentToQueue } from './transfers.ts';
import type { ByQueue, VisitRules } from './visitRules.ts';

/**
 * What visits are asked for: everything said must hold. Instants in epoch ms, durations in ms. The one language of
 * lists, exports and what a figure is explained by.
 */
export interface VisitFilter {
  /** When they entered: from on, before to. */
  from?: number;
  to?: number;
  /** Null or left out: all. Empty: none. */
  queues?: readonly string[] | null;
  /** Who answered (shared/live/identity.ts). */
  identity?: string;
  /** As of `rules.now`, ghosts being lost [V10]. */
  outcomes?: readonly VisitOutcome[];
  /** Those any of these figures counts [SL0], and none of those. */
  counted?: readonly ListedCount[];
  notCounted?: readonly ListedCount[];
  /** Transferred, and into one of these queues. */
  transferredTo?: readonly string[];
  /** Of waits that are over; both bounds included. */
  wait?: Range;
  talk?: Range;
  /** As stored, any of these. */
  callers?: readonly string[];
  callerDigits?: string;
  callId?: string;
}

export interface Range {
  min?: number;
  max?: number;
}

/** Their wait is kept as 0, which is none that ended. */
const NEVER_WAITED: readonly VisitOutcome[] = ['open', 'refused'];
const FLOW_OUTS: readonly VisitOutcome[] = [
  'timed_out',
  'no_agents',
  'key_exit',
  'callback_requested',
  'overflowed',
  'withdrawn',
];

/**
 * The condition on `queue_visits` that a filter is, the tenant's included. Only operators that are leakproof, and no
 * arithmetic on columns: under row security nothing else is looked up in an index. Plan it with the values in sight
 * (`plan_cache_mode = force_custom_plan`): which index serves depends on them, and partial ones need them.
 */
export function visitFilter(
  tx: TransactionSql,
  tenantId: string,
  filter: VisitFilter,
  rules: VisitRules,
): Fragment {
  const { from, to, queues, identity, outcomes, counted, notCounted } = filter;
  const { transferredTo, wait, talk, callers, callerDigits, callId } = filter;
  return allOf(tx, [
    tx`tenant_id = ${tenantId}`,
    from !== undefined && tx`entered_at >= ${new Date(from)}`,
    to !== undefined && tx`entered_at < ${new Date(to)}`,
    queues != null && among(tx, 'queue_id', queues),
    identity !== undefined && tx`identity = ${identity}`,
    outcomes !== undefined && ended(tx, outcomes, rules),
    counted !== undefined && countedAsAny(tx, counted, rules, queues ?? null),
    // Where a fact is unknown a figure does not count the visit.
    notCounted !== undefined && tx`(${countedAsAny(tx, notCounted, rules, queues ?? null)}) is not true`,
    transferredTo !== undefined && wentTo(tx, transferredTo),
    between(tx, 'wait_ms', wait),
    // Said only where it narrows: an index that holds waits need not hold outcomes.
    isAsked(wait) && !wait?.min && identity === undefined && without(tx, NEVER_WAITED),
    between(tx, 'talk_ms', talk),
    callers !== undefined && among(tx, 'caller', callers),
    callerDigits !== undefined && tx`caller_digits = ${callerDigits}`,
    callId !== undefined && tx`call_id = ${callId}`,
  ]);
}

/** One alone as it is: an `or` around it would hide it from indexes. */
function countedAsAny(
  tx: TransactionSql,
  counts: readonly ListedCount[],
  rules: VisitRules,
  queues: readonly string[] | null,
): Fragment {
  return [...new Set(counts)]
    .map((count) => tx`(${countedAs(tx, count, rules, queues)})`)
    .reduce((any, one) => tx`(${any} or ${one})`);
}

function countedAs(
  tx: TransactionSql,
  count: ListedCount,
  rules: VisitRules,
  queues: readonly string[] | null,
): Fragment {
  const is = (...outcomes: VisitOutcome[]) => ended(tx, outcomes, rules);
  const measured = tx`origin <> 'callback'`;
  const within = tx`wait_ms <= ${perQueue(tx, rules.thresholdMs, 'bigint')}`;
  const short = tx`wait_ms <= ${perQueue(tx, rules.shortAbandonMs, 'bigint')}`;
  const late = () =>
    tx`entered_at < ${perQueue(tx, instantsBefore(rules.now, rules.thresholdMs), 'timestamptz')}`;
  const and = (...parts: Fragment[]) => allOf(tx, parts);
  switch (count) {
    case 'offered':
      return without(tx, ['refused']);
    case 'outsideHours':
      return and(without(tx, ['refused']), tx`is_outside_hours`);
    case 'refused':
    case 'answered':
    case 'abandoned':
    case 'overflowed':
    case 'withdrawn':
    case 'lost':
    case 'open':
      return is(count);
    case 'timedOut':
      return is('timed_out');
    case 'noAgents':
      return is('no_agents');
    case 'keyExits':
      return is('key_exit');
    case 'callbacks':
      return is('callback_requested');
    case 'handled':
      return and(
        is('answered'),
        tx`ended_at is not null and talk_ms is not null and handled_at <= ${new Date(rules.now)}`,
      );
    case 'transferred':
      return and(is('answered'), tx`ended_at is not null and is_transferred`);
    case 'completed':
      return and(is('answered'), tx`ended_at is not null and is_completed`);
    case 'repeated': {
      // Said though it goes without saying: it is by this that an index holds them.
      const isRepeated = and(without(tx, ['refused']), tx`earlier_queues <> '{}'::text[]`);
      return queues === null ? isRepeated : and(isRepeated, tx`earlier_queues && ${[...queues]}::text[]`);
    }
    case 'calls': {
      const isFirst =
        queues === null
          ? tx`earlier_queues = '{}'::text[]`
          : tx`not (earlier_queues && ${[...queues]}::text[])`;
      return and(without(tx, ['refused']), isFirst);
    }
    case 'callbackOffered':
      return and(without(tx, ['refused']), tx`origin = 'callback'`);
    case 'callbackAnswered':
      return and(is('answered'), tx`origin = 'callback'`);
    case 'callbackAbandoned':
      return and(is('abandoned'), tx`origin = 'callback'`);
    case 'met':
      return and(measured, is('answered'), within);
    case 'missed': {
      // Waited longer than T, whatever became of it, or still waiting.
      const over = and(without(tx, ['refused', 'lost', 'open']), tx`not (${within})`);
      return and(measured, tx`((${over}) or (${and(is('open'), late())}))`);
    }
    case 'missedWaiting':
      return and(measured, is('open'), late());
    case 'waitingOrLost':
      return and(measured, is('open', 'lost'));
    case 'abandonedWithin':
      return and(measured, is('abandoned'), within);
    case 'shortAbandoned':
      return and(measured, is('abandoned'), short);
    case 'shortWithin':
      return and(measured, is('abandoned'), within, short);
    case 'callbackWithin':
      return and(measured, is('callback_requested'), within);
    case 'otherWithin':
      return and(measured, is(...FLOW_OUTS), within);
    case 'flowOuts':
      return and(measured, is(...FLOW_OUTS));
    case 'shortTalks':
      return and(is('answered'), tx`talk_ms < ${SHORT_TALK_MS}::bigint`);
    case 'transferredToQueue':
      return and(is('answered'), wentToQueue(tx));
    case 'transferredElsewhere':
      return and(is('answered'), wentElsewhere(tx));
    case 'abandonedKnown':
      return and(measured, is('abandoned'), tx`caller <> ${WITHHELD}`);
    case 'abandonedReturned':
      return and(measured, is('abandoned'), tx`caller <> ${WITHHELD}`, returned(tx, rules));
    default:
      return assertNever(count);
  }
}

/** By what became of them at `rules.now`: a visit that waits longer than its queue's maximum is lost [V10]. */
function ended(tx: TransactionSql, outcomes: readonly VisitOutcome[], rules: VisitRules): Fragment {
  const isLost = outcomes.includes('lost');
  const isOpen = outcomes.includes('open');
  const stored = isLost && !isOpen ? [...outcomes, 'open'] : outcomes;
  const ghosts = () => ghostsBefore(tx, rules);
  return allOf(tx, [
    among(tx, 'outcome', stored),
    isLost && !isOpen && tx`(outcome <> 'open' or entered_at < ${ghosts()})`,
    isOpen && !isLost && tx`(outcome <> 'open' or entered_at >= ${ghosts()})`,
  ]);
}

/** Whoever entered before this and still waits is a ghost [V10]. */
export function ghostsBefore(tx: TransactionSql, rules: VisitRules): Fragment {
  return perQueue(tx, instantsBefore(rules.now, rules.maxWaitMs), 'timestamptz');
}

function instantsBefore(now: number, durations: ByQueue<number>): ByQueue<string> {
  const before = (ms: number) => new Date(now - ms).toISOString();
  const { fallback, groups } = durations;
  return {
    fallback: before(fallback),
    groups: groups.map(({ queues, value }) => ({ queues, value: before(value) })),
  };
}

/** One value where all queues have the same, so that it can be looked up in an index; else each queue's. */
function perQueue(
  tx: TransactionSql,
  { fallback, groups }: ByQueue<number | string>,
  type: 'bigint' | 'timestamptz',
): Fragment {
  // As text, since the driver takes its types from the parameters; a cast in the text gives them ours.
  const value = (one: number | string) =>
    type === 'bigint' ? tx`${String(one)}::text::bigint` : tx`${String(one)}::text::timestamptz`;
  let cases: Fragment | null = null;
  for (const { queues, value: own } of groups) {
    const next = tx`when queue_id = any(${[...queues]}::text[]) then ${value(own)}`;
    cases = cases === null ? next : tx`${cases} ${next}`;
  }
  return cases === null ? value(fallback) : tx`case ${cases} else ${value(fallback)} end`;
}

type TextColumn = 'queue_id' | 'outcome' | 'caller';

/** One value by equality: an index then gives its rows in the list's order. */
function among(tx: TransactionSql, column: TextColumn, values: readonly string[]): Fragment {
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? tx`${tx(column)} = ${only}`
    : tx`${tx(column)} = any(${[...values]}::text[])`;
}

function without(tx: TransactionSql, outcomes: readonly VisitOutcome[]): Fragment {
  return allOf(
    tx,
    outcomes.map((outcome) => tx`outcome <> ${outcome}`),
  );
}

function between(tx: TransactionSql, column: 'wait_ms' | 'talk_ms', { min, max }: Range = {}): Fragment {
  return allOf(tx, [
    min !== undefined && tx`${tx(column)} >= ${min}`,
    max !== undefined && tx`${tx(column)} <= ${max}`,
  ]);
}

function isAsked({ min, max }: Range = {}): boolean {
  return min !== undefined || max !== undefined;
}

function allOf(tx: TransactionSql, parts: readonly (Fragment | false)[]): Fragment {
  return parts.reduce<Fragment>((all, part) => (part === false ? all : tx`${all} and ${part}`), tx`true`);
}
