import { sql } from 'drizzle-orm';
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
import { bytea, count, createdAt, instant, tenantId } from './columns.ts';

/** Reviews of calls: see drizzle/0031_quality.sql, 0038_sums_of_reviews.sql and 0041_points_of_reviews.sql. */

export const qualityForms = pgTable(
  'quality_forms',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    formId: uuid('form_id').notNull(),
    version: integer('version').notNull(),
    state: text('state', { enum: ['draft', 'published', 'retired'] }).notNull(),
    name: text('name').notNull(),
    guidance: text('guidance').notNull(),
    passMark: doublePrecision('pass_mark').notNull(),
    sections: jsonb('sections').notNull(),
    revision: integer('revision').notNull().default(1),
    createdAt: createdAt(),
    createdBy: text('created_by').notNull(),
    publishedAt: instant('published_at'),
    retiredAt: instant('retired_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const callQualityScores = pgTable(
  'call_quality_scores',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    callId: text('call_id').notNull(),
    agentId: text('agent_id'),
    queueId: text('queue_id'),
    calledAt: instant('called_at').notNull(),
    isCallKnown: boolean('is_call_known').notNull(),
    origin: text('origin', { enum: ['review', 'event'] }).notNull(),
    eventSeq: count('event_seq'),
    reviewerId: uuid('reviewer_id'),
    reviewerName: text('reviewer_name').notNull(),
    formVersionId: uuid('form_version_id'),
    formName: text('form_name').notNull(),
    answers: jsonb('answers').notNull(),
    comment: text('comment').notNull().default(''),
    score: doublePrecision('score'),
    isPassed: boolean('is_passed'),
    failedCritical: text('failed_critical').array().notNull().default([]),
    // The expression stands in 0038; here it is only said that nobody writes it.
    hasFailedCritical: boolean('has_failed_critical')
      .notNull()
      .default(sql`false`)
      .generatedAlwaysAs(sql`false`),
    // These two are kept by triggers of 0041.
    points: bytea('points'),
    hasOthers: boolean('has_others').notNull().default(false),
    state: text('state', { enum: ['draft', 'signed', 'acknowledged', 'disputed', 'resolved'] }).notNull(),
    version: integer('version').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    signedAt: instant('signed_at'),
    acknowledged: jsonb('acknowledged'),
    disputed: jsonb('disputed'),
    resolved: jsonb('resolved'),
    original: jsonb('original'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const qualityCheckpoints = pgTable('quality_checkpoints', {
  tenantId: tenantId().primaryKey(),
  seq: count('seq').notNull().default(0),
  recordedAt: instant('recorded_at').notNull().default(new Date(0)),
  version: count('version').notNull().default(0),
  changes: count('changes').notNull().default(0),
});
