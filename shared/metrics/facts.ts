import type { AgentState } from '../contract/metrics.ts';
import type { Outcome } from './tally.ts';

/**
 * What history keeps of a call centre: the rows of `queue_visits`, `agent_metrics` and `agent_intervals`. Instants in epoch
 * ms, durations in ms. They depend on the events alone, not on when they are read; but for a last piece that still runs.
 */

/** One stay of one call in one queue; or, refused, its being turned away at the door. */
export interface VisitFact {
  enteredAt: number;
  callId: string;
  /** Its place among the visits of the call, from 1; from −1 downwards for refusals. */
  nth: number;
  queueId: string;
  source: string;
  caller: string | null;
  origin: 'inbound' | 'callback' | 'transfer';
  outcome: Outcome | 'refused';
  position: number | null;
  /** The answer, or leaving. */
  settledAt: number | null;
  waitMs: number;
  /** Who answered. */
  identity: string | null;
  /** End of talk; with `talkMs` null its length is unknown. */
  endedAt: number | null;
  talkMs: number | null;
  holdMs: number | null;
  /** Null until its handling is over, or known when it will be. */
  wrapUpMs: number | null;
  /** When its handling was over, or will be by itself; null where nobody knows, or there was none. */
  handledAt: number | null;
  isTransferred: boolean;
  isCompleted: boolean;
  isInferred: boolean;
  /** It entered while the queue was closed [T8]. */
  isOutsideHours: boolean;
  isCalledBack: boolean;
  /** The queue its call entered within 60 s of leaving this one [T6]. */
  continuedTo: string | null;
  /** Queues its call had entered before on the same local day, in order, each once, this one perhaps among them [T5]. */
  earlierQueues: readonly string[];
}

/** What one agent had to do with one call. */
export interface LegFact {
  identity: string;
  /** Where it counts: when the visit entered [T2], when the ring ended, when the outbound call ended. */
  countedAt: number;
  callId: string;
  kind: 'answered' | 'missed' | 'outbound';
  nth: number;
  /** '' where there was none. */
  queueId: string;
  startedAt: number;
  endedAt: number | null;
  /** Null where nobody waited: of calls of ours, too [V11]. */
  waitMs: number | null;
  talkMs: number | null;
  holdMs: number | null;
  wrapUpMs: number | null;
  handledAt: number | null;
  isTransferred: boolean;
  isCompleted: boolean;
}

/** A piece of an agent's timeline within one quarter of an hour; time offline has none. */
export interface PieceFact {
  identity: string;
  startedAt: number;
  /** Null while it runs. */
  endedAt: number | null;
  state: Exclude<AgentState, 'offline'>;
  /** Of a pause; `inbound` or `outbound` of a talk; `closed` of available time while all queues served were [T8]. */
  reason: string | null;
  callId: string | null;
  /** The queues served then, in order. */
  queues: readonly string[];
}
