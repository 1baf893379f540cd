import type { LogEvent } from '../../shared/contract/events.ts';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { evolve } from '../../shared/live/evolve.ts';
import { legFacts, outboundFacts, pieceFacts, visitFacts } from '../../shared/live/facts.ts';
import type { Agent, AgentFacts, Segment } from '../../shared/live/model.ts';
import { type LiveState, takeDirty } from '../../shared/live/state.ts';
import type { LegFact, PieceFact, VisitFact } from '../../shared/metrics/facts.ts';
import type { Database } from '../db/connect.ts';
import { BUILD_REACH_MS, buildState, FOLLOW_MS, refoldPending } from '../log/build.ts';
import type { LocalDay } from '../log/localDay.ts';
import { inSlices } from '../log/slices.ts';
import { readNote } from './historyDays.ts';

/**
 * One local day of one tenant, folded [L14]: from 48 hours before it, as live state is, to 24 hours after it, when what
 * entered on it has settled. Its facts are what this state says of the day, so that they depend on the events alone.
 */
export interface DayFold {
  readonly day: LocalDay;
  /** What was known of the day before it was read: see `DayNote`. */
  readonly mark: string;
  readonly kept: string;
  readonly state: LiveState;
  /** What of the agents has been read already: the latest segment, and the outbound calls. */
  readonly read: Map<string, { segment: Segment | null; outbound: AgentFacts['outbound'] }>;
}

/** What is to be written of a day: the facts of these calls and agents, in place of those there are. */
export interface DayChanges {
  day: LocalDay;
  /** Of the fold. */
  mark: string;
  kept: string;
  callIds: string[];
  visits: VisitFact[];
  legs: LegFact[];
  agents: { identity: string; from: number }[];
  pieces: PieceFact[];
  /** Those whose outbound calls changed. */
  outboundOf: string[];
  outbound: LegFact[];
}

/** Whether an event can have a part in what the day's facts are. */
export function concerns(day: LocalDay, at: number): boolean {
  return at >= day.start - BUILD_REACH_MS && at < day.end + FOLLOW_MS;
}

/**
 * The day as of log position `seq`; null once `isOver` says to stop, 'fixed' where its facts are to stay as they are. Everything
 * of it is to be read.
 */
export async function foldDay(
  db: Database,
  tenantId: string,
  options: { day: LocalDay; settings: LiveSettings; seq: number; isOver: () => boolean },
): Promise<DayFold | 'fixed' | null> {
  const { day, settings, seq, isOver } = options;
  const until = day.end + FOLLOW_MS - 1;
  const { mark, kept, isFixed } = await readNote(db, tenantId, day);
  if (isFixed) return 'fixed';
  const state = await buildState(db, tenantId, {
    settings,
    dayStart: day.start,
    until,
    seq,
    isOver,
    keepsTimelines: true,
  });
  return state && { day, mark, kept, state, read: new Map() };
}

/** Takes in consecutive events of the log, of which the day's own are picked. */
export async function takeIn(
  db: Database,
  tenantId: string,
  { day, state }: DayFold,
  events: readonly LogEvent[],
): Promise<void> {
  await inSlices(events, (event) => {
    if (concerns(day, event.occurredAt)) evolve(state, event);
  });
  state.seq = events.at(-1)?.seq ?? state.seq;
  await refoldPending(db, tenantId, state, day.end + FOLLOW_MS - 1);
}

/**
 * What has changed since it was last read, by `now` (epoch ms); `allAgents` where time has passed that cuts their timelines
 * without an event. `earlier`: when visits of the calls concerned entered before the day: those facts are another fold's.
 */
export async function changesOf(
  fold: DayFold,
  now: number,
  allAgents = false,
): Promise<{ changes: DayChanges; earlier: number[] }> {
  const { day, state } = fold;
  const dirty = takeDirty(state);
  const changes = emptyChanges(fold);
  const earlier: number[] = [];
  await inSlices(dirty.calls, (id) => {
    const call = state.calls.get(id);
    changes.callIds.push(id);
    if (!call) return;
    changes.visits.push(...visitFacts(state, call, day));
    changes.legs.push(...legFacts(call, day));
    for (const { enteredAt } of call.visits) if (enteredAt < day.start) earlier.push(enteredAt);
  });
  const names = allAgents ? state.displayed.keys() : dirty.agents;
  await inSlices(names, (name) => {
    const agent = state.displayed.get(name);
    if (agent) readAgent(fold, agent, now, changes);
  });
  return { changes, earlier };
}

/**
 * The instant up to which timelines are worth writing while events arrive: of a day that is over, what followed its latest event
 * would be written anew with each, and is once the log has been read.
 */
export function readyUntil({ day, state }: DayFold, now: number): number {
  return now < day.end ? now : Math.min(day.end, state.watermark);
}

/** Everything there is to say of the day. */
export function wholeDay(fold: DayFold, now: number): DayChanges {
  const { day, state } = fold;
  takeDirty(state);
  fold.read.clear();
  const changes = emptyChanges(fold);
  for (const call of state.calls.values()) {
    changes.visits.push(...visitFacts(state, call, day));
    changes.legs.push(...legFacts(call, day));
  }
  for (const agent of state.displayed.values()) readAgent(fold, agent, now, changes);
  return changes;
}

function readAgent(fold: DayFold, agent: Agent, now: number, into: DayChanges): void {
  const { day, state, read } = fold;
  const { identity, facts } = agent;
  const before = read.get(identity);
  const { from, pieces } = pieceFacts(state, agent, day, now, before?.segment ?? null);
  into.agents.push({ identity, from });
  into.pieces.push(...pieces);
  if (before?.outbound !== facts.outbound) {
    into.outboundOf.push(identity);
    into.outbound.push(...outboundFacts(agent, day));
  }
  read.set(identity, { segment: facts.recent, outbound: facts.outbound });
}

function emptyChanges({ day, mark, kept }: DayFold): DayChanges {
  return {
    day,
    mark,
    kept,
    callIds: [],
    visits: [],
    legs: [],
    agents: [],
    pieces: [],
    outboundOf: [],
    outbound: [],
  };
}
