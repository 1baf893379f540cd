import type { IngestEvent } from '../../../shared/contract/events.ts';
import { randomFrom } from '../../../shared/random.ts';
import type { LocalDay } from '../../log/localDay.ts';
import { type AgentShifts, planShifts } from './randomShifts.ts';

/**
 * Tests only: the log of a call centre on days at random, with everything that has ever made two counts differ: transfers and
 * entries anew, several queues a call and an agent, callbacks, calls, sign-ins and pauses across midnight, ghosts, talks that
 * never end, short abandons, rings and answers learned of afterwards, what nobody reported and what was told twice.
 */

export type Draft = IngestEvent extends infer E
  ? E extends IngestEvent
    ? Omit<E, 'source' | 'sourceKey' | 'sourceOrder'>
    : never
  : never;

export const QUEUES = ['q0', 'q1', 'q2', 'q3'] as const;
export const AGENTS = ['ada', 'bob', 'cid', 'dee', 'eve'] as const;
/** Of each agent, always the same: what he serves is told when he signs in. */
export const SERVED: Readonly<Record<string, readonly string[]>> = {
  ada: ['q0', 'q1'],
  bob: ['q0'],
  cid: ['q1', 'q2', 'q3'],
  dee: ['q2', 'q3'],
  eve: ['q0', 'q1', 'q2', 'q3'],
};

const MINUTE = 60_000;
const LEFT = ['timed_out', 'no_agents', 'key_exit', 'overflowed', 'withdrawn'] as const;

export interface DaysOptions {
  seed: number;
  days: readonly LocalDay[];
  callsADay: number;
  /** Whether nobody calls for hours after midnight, so that a day settles before the next one begins to count. */
  isQuietAtNight: boolean;
}

export interface Chance {
  /** True so often, of 1. */
  is(share: number): boolean;
  /** A whole number from `low` until before `high`. */
  between(low: number, high: number): number;
  oneOf<T>(items: readonly T[]): T;
}

export function chanceFrom(seed: number): Chance {
  const random = randomFrom(seed);
  const between = (low: number, high: number) => Math.floor(low + random() * (high - low));
  return {
    is: (share) => random() < share,
    between,
    oneOf: <T>(items: readonly T[]): T => items[between(0, items.length)] as T, // Never called with none.
  };
}

/** The events of these days, in the order of their instants. */
export function randomDays({ seed, days, callsADay, isQuietAtNight }: DaysOptions): Draft[] {
  const chance = chanceFrom(seed);
  const drafts: Draft[] = [];
  const add = (draft: Draft) => drafts.push(draft);
  const shifts = planShifts(chance, days, add);
  let calls = 0;
  for (const { start, end } of days) {
    const from = isQuietAtNight ? start + 6 * 60 * MINUTE : start;
    const arrivals = Array.from({ length: callsADay }, () =>
      // One in five within minutes of midnight or of the hours that summer time takes and gives.
      chance.is(0.2)
        ? chance.oneOf([end, start + 120 * MINUTE]) - chance.between(1, 8 * MINUTE)
        : chance.between(from, end),
    )
      .map((at) => Math.max(from, at))
      .sort((a, b) => a - b);
    for (const at of arrivals) {
      const callId = `c${calls++}`;
      if (chance.is(0.08)) addOutbound(chance, shifts, add, `o${calls}`, at);
      if (chance.is(0.12)) shifts.pause(at);
      addCall({ chance, shifts, add, callId }, at);
    }
  }
  return drafts.sort((a, b) => a.occurredAt - b.occurredAt);
}

interface Telling {
  chance: Chance;
  shifts: AgentShifts;
  add: (draft: Draft) => void;
  callId: string;
}

/** A call, from its first queue on. */
function addCall(telling: Telling, start: number): void {
  const { chance, add, callId } = telling;
  const queue = chance.oneOf(QUEUES);
  if (chance.is(0.05)) {
    add({ kind: 'call.refused', occurredAt: start, callId, queue, reason: chance.oneOf(['closed', 'full']) });
    if (chance.is(0.5)) return;
  }
  let next: { queue: string; at: number; origin: 'inbound' | 'callback' | 'transfer' } | null = {
    queue,
    at: start + 1,
    origin: 'inbound',
  };
  for (let visits = 0; next !== null && visits < 5; visits++) {
    next = addVisit(telling, next.queue, next.at, next.origin, visits === 0);
  }
}

