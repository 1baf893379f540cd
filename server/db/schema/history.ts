import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { bytea, count, instant, tenantId } from './columns.ts';

/** Facts of the log and what they add up to: see drizzle/0016_history.sql, 0024_chores.sql. */

export const projectionCheckpoints = pgTable('projection_checkpoints', {
  tenantId: tenantId().primaryKey(),
  seq: count('seq').notNull().default(0),
  recordedAt: instant('recorded_at').notNull().default(new Date(0)),
  version: count('version').notNull().default(0),
  stamped: text('stamped').notNull().default(''),
  calendar: text('calendar').notNull().default(''),
  sectors: text('sectors').notNull().default(''),
  fold: text('fold').notNull().default(''),
  foldVersion: count('fold_version').notNull().default(0),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

export const historyDays = pgTable(
  'history_days',
  {
    tenantId: tenantId(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at').notNull(),
    fold: text('fold').notNull(),
    staleSince: instant('stale_since'),
    healthDueAt: instant('health_due_at').default(sql`'-infinity'`),
    revision: count('revision').notNull().default(sql`floor(extract(epoch from clock_timestamp()) * 1000)`),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.startedAt] })],
);

export const choresDone = pgTable(
  'chores_done',
  {
    tenantId: tenantId(),
    name: text('name').notNull(),
    beganAt: instant('began_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
);

export const queueVisits = pgTable(
  'queue_visits',
  {
    tenantId: tenantId(),
    enteredAt: instant('entered_at').notNull(),
    callId: text('call_id').notNull(),
    nth: integer('nth').notNull(),
    queueId: text('queue_id').notNull(),
    source: text('source').notNull(),
    caller: text('caller'),
    origin: text('origin').notNull(),
    outcome: text('outcome').notNull(),
    position: integer('position'),
    settledAt: instant('settled_at'),
    waitMs: count('wait_ms').notNull(),
    identity: text('identity'),
    endedAt: instant('ended_at'),
    talkMs: count('talk_ms'),
    holdMs: count('hold_ms'),
    wrapUpMs: count('wrap_up_ms'),
    handledAt: instant('handled_at'),
    isTransferred: boolean('is_transferred').notNull(),
    isCompleted: boolean('is_completed').notNull(),
    isInferred: boolean('is_inferred').notNull(),
    isOutsideHours: boolean('is_outside_hours').notNull().default(false),
    isCalledBack: boolean('is_called_back').notNull(),
    continuedTo: text('continued_to'),
    earlierQueues: text('earlier_queues').array().notNull(),
    // The expression stands in 0019; here it is only said that nobody writes it.
    callerDigits: text('caller_digits').default(sql`null`).generatedAlwaysAs(sql`null`),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.enteredAt, table.callId, table.nth] })],
);

export const agentMetrics = pgTable(
  'agent_metrics',
  {
    tenantId: tenantId(),
    identity: text('identity').notNull(),
    countedAt: instant('counted_at').notNull(),
    callId: text('call_id').notNull(),
    kind: text('kind', { enum: ['answered', 'missed', 'outbound'] }).notNull(),
    nth: integer('nth').notNull(),
    queueId: text('queue_id').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    waitMs: count('wait_ms'),
    talkMs: count('talk_ms'),
    holdMs: count('hold_ms'),
    wrapUpMs: count('wrap_up_ms'),
    handledAt: instant('handled_at'),
    isTransferred: boolean('is_transferred').notNull(),
    isCompleted: boolean('is_completed').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.tenantId, table.identity, table.countedAt, table.callId, table.kind, table.nth],
    }),
  ],
);

export const agentIntervals = pgTable(
  'agent_intervals',
  {
    tenantId: tenantId(),
    identity: text('identity').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    state: text('state').notNull(),
    reason: text('reason'),
    callId: text('call_id'),
    queues: text('queues').array().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.identity, table.startedAt] })],
);

export const agentNames = pgTable(
  'agent_names',
  {
    tenantId: tenantId(),
    name: text('name').notNull(),
    rank: integer('rank').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
);

export const dirtyBuckets = pgTable(
  'dirty_buckets',
  {
    tenantId: tenantId(),
    kind: text('kind', { enum: ['queue', 'team', 'agent'] }).notNull(),
    bucket: instant('bucket').notNull(),
    id: text('id').notNull(),
    dueAt: instant('due_at').notNull().default(sql`'-infinity'`),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.kind, table.bucket, table.id] })],
);

