import {
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { OpeningHours, PauseLimit } from '../../../shared/contract/settingsRest.ts';
import { bytea, count, createdAt, instant, tenantId } from './columns.ts';

/** Call centres, and what each has decided. */

export const tenants = pgTable('tenants', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  slug: text('slug').notNull(),
  createdAt: createdAt(),
  playsDemo: boolean('plays_demo'),
});

export const tenantDeletions = pgTable('tenant_deletions', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  deletedAt: instant('deleted_at').notNull().defaultNow(),
  deletedBy: text('deleted_by').notNull(),
  sweptAt: instant('swept_at'),
});

export const settings = pgTable('settings', {
  tenantId: tenantId().primaryKey(),
  version: count('version').notNull().default(1),
  timeZone: text('time_zone').notNull().default('UTC'),
  weekStart: integer('week_start').notNull().default(1),
  dayStartMinutes: integer('day_start_minutes').notNull().default(0),
  definition: text('definition').notNull().default('standard'),
  genesysAbandonsOut: boolean('genesys_abandons_out').notNull().default(false),
  genesysShortAbandonsIn: boolean('genesys_short_abandons_in').notNull().default(false),
  genesysFlowOutsIn: boolean('genesys_flow_outs_in').notNull().default(false),
  thresholdSeconds: integer('threshold_seconds').notNull().default(20),
  shortAbandonSeconds: integer('short_abandon_seconds').notNull().default(5),
  wrapUpSeconds: integer('wrap_up_seconds').notNull().default(0),
  maxWaitSeconds: integer('max_wait_seconds').notNull().default(7_200),
  minimumSample: integer('minimum_sample').notNull().default(10),
  agentUnheardHours: integer('agent_unheard_hours').notNull().default(24),
  sourceSilentSeconds: integer('source_silent_seconds').notNull().default(900),
  pauseLimits: jsonb('pause_limits').$type<PauseLimit[]>().notNull().default([]),
  callerPrivacy: text('caller_privacy', { enum: ['hashed', 'clear'] })
    .notNull()
    .default('hashed'),
  callerKey: bytea('caller_key').notNull(),
  serviceLevelTarget: doublePrecision('service_level_target').notNull().default(0.8),
  serviceLevelCritical: doublePrecision('service_level_critical').notNull().default(0.6),
  abandonmentLimit: doublePrecision('abandonment_limit').notNull().default(0.05),
  abandonmentCritical: doublePrecision('abandonment_critical').notNull().default(0.1),
  completionTarget: doublePrecision('completion_target'),
  occupancyLimit: doublePrecision('occupancy_limit'),
  asaTargetSeconds: integer('asa_target_seconds'),
  ahtTargetSeconds: integer('aht_target_seconds'),
  firstContactDays: integer('first_contact_days').notNull().default(7),
  enableCsat: boolean('enable_csat').notNull().default(true),
  enableQuality: boolean('enable_quality').notNull().default(true),
  enableCost: boolean('enable_cost').notNull().default(true),
  reviewsPerAgentPerMonth: integer('reviews_per_agent_per_month').notNull().default(4),
  eventRetentionMonths: integer('event_retention_months'),
  factRetentionMonths: integer('fact_retention_months'),
  rollupRetentionMonths: integer('rollup_retention_months'),
  logEpoch: count('log_epoch').notNull().default(0),
});

export const sectors = pgTable(
  'sectors',
  { tenantId: tenantId(), id: text('id').notNull(), name: text('name').notNull(), createdAt: createdAt() },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const queues = pgTable(
  'queues',
  {
    tenantId: tenantId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    sectorId: text('sector_id').notNull().default('unassigned'),
    thresholdSeconds: integer('threshold_seconds'),
    shortAbandonSeconds: integer('short_abandon_seconds'),
    wrapUpSeconds: integer('wrap_up_seconds'),
    maxWaitSeconds: integer('max_wait_seconds'),
    openingHours: jsonb('opening_hours').$type<OpeningHours>(),
    serviceLevelTarget: doublePrecision('service_level_target'),
    abandonmentLimit: doublePrecision('abandonment_limit'),
    asaTargetSeconds: integer('asa_target_seconds'),
    ahtTargetSeconds: integer('aht_target_seconds'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const agents = pgTable(
  'agents',
  {
    tenantId: tenantId(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    sectorId: text('sector_id').notNull().default('unassigned'),
    /** Null: initials. */
    nickname: text('nickname'),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const agentAliases = pgTable(
  'agent_aliases',
  {
    tenantId: tenantId(),
    alias: text('alias').notNull(),
    agentId: text('agent_id').notNull(),
    origin: text('origin', { enum: ['inferred', 'manual'] }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.alias] })],
);