/** A stay in a queue; answers where the call goes next. */
function addVisit(
  telling: Telling,
  queue: string,
  at: number,
  origin: 'inbound' | 'callback' | 'transfer',
  isFirst: boolean,
): { queue: string; at: number; origin: 'inbound' | 'callback' | 'transfer' } | null {
  const { chance, add, callId, shifts } = telling;
  const { is, between, oneOf } = chance;
  const elsewhere = () => oneOf(QUEUES.filter((id) => id !== queue));
  const isUnreported = isFirst && is(0.04);
  if (!isUnreported) {
    add({ kind: 'call.queued', occurredAt: at, callId, queue, origin });
    if (is(0.05)) add({ kind: 'call.queued', occurredAt: at, callId, queue, origin });
  }
  const entered = at;
  const isReported = is(0.4) || isUnreported;
  /** What a source says of the wait: its own measure of it, or nothing. */
  const waited = (until: number) => (isReported ? { waitMs: until - entered } : {});
  at += between(1, is(0.3) ? 4_000 : 60_000);
  for (let rings = 0; rings < 3 && !isUnreported && is(0.25); rings++) at = addMissedRing(telling, queue, at);
  const roll = between(0, 100);
  if (roll < 3 && !isUnreported) return is(0.5) ? null : { queue, at: at + between(1_000, 60_000), origin };
  if (roll < 20) {
    add({ kind: 'call.left', occurredAt: at, callId, queue, outcome: 'abandoned', ...waited(at) });
    return null;
  }
  if (roll < 30) {
    add({ kind: 'call.left', occurredAt: at, callId, queue, outcome: oneOf(LEFT), ...waited(at) });
    return is(0.6) ? { queue: elsewhere(), at: at + between(1, 90_000), origin: 'transfer' } : null;
  }
  if (roll < 35) {
    add({ kind: 'call.left', occurredAt: at, callId, queue, outcome: 'callback_requested', ...waited(at) });
    return is(0.7) ? { queue, at: at + between(MINUTE, 90 * MINUTE), origin: 'callback' } : null;
  }
  const agent = shifts.free(at, queue);
  if (agent === null) {
    add({ kind: 'call.left', occurredAt: at, callId, queue, outcome: 'abandoned', ...waited(at) });
    return null;
  }
  const ringMs = between(0, Math.min(20_000, at - entered));
  if (is(0.4) && !isUnreported) {
    add({ kind: 'call.alerted', occurredAt: at - ringMs, callId, queue, agent });
    const other = shifts.free(at, queue, agent);
    if (other !== null && is(0.3)) {
      add({ kind: 'call.alerted', occurredAt: at - ringMs, callId, queue, agent: other });
      shifts.occupy(other, at + 1);
    }
    add({ kind: 'call.answered', occurredAt: at, callId, queue, agent, ...waited(at) });
  } else add({ kind: 'call.answered', occurredAt: at, callId, queue, agent, ringMs, ...waited(at) });
  return addTalk(telling, queue, at, agent, elsewhere);
}

function addTalk(
  { chance, add, callId, shifts }: Telling,
  queue: string,
  answeredAt: number,
  agent: string,
  elsewhere: () => string,
): { queue: string; at: number; origin: 'transfer' } | null {
  const { is, between } = chance;
  let at = answeredAt;
  if (is(0.02)) {
    shifts.leaveSilently(agent, at);
    return null;
  }
  const talk = is(0.05) ? between(30 * MINUTE, 150 * MINUTE) : between(1_000, 6 * MINUTE);
  if (is(0.1)) shifts.pauseDuring(agent, at + between(0, talk), at + talk + between(MINUTE, 20 * MINUTE));
  if (is(0.25)) {
    add({ kind: 'call.held', occurredAt: at + Math.floor(talk / 3), callId, agent });
    if (is(0.8)) add({ kind: 'call.resumed', occurredAt: at + Math.floor(talk / 2), callId, agent });
  }
  at += talk;
  shifts.occupy(agent, at);
  if (is(0.15)) {
    add({ kind: 'call.transferred', occurredAt: at, callId, queue, agent, transferKind: 'blind' });
    return is(0.7) ? { queue: elsewhere(), at: at + between(1, 3_000), origin: 'transfer' } : null;
  }
  const by = chance.oneOf(['caller', 'agent', 'system'] as const);
  const told = is(0.3) ? { talkMs: talk + between(-900, 900) } : {};
  // As whole seconds are: a talk differs by a little from the difference of its instants, and counts as it was told.
  if (told.talkMs !== undefined) told.talkMs = Math.max(0, told.talkMs);
  add({ kind: 'call.ended', occurredAt: at, callId, queue, by, ...(is(0.9) && { agent }), ...told });
  if (is(0.05)) add({ kind: 'call.ended', occurredAt: at + 400, callId, queue, agent, by });
  if (is(0.25)) {
    const wrapUpMs = between(1_000, 40_000);
    add({ kind: 'call.wrapped', occurredAt: at + wrapUpMs, callId, agent, wrapUpMs });
    shifts.occupy(agent, at + wrapUpMs + 1);
  } else if (is(0.5)) shifts.occupy(agent, at + 1_000);
  else shifts.occupy(agent, at + 30_000);
  return null;
}

/** An agent whom a call rings in vain, told while it rings or afterwards; answers when it was over. */
function addMissedRing({ chance, add, callId, shifts }: Telling, queue: string, at: number): number {
  const { is, between } = chance;
  const ringMs = between(500, 15_000);
  const end = at + ringMs;
  const agent = shifts.free(at, queue);
  if (agent === null) return at;
  const isAlerted = is(0.5);
  if (isAlerted) add({ kind: 'call.alerted', occurredAt: at, callId, queue, agent });
  const reason = chance.oneOf(['no_answer', 'no_answer', 'rejected', 'canceled'] as const);
  const told = isAlerted && is(0.5) ? {} : { ringMs };
  add({ kind: 'call.missed', occurredAt: end, callId, queue, agent, reason, ...told });
  shifts.occupy(agent, end + 1);
  return end + 2;
}

function addOutbound(
  { is, between }: Chance,
  shifts: AgentShifts,
  add: (draft: Draft) => void,
  callId: string,
  at: number,
): void {
  const agent = shifts.free(at, 'q1');
  if (agent === null) return;
  const [ringMs, talkMs] = [between(1_000, 20_000), between(5_000, 4 * MINUTE)];
  const end = at + ringMs + talkMs;
  const isConnected = is(0.7);
  if (is(0.6)) {
    add({ kind: 'call.dialed', occurredAt: at, callId, agent });
    if (isConnected) add({ kind: 'call.outbound_started', occurredAt: at + ringMs, callId, agent });
  }
  const outcome = isConnected
    ? ({ outcome: 'connected', talkMs } as const)
    : { outcome: 'not_connected' as const };
  add({ kind: 'call.outbound', occurredAt: end, callId, agent, ...outcome });
  shifts.occupy(agent, end + 1);
}
