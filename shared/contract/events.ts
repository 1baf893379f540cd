import { z } from 'zod';
import { id, text } from './ids.ts';

/**
 * The vocabulary of everything a telephone system can tell us: vendor-neutral, past tense, one schema.
 * Importers translate into it; nothing past `server/ingest` knows a vendor. docs/events.md explains each kind.
 */

export const DAY_MS = 86_400_000;
/** No call lasts longer than a week: a longer duration is a unit error in the sender. */
export const DURATION_LIMIT_MS = 7 * DAY_MS;
/** Events per request, and per `append_events` transaction [L1]. */
export const BATCH_LIMIT = 1_000;
/** Bytes per request body of POST /events. */
export const BATCH_BYTES_LIMIT = 1_048_576;
/** How far the sender's clock may run ahead of ours. */
export const FUTURE_LIMIT_MS = 5 * 60_000;
/** How old a live event may be; history imports reach back to {@link HISTORY_START_MS}. */
export const PAST_LIMIT_MS = 400 * DAY_MS;
export const HISTORY_START_MS = Date.UTC(2000, 0, 1);

const duration = z
  .number({ error: 'must be a number of milliseconds' })
  .finite('must be finite')
  .min(0, 'must not be negative')
  .max(DURATION_LIMIT_MS, 'must be at most 7 days, in milliseconds')
  .transform(Math.trunc);

const ISO_WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** An instant: ISO 8601 with a zone, or epoch milliseconds. Truncated to whole milliseconds [T3]. */
const instant = z
  .union([z.string(), z.number()], {
    error: 'must be an ISO 8601 instant with a zone, or epoch milliseconds',
  })
  .transform((value, context) => {
    const ms = typeof value === 'number' ? Math.trunc(value) : parseInstant(value);
    if (Number.isFinite(ms)) return ms;
    context.addIssue({
      code: 'custom',
      message:
        'must be an ISO 8601 instant with a zone, e.g. 2026-11-23T10:42:00.000Z, or epoch milliseconds',
    });
    return z.NEVER;
  });

/** Epoch milliseconds of an ISO 8601 instant that names its zone; NaN otherwise. Sub-millisecond digits are cut. */
export function parseInstant(value: string): number {
  if (!ISO_WITH_ZONE.test(value)) return Number.NaN;
  return Date.parse(value.replace(/(\.\d{3})\d+/, '$1'));
}

const envelope = {
  source: id,
  sourceKey: id,
  occurredAt: instant,
  sourceOrder: z.number().int('must be a whole number').min(0).max(Number.MAX_SAFE_INTEGER).default(0),
};

const call = { callId: id, agent: id.optional() };
const caller = id.optional();

function event<K extends string, S extends z.ZodRawShape>(kind: K, shape: S) {
  return z.strictObject({ ...envelope, kind: z.literal(kind), ...shape });
}

export const LEAVE_OUTCOMES = [
  'abandoned',
  'timed_out',
  'no_agents',
  'key_exit',
  'callback_requested',
  'overflowed',
  'withdrawn',
] as const;

export const AGENT_INPUT_STATES = ['available', 'paused', 'wrap_up'] as const;

