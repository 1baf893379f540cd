import { type EventKind, ingestEvent, type LogEvent } from './events.ts';

/** An event as a row of the log keeps it: what it is found by in columns, the rest in `body`. Instants in epoch ms. */
export interface LogRow {
  seq: number;
  recordedAt: number;
  occurredAt: number;
  kind: string;
  source: string;
  sourceKey: string;
  sourceOrder: number;
  callId: string | null;
  queue: string | null;
  agent: string | null;
  body: Readonly<Record<string, unknown>>;
}

/** What one transaction added to the log, as whoever added it knows: reading the log gives the same. */
export interface Committed {
  /** Its events are numbered from here on without a gap [L1]. */
  firstSeq: number;
  events(): LogEvent[];
}

/** The kinds as the code writes them: comparing those is comparing pointers, a kind just read would be compared by letters. */
const KINDS = new Map<string, EventKind>(
  ingestEvent.options.map(({ shape }) => [shape.kind.value, shape.kind.value]),
);

/**
 * The event of a row. Every field any folded kind has is there, undefined where this one has none: objects that look
 * alike are folded a third faster than those of two dozen shapes. Only what `append_events` stored may be given.
 */
export function logEvent(row: LogRow): LogEvent {
  const { body } = row;
  const event = {
    kind: KINDS.get(row.kind) ?? row.kind,
    occurredAt: row.occurredAt,
    seq: row.seq,
    recordedAt: row.recordedAt,
    source: row.source,
    sourceKey: row.sourceKey,
    sourceOrder: row.sourceOrder,
    callId: row.callId ?? undefined,
    queue: row.queue ?? undefined,
    agent: row.agent ?? undefined,
    caller: body.caller,
    origin: body.origin,
    position: body.position,
    reason: body.reason,
    outcome: body.outcome,
    by: body.by,
    ringMs: body.ringMs,
    waitMs: body.waitMs,
    talkMs: body.talkMs,
    holdMs: body.holdMs,
    wrapUpMs: body.wrapUpMs,
    durationMs: body.durationMs,
    state: body.state,
    everyQueue: body.everyQueue,
    paused: body.paused,
    queues: body.queues,
  };
  for (const field in body) if (!(field in event)) Object.assign(event, { [field]: body[field] });
  return event as unknown as LogEvent; // Only append_events writes the log, and it was given valid events.
}