export const performanceTrends = pgTable(
  'performance_trends',
  {
    tenantId: tenantId(),
    grain: text('grain', { enum: ['interval', 'hour', 'day', 'month'] }).notNull(),
    bucket: instant('bucket').notNull(),
    queueId: text('queue_id').notNull(),
    offered: count('offered').notNull(),
    outsideHours: count('outside_hours').notNull().default(0),
    refused: count('refused').notNull(),
    answered: count('answered').notNull(),
    handled: count('handled').notNull(),
    abandoned: count('abandoned').notNull(),
    timedOut: count('timed_out').notNull(),
    noAgents: count('no_agents').notNull(),
    keyExits: count('key_exits').notNull(),
    callbacks: count('callbacks').notNull(),
    overflowed: count('overflowed').notNull(),
    withdrawn: count('withdrawn').notNull(),
    lost: count('lost').notNull(),
    open: count('open').notNull(),
    transferred: count('transferred').notNull(),
    completed: count('completed').notNull(),
    missedRings: count('missed_rings').notNull(),
    callbackOffered: count('callback_offered').notNull(),
    callbackAnswered: count('callback_answered').notNull(),
    callbackAbandoned: count('callback_abandoned').notNull(),
    callbackUnsettled: count('callback_unsettled').notNull(),
    answeredWaitMs: count('answered_wait_ms').notNull(),
    abandonedWaitMs: count('abandoned_wait_ms').notNull(),
    talkMs: count('talk_ms').notNull(),
    holdMs: count('hold_ms').notNull(),
    holdKnown: count('hold_known').notNull(),
    wrapUpMs: count('wrap_up_ms').notNull(),
    maxWaitMs: count('max_wait_ms').notNull(),
    maxAnsweredWaitMs: count('max_answered_wait_ms').notNull(),
    thresholdSeconds: integer('threshold_seconds'),
    shortAbandonSeconds: integer('short_abandon_seconds'),
    met: count('met').notNull(),
    missed: count('missed').notNull(),
    abandonedWithin: count('abandoned_within').notNull(),
    short: count('short').notNull(),
    shortWithin: count('short_within').notNull(),
    callbackWithin: count('callback_within').notNull(),
    otherWithin: count('other_within').notNull(),
    flowOuts: count('flow_outs').notNull(),
    answeredWaits: bytea('answered_waits').notNull(),
    abandonedWaits: bytea('abandoned_waits').notNull(),
    callbackWaits: bytea('callback_waits').notNull(),
    otherWaits: bytea('other_waits').notNull(),
    repeats: jsonb('repeats').$type<[queues: string[], count: number][]>().notNull(),
    unsettled: count('unsettled').notNull(),
    contacts: bytea('contacts').notNull(),
    contactRepeats: jsonb('contact_repeats')
      .$type<[queues: string[], day: number, calls: number][]>()
      .notNull(),
    repeatsInQueue: count('repeats_in_queue').notNull().default(0),
    repeatsInSector: count('repeats_in_sector').notNull().default(0),
    contactRepeatsInQueue: bytea('contact_repeats_in_queue').notNull().default(sql`''`),
    contactRepeatsInSector: bytea('contact_repeats_in_sector').notNull().default(sql`''`),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.grain, table.queueId, table.bucket] })],
);

export const teamTrends = pgTable(
  'team_trends',
  {
    tenantId: tenantId(),
    grain: text('grain', { enum: ['interval', 'hour', 'day', 'month'] }).notNull(),
    bucket: instant('bucket').notNull(),
    queues: text('queues').array().notNull(),
    talkingMs: count('talking_ms').notNull(),
    outboundMs: count('outbound_ms').notNull(),
    holdMs: count('hold_ms').notNull(),
    ringingMs: count('ringing_ms').notNull(),
    wrapUpMs: count('wrap_up_ms').notNull(),
    pausedMs: count('paused_ms').notNull(),
    availableMs: count('available_ms').notNull(),
    closedMs: count('closed_ms').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.grain, table.bucket, table.queues] })],
);

export const agentTrends = pgTable(
  'agent_trends',
  {
    tenantId: tenantId(),
    grain: text('grain', { enum: ['day', 'month'] }).notNull(),
    bucket: instant('bucket').notNull(),
    identity: text('identity').notNull(),
    queueId: text('queue_id').notNull(),
    answered: count('answered').notNull(),
    handled: count('handled').notNull(),
    transferred: count('transferred').notNull(),
    completed: count('completed').notNull(),
    missedRings: count('missed_rings').notNull(),
    outbound: count('outbound').notNull(),
    callbackAnswered: count('callback_answered').notNull().default(0),
    answeredWaitMs: count('answered_wait_ms').notNull(),
    talkMs: count('talk_ms').notNull(),
    holdMs: count('hold_ms').notNull(),
    holdKnown: count('hold_known').notNull(),
    wrapUpMs: count('wrap_up_ms').notNull(),
    stateTalkingMs: count('state_talking_ms').notNull().default(0),
    stateOutboundMs: count('state_outbound_ms').notNull().default(0),
    stateHoldMs: count('state_hold_ms').notNull().default(0),
    stateRingingMs: count('state_ringing_ms').notNull().default(0),
    stateWrapUpMs: count('state_wrap_up_ms').notNull().default(0),
    statePausedMs: count('state_paused_ms').notNull().default(0),
    stateAvailableMs: count('state_available_ms').notNull().default(0),
    stateClosedMs: count('state_closed_ms').notNull().default(0),
    firstSignedInAt: instant('first_signed_in_at'),
    lastSignedInAt: instant('last_signed_in_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.grain, table.queueId, table.bucket, table.identity] }),
  ],
);

/** Whether live, history and a recount agree, by day: see drizzle/0025_reconciliations.sql. */
export const reconciliations = pgTable(
  'reconciliations',
  {
    tenantId: tenantId(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at').notNull(),
    revision: count('revision').notNull(),
    rules: text('rules').notNull().default(''),
    auditedAt: instant('audited_at').notNull(),
    settledAt: instant('settled_at').notNull(),
    seq: count('seq').notNull(),
    visits: count('visits').notNull(),
    compared: count('compared').notNull(),
    different: count('different').notNull(),
    differences: jsonb('differences').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.startedAt] })],
);
/** When the materialised views of drizzle/0029_scorecards.sql were made. */
export const scorecardRefreshes = pgTable('scorecard_refreshes', {
  name: text('name').primaryKey(),
  refreshedAt: instant('refreshed_at').notNull(),
});
