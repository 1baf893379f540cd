import type { LogEvent } from '../contract/events.ts';
import type { AgentState } from '../contract/metrics.ts';
import type { Outcome, Tally } from '../metrics/tally.ts';
import type { OrderKey } from './order.ts';

/** What live state is made of: visits, calls, queues, agents, sources. Instants in epoch ms, durations in ms. */

/** One stay of one call in one queue. Instants in epoch ms, durations in ms. */
export interface Visit {
  queueId: string;
  enteredAt: number;
  origin: 'inbound' | 'callback' | 'transfer';
  position: number | null;
  outcome: Outcome;
  /** Instant of answer or leaving. */
  settledAt: number | null;
  waitMs: number;
  /** Identity of the agent who answered. */
  agent: string | null;
  /** End of talk; with `talkMs` null the talk is over but its length unknown. */
  endedAt: number | null;
  talkMs: number | null;
  holdMs: number | null;
  heldSince: number | null;
  transferred: boolean;
  /** Ended by caller, agent or transfer [V5]. */
  completed: boolean;
  /** Some of it was concluded, not reported. */
  inferred: boolean;
  /** A requested callback that has been completed [V11]. */
  calledBack: boolean;
  /** Taken out by a refold: lists still holding it skip it until their next sweep. */
  gone: boolean;
}

/** After-call work of one leg, owned by the agent's fold and joined to the visit by the instant of its answer; replaced, never changed. */
export interface Wrap {
  /** Of the call; '' where it belongs to none. */
  readonly callId: string;
  /** The instant of the answer that began the leg. */
  readonly key: number;
  readonly agent: string;
  readonly from: number;
  /** When it ends by itself; null until somebody says. */
  readonly until: number | null;
  /** When it ended; null while it may still run. */
  readonly endedAt: number | null;
  /** Length reported by the source; overrides the instants [T3]. */
  readonly reportedMs: number | null;
  /** The event that made it, and what it replaced: a replay from before that event puts the older one back. */
  readonly setBy: OrderKey;
  readonly previous: Wrap | null;
}

/** A ring nobody took [A6]; `queueId` is '' where the source named none. */
export interface Miss {
  queueId: string;
  agent: string;
  at: number;
  gone: boolean;
}

/** A call turned away before the queue [V0]. */
export interface Refusal {
  queueId: string;
  at: number;
  gone: boolean;
}

/** There is one for every call of the day: its lists are replaced as they grow, so that they are no longer than need be. */
export interface Call {
  id: string;
  source: string;
  caller: string | null;
  visits: readonly Visit[];
  refusals: readonly Refusal[];
  misses: readonly Miss[];
  /** At most one of each leg. */
  wraps: readonly Wrap[];
  /** Agents ringing now, with since when. Null, like the other collections below, until there is something in it. */
  alerts: readonly (readonly [identity: string, since: number])[] | null;
  /** Instants at which all phones stopped ringing, because somebody answered or the caller left. */
  quiets: readonly number[] | null;
  /** Identities of all agents who had to do with it. */
  agents: readonly string[];
  /** Transfers logged under another call id that were found to be this call's: their source keys, by agent. */
  adopted: Map<string, string> | null;
  isOpen: boolean;
  /** When something last happened to it while it neither waited nor talked; it is then listed to give up its events. */
  quietSince: number | null;
  /** Its events, in order, while it is recent enough to be refolded without asking the log; then null. */
  events: LogEvent[] | null;
  last: OrderKey | null;
  /** The round in which it was last named as changed: see dirty.ts. */
  markedIn: number;
  /** Events left out their agent, or were found to be another call's: only the log can place a late one. */
  tangled: boolean;
}

export interface Queue {
  id: string;
  tally: Tally;
  /** Today's visits, in the order they were first folded. */
  visits: Visit[];
  /** How many of them are gone: once they are a quarter of the list, a sweep drops them. */
  gone: number;
  /** Visits with something in the last 70 minutes. */
  recent: { visit: Visit; call: Call }[];
  recentEvents: { kind: 'refused' | 'missed'; entry: Miss | Refusal }[];
  /** In no order. */
  waiting: Visit[];
  backlog: Set<Visit>;
  members: Set<string>;
  sweepAt: number;
  markedIn: number;
}

/** Sums over today's visits and missed rings of an agent. */
export interface AgentTally {
  answered: number;
  handled: number;
  talkMs: number;
  holdMs: number;
  wrapUpMs: number;
  missedRings: number;
}