/** Every event a client may send. Field names, units and limits: docs/events.md. */
export const ingestEvent = z.discriminatedUnion(
  'kind',
  [
    event('call.refused', {
      ...call,
      queue: id,
      caller,
      reason: z.enum(['closed', 'full', 'no_agents', 'diverted']),
    }),
    event('call.queued', {
      ...call,
      queue: id,
      caller,
      origin: z.enum(['inbound', 'callback', 'transfer']).default('inbound'),
      position: z.number().int().min(0).max(1_000_000).optional(),
      priority: z.number().int().min(-1_000_000).max(1_000_000).optional(),
      language: id.optional(),
      skills: z.array(id).max(32).optional(),
    }),
    event('call.alerted', { ...call, queue: id.optional() }),
    event('call.missed', {
      ...call,
      queue: id.optional(),
      ringMs: duration.optional(),
      reason: z.enum(['no_answer', 'rejected', 'canceled', 'unreachable']).default('no_answer'),
    }),
    event('call.answered', { ...call, queue: id, waitMs: duration.optional(), ringMs: duration.optional() }),
    event('call.held', call),
    event('call.resumed', call),
    event('call.transferred', {
      ...call,
      queue: id.optional(),
      to: id.optional(),
      toKind: z.enum(['queue', 'agent', 'external']).optional(),
      transferKind: z.enum(['blind', 'attended']).default('blind'),
      waitMs: duration.optional(),
      talkMs: duration.optional(),
    }),
    event('call.left', {
      ...call,
      queue: id,
      outcome: z.enum(LEAVE_OUTCOMES),
      waitMs: duration.optional(),
      position: z.number().int().min(0).max(1_000_000).optional(),
    }),
    event('call.ended', {
      ...call,
      queue: id.optional(),
      by: z.enum(['agent', 'caller', 'system']).default('system'),
      waitMs: duration.optional(),
      talkMs: duration.optional(),
      holdMs: duration.optional(),
    }),
    event('call.wrapped', { ...call, wrapUpMs: duration.optional(), disposition: id.optional() }),
    event('call.dialed', { ...call, number: id.optional() }),
    event('call.outbound_started', { ...call, number: id.optional() }),
    event('call.outbound', {
      ...call,
      number: id.optional(),
      ringMs: duration.optional(),
      talkMs: duration.optional(),
      outcome: z.enum(['connected', 'not_connected']),
    }),
    event('callback.completed', {
      ...call,
      queue: id.optional(),
      outcome: z.enum(['connected', 'no_answer', 'expired', 'cancelled']),
    }),
    event('source.restarted', { text: text(2_000).optional() }),
    event('source.note', {
      callId: id.optional(),
      agent: id.optional(),
      queue: id.optional(),
      text: text(2_000),
    }),
    event('agent.signed_in', { agent: id, queues: z.array(id).max(200).optional() }),
    event('agent.signed_out', { agent: id, queues: z.array(id).max(200).optional() }),
    event('agent.joined', { agent: id, queue: id, paused: z.boolean().optional() }),
    event('agent.left', { agent: id, queue: id }),
    event('agent.state_changed', {
      agent: id,
      state: z.enum(AGENT_INPUT_STATES),
      reason: id.optional(),
      queue: id.optional(),
      /** True for PAUSEALL and UNPAUSEALL: sets or clears every flag at once [A1]. */
      everyQueue: z.boolean().optional(),
      /** With state `wrap_up`: how long, in milliseconds. */
      durationMs: duration.optional(),
    }),
    event('survey.answered', {
      callId: id.optional(),
      agent: id.optional(),
      queue: id.optional(),
      csat: z.number().int().min(1).max(5).optional(),
      nps: z.number().int().min(0).max(10).optional(),
      ces: z.number().int().min(1).max(7).optional(),
      comment: text(4_000).optional(),
      channel: id,
    }),
    event('quality.scored', {
      callId: id,
      agent: id.optional(),
      reviewer: id,
      form: id,
      /** 0–100: what the review came to, for a form that is not one of Callboard's; of those it is computed [Q1]. */
      score: z.number({ error: 'must be a number' }).min(0).max(100).optional(),
      answers: z.record(id, z.union([z.number(), z.boolean(), text(2_000), z.null()])),
    }),
    event('revenue.recorded', {
      callId: id,
      agent: id.optional(),
      amountMinor: z.number().int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER),
      currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, e.g. EUR'),
      revenueKind: id,
    }),
  ],
  { error: 'kind: unknown event kind; docs/events.md lists them' },
);

/** A valid event as it is appended: `occurredAt` in epoch milliseconds, defaults filled in. */
export type IngestEvent = z.output<typeof ingestEvent>;
export type EventKind = IngestEvent['kind'];

/** An event as the log holds it: numbered in commit order [L1], with the instant it was recorded, in epoch ms. */
export type LogEvent = IngestEvent & { seq: number; recordedAt: number };

/** The event of one kind, for handlers that know which they have. */
export type EventOf<K extends EventKind> = Extract<IngestEvent, { kind: K }>;
