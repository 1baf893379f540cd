import type { Call, Visit, Wrap } from './model.ts';
import type { OrderKey } from './order.ts';
import { emptyCall } from './state.ts';

/** A call as it is kept in a checkpoint: plain JSON, without the events that are only held for late arrivals. */

type SavedVisit = [
  queueId: string,
  enteredAt: number,
  origin: Visit['origin'],
  position: number | null,
  outcome: Visit['outcome'],
  settledAt: number | null,
  waitMs: number,
  agent: string | null,
  endedAt: number | null,
  talkMs: number | null,
  holdMs: number | null,
  heldSince: number | null,
  flags: number,
];

type SavedOrder = [
  occurredAt: number,
  sourceOrder: number,
  kind: OrderKey['kind'],
  source: string,
  sourceKey: string,
];
export type SavedWrap = [
  agent: string,
  from: number,
  until: number | null,
  endedAt: number | null,
  reportedMs: number | null,
  setBy: SavedOrder,
];

/** What most calls have none of is left out: a day has hundreds of thousands of them. */
export interface SavedCall {
  id: string;
  source: string;
  caller?: string;
  visits: SavedVisit[];
  refusals?: Call['refusals'];
  misses?: Call['misses'];
  alerts?: NonNullable<Call['alerts']>;
  quiets?: NonNullable<Call['quiets']>;
  wraps?: [number, SavedWrap][];
  agents: Call['agents'];
  adopted?: [string, string][];
  last?: SavedOrder;
  tangled?: true;
}

function saveVisit(v: Visit): SavedVisit {
  const flags =
    (v.transferred ? 1 : 0) | (v.completed ? 2 : 0) | (v.inferred ? 4 : 0) | (v.calledBack ? 8 : 0);
  return [
    v.queueId,
    v.enteredAt,
    v.origin,
    v.position,
    v.outcome,
    v.settledAt,
    v.waitMs,
    v.agent,
    v.endedAt,
    v.talkMs,
    v.holdMs,
    v.heldSince,
    flags,
  ];
}

function loadVisit(saved: SavedVisit): Visit {
  const [queueId, enteredAt, origin, position, outcome, settledAt, waitMs, agent, endedAt, talkMs] = saved;
  const [holdMs, heldSince, flags] = [saved[10], saved[11], saved[12]];
  return {
    queueId,
    enteredAt,
    origin,
    position,
    outcome,
    settledAt,
    waitMs,
    agent,
    endedAt,
    talkMs,
    holdMs,
    heldSince,
    transferred: (flags & 1) !== 0,
    completed: (flags & 2) !== 0,
    inferred: (flags & 4) !== 0,
    calledBack: (flags & 8) !== 0,
    gone: false,
  };
}

function saveOrder(key: OrderKey): SavedOrder {
  return [key.occurredAt, key.sourceOrder, key.kind, key.source, key.sourceKey];
}

function loadOrder([occurredAt, sourceOrder, kind, source, sourceKey]: SavedOrder): OrderKey {
  return { occurredAt, sourceOrder, kind, source, sourceKey };
}

export function saveWrap({ agent, from, until, endedAt, reportedMs, setBy }: Wrap): SavedWrap {
  return [agent, from, until, endedAt, reportedMs, saveOrder(setBy)];
}

export function loadWrap(
  callId: string,
  key: number,
  [agent, from, until, endedAt, reportedMs, setBy]: SavedWrap,
): Wrap {
  return { callId, key, agent, from, until, endedAt, reportedMs, setBy: loadOrder(setBy), previous: null };
}

export function saveCall(call: Call): SavedCall {
  const saved: SavedCall = {
    id: call.id,
    source: call.source,
    visits: call.visits.map(saveVisit),
    agents: call.agents,
  };
  if (call.caller !== null) saved.caller = call.caller;
  if (call.refusals.length > 0) saved.refusals = call.refusals;
  if (call.misses.length > 0) saved.misses = call.misses;
  if (call.alerts) saved.alerts = call.alerts;
  if (call.quiets) saved.quiets = call.quiets;
  if (call.wraps.length > 0) saved.wraps = call.wraps.map((wrap) => [wrap.key, saveWrap(wrap)]);
  if (call.adopted) saved.adopted = [...call.adopted];
  if (call.last) saved.last = saveOrder(call.last);
  if (call.tangled) saved.tangled = true;
  return saved;
}

export function loadCall(saved: SavedCall): Call {
  return {
    ...emptyCall(saved.id, saved.source),
    caller: saved.caller ?? null,
    visits: saved.visits.map(loadVisit),
    refusals: saved.refusals ?? [],
    misses: saved.misses ?? [],
    alerts: saved.alerts ?? null,
    quiets: saved.quiets ?? null,
    wraps: saved.wraps?.map(([key, wrap]) => loadWrap(saved.id, key, wrap)) ?? [],
    agents: saved.agents,
    adopted: saved.adopted ? new Map(saved.adopted) : null,
    events: null,
    last: saved.last ? loadOrder(saved.last) : null,
    tangled: saved.tangled ?? false,
  };
}