/** A stretch of an agent's timeline, after the one before it. Never changed: copies of the facts share it. */
export interface Segment {
  readonly state: AgentState;
  readonly from: number;
  readonly to: number;
  readonly reason: string | null;
  readonly callId: string | null;
  /** Null at the beginning of what is remembered; see `forgetOld`. */
  before: Segment | null;
}

/** The queues an agent served until a change of them, after the change before it. Never changed, like a segment. */
export interface Served {
  readonly queues: ReadonlySet<string>;
  readonly until: number;
  readonly before: Served | null;
}

/** Milliseconds in each state since the day began; and, of those available, in which all queues served were closed [T8]. */
export type StateSums = Record<AgentState | 'closed', number>;

/** A call in hand; never changed, but replaced. */
export interface Hand {
  readonly callId: string;
  readonly since: number;
  readonly heldSince: number | null;
  readonly direction: 'inbound' | 'outbound';
  readonly queueId: string | null;
  readonly source: string;
}

/** A ringing phone; never changed, but replaced. */
export interface Ring {
  readonly callId: string;
  readonly since: number;
  readonly until: number | null;
  readonly queueId: string | null;
  readonly source: string;
}

export interface OutboundCall {
  readonly callId: string;
  readonly at: number;
  readonly talkMs: number | null;
}

/** Everything of an agent that a snapshot must hold to replay from there: all but `sums` is replaced, never changed. */
export interface AgentFacts {
  signedIn: boolean;
  /** A sign-in or sign-out was reported: from then on nothing is concluded [A1]. */
  reported: boolean;
  /** Served queues. */
  queues: ReadonlySet<string>;
  /** Those served before, where timelines are kept. */
  served: Served | null;
  /** Agent-wide pause flag; the reason, or '' without one. */
  paused: string | null;
  pausedQueues: ReadonlyMap<string, string>;
  hand: readonly Hand[];
  ringing: readonly Ring[];
  /** The one that runs. */
  wrap: Wrap | null;
  /** The leg that ended last: what a WRAPUPSTART or call.wrapped without a call refers to. */
  lastLeg: { callId: string; key: number; endedAt: number } | null;
  shortRings: number;
  /** Connected outbound calls, by when they ended; of the last days, where the state begins before its day. */
  outbound: readonly OutboundCall[];
  dialing: string | null;
  state: AgentState;
  since: number;
  /** Of a pause; `inbound` or `outbound` of a talk; `closed` of whoever is available while all queues served are [T8]. */
  reason: string | null;
  callId: string | null;
  queueId: string | null;
  /** When a queue served opens or closes next, as far as that matters; null: never. */
  hoursChangeAt: number | null;
  sums: StateSums;
  /** The last segment that ended. */
  recent: Segment | null;
  lastHeardAt: number;
  last: OrderKey | null;
}

export interface Agent {
  identity: string;
  names: Set<string>;
  /** The name shown: the one used in answers, else another one that names a person; null while only an interface is known. */
  displayId: string | null;
  displayRank: number;
  /** Kept by the visits and missed rings that count in it, not by his own events. */
  tally: AgentTally;
  facts: AgentFacts;
  /** The first is what was known before `events[0]`: see agentReplay.ts. */
  copies: AgentCopy[];
  events: LogEvent[];
  /** How many of them follow the latest copy. */
  sinceCopy: number;
  /** Once no window reaches this segment, those before it are forgotten; null while none is chosen. */
  horizon: Segment | null;
  /** Calls named by transfers of his that were no calls in hand: late events need the whole story of them all. */
  orphans: Set<string>;
  /** The rounds in which he, and the queues he serves, were last named as changed: see dirty.ts. */
  markedIn: number;
  queuesMarkedIn: number;
}

/** An agent's facts as they were before his `events[index]`. */
export interface AgentCopy {
  facts: AgentFacts;
  index: number;
}

export interface Source {
  id: string;
  lastEventAt: number;
  lastReceivedAt: number;
  restarts: LogEvent[];
  markedIn: number;
}

export interface Dirty {
  queues: Set<string>;
  agents: Set<string>;
  calls: Set<string>;
  sources: Set<string>;
}

/** Calls and agents (by identity) that only the log can put right: see refold.ts. */
export interface Pending {
  calls: Set<string>;
  agents: Set<string>;
}
