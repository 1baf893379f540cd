import type { LocalDay } from '../../log/localDay.ts';
import { QUEUES } from './randomDays.ts';
import type { Stretch } from './recountAgents.ts';
import type { Recounted, Visit } from './recountVisits.ts';

/** Tests only: the metrics of a day from visits and stretches, by their definitions in METRICS. */

export interface QueueRules {
  thresholdMs: number;
  shortAbandonMs: number;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
export const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b);
const isIn =
  ({ start, end }: LocalDay) =>
  (at: number) =>
    at >= start && at < end;

/** Of some queues; `isTotal`: abandonment divides by calls [T5]. All who wait are lost by now [V10]. */
export function recountQueues(
  { visits, refusals, misses }: Recounted,
  day: LocalDay,
  queues: readonly string[],
  rulesOf: (queue: string) => QueueRules,
  isTotal: boolean,
) {
  const within = isIn(day);
  const own = visits.filter(({ entered, queue }) => within(entered) && queues.includes(queue));
  const count = (is: (visit: Visit) => boolean, among = own) => among.filter(is).length;
  const of = (outcome: string) => (visit: Visit) => visit.outcome === outcome;
  const isLost = ({ outcome }: Visit) => outcome === 'open' || outcome === 'lost';
  const isWithin = (visit: Visit) => visit.waitMs <= rulesOf(visit.queue).thresholdMs;
  const isShort = (visit: Visit) =>
    visit.outcome === 'abandoned' && visit.waitMs <= rulesOf(visit.queue).shortAbandonMs;
  const measured = own.filter(({ origin }) => origin !== 'callback');
  const left = measured.filter((visit) => !isLost(visit));
  const waitsOf = (outcome: string) => left.filter(of(outcome)).map(({ waitMs }) => waitMs);
  const [answeredWaits, abandonedWaits] = [waitsOf('answered'), waitsOf('abandoned')];
  const short = count(isShort, left);
  const met = count((visit) => visit.outcome === 'answered' && isWithin(visit), left);
  const missed = count((visit) => !isWithin(visit), left);
  const given = count((visit) => visit.outcome === 'abandoned' && isWithin(visit), left);
  const shortWithin = count((visit) => isShort(visit) && isWithin(visit), left);
  const handled = own.filter(({ outcome, talkMs }) => outcome === 'answered' && talkMs !== null);
  const [talk, hold, wrapUp] = [
    sum(handled.map(({ talkMs }) => talkMs ?? 0)),
    sum(handled.map(({ holdMs }) => holdMs ?? 0)),
    sum(handled.map(({ wrapUpMs }) => wrapUpMs)),
  ];
  const calls = new Set(own.map(({ callId }) => callId)).size;
  const refused = refusals.filter(({ at, queue }) => within(at) && queues.includes(queue)).length;
  const divisor = (isTotal ? calls : own.length) - (own.length - measured.length) - count(isLost, measured);
  return {
    received: own.length + refused,
    refused,
    offered: own.length,
    outsideHours: 0,
    calls,
    answered: count(of('answered')),
    handled: handled.length,
    abandoned: count(of('abandoned')),
    shortAbandoned: short,
    timedOut: count(of('timed_out')),
    noAgents: count(of('no_agents')),
    keyExits: count(of('key_exit')),
    callbacks: count(of('callback_requested')),
    overflowed: count(of('overflowed')),
    withdrawn: count(of('withdrawn')),
    lost: count(isLost),
    open: 0,
    transferred: count(({ isTransferred }) => isTransferred),
    transferRate: ratio(
      count(({ isTransferred }) => isTransferred),
      count(of('answered')),
    ),
    completionRate: ratio(
      count(({ isCompleted }) => isCompleted),
      own.length - count(isLost),
    ),
    serviceLevel: ratio(met, met + missed + given - shortWithin),
    abandonmentRate: ratio(abandonedWaits.length - short, divisor - short),
    asaMs: ratio(sum(answeredWaits), answeredWaits.length),
    averageAbandonMs: ratio(sum(abandonedWaits), abandonedWaits.length),
    averageTalkMs: ratio(talk, handled.length),
    averageHoldMs: handled.some(({ holdMs }) => holdMs !== null) ? ratio(hold, handled.length) : null,
    averageWrapUpMs: ratio(wrapUp, handled.length),
    ahtMs: ratio(talk + hold + wrapUp, handled.length),
    maxWaitMs: left.length > 0 ? Math.max(...left.map(({ waitMs }) => waitMs)) : null,
    maxAnsweredWaitMs: answeredWaits.length > 0 ? Math.max(...answeredWaits) : null,
    missedRings: misses.filter(({ at, queue }) => within(at) && queues.includes(queue)).length,
  };
}

/** The time of the stretches that pass `is`, as far as it passed on the day. */
export function recountTime(
  stretches: readonly Stretch[],
  { start, end }: LocalDay,
  is: (stretch: Stretch) => boolean,
) {
  const of = (...states: string[]) =>
    sum(
      stretches
        .filter((one) => is(one) && states.includes(one.state))
        .map(({ from, to }) => Math.max(0, Math.min(to, end) - Math.max(from, start))),
    );
  const outboundMs = sum(
    stretches
      .filter((one) => is(one) && one.state === 'talking' && one.isOutbound)
      .map(({ from, to }) => Math.max(0, Math.min(to, end) - Math.max(from, start))),
  );
  const work = of('talking', 'hold', 'wrap_up');
  const reachable = work + of('ringing', 'available');
  return {
    signedInMs: reachable + of('paused'),
    availableMs: of('available'),
    ringingMs: of('ringing'),
    talkMs: of('talking'),
    holdMs: of('hold'),
    wrapUpMs: of('wrap_up'),
    pausedMs: of('paused'),
    outboundMs,
    occupancy: ratio(work, reachable),
    utilisation: ratio(work, reachable + of('paused')),
  };
}

/** When a day has settled: its last visit has ended, or is closed by [V10]; what may still be told of its timelines has been. */
export function settlesAt(
  { visits }: Recounted,
  day: LocalDay,
  maxWaitMs: (queue: string) => number,
): number {
  const within = isIn(day);
  const ends = visits
    .filter(({ entered }) => within(entered))
    .flatMap(({ outcome, queue, entered, settled, ended, handledAt }) =>
      outcome === 'open' ? [entered + maxWaitMs(queue) + 1] : [settled ?? 0, ended ?? 0, handledAt ?? 0],
    );
  return Math.max(day.end + TOLD_LATE_MS, ...ends);
}

/** The longest outbound talk that is told of only when it is over, and some. */
const TOLD_LATE_MS = 15 * 60_000;

/** Whether anything that counts in a queue came to pass after the day and before it settled. */
export function overlapsNext(
  { visits, refusals, misses }: Recounted,
  { end }: LocalDay,
  settled: number,
): boolean {
  const within = isIn({ start: end, end: settled + 1 });
  return (
    visits.some(({ entered }) => within(entered)) ||
    [...refusals, ...misses].some(({ at, queue }) => within(at) && QUEUES.some((id) => id === queue))
  );
}
