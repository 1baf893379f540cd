import { date, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, count, createdAt, instant, tenantId } from './columns.ts';

/** The log, where its events came from, and the state saved of them. */

export const eventHeads = pgTable('event_heads', {
  tenantId: tenantId().primaryKey(),
  seq: count('seq').notNull().default(0),
  recordedAt: instant('recorded_at').notNull().defaultNow(),
});

export const callEvents = pgTable(
  'call_events',
  {
    tenantId: tenantId(),
    seq: count('seq').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    occurredAt: instant('occurred_at').notNull(),
    kind: text('kind').notNull(),
    source: text('source').notNull(),
    sourceKey: text('source_key').notNull(),
    sourceOrder: count('source_order').notNull(),
    callId: text('call_id'),
    queueId: text('queue_id'),
    agentId: text('agent_id'),
    importId: uuid('import_id'),
    body: jsonb('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.seq, table.recordedAt] })],
);

export const eventKeys = pgTable(
  'event_keys',
  {
    tenantId: tenantId(),
    key: uuid('key').notNull(),
    seq: count('seq').notNull(),
    digest: bytea('digest').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.key] })],
);

export const sources = pgTable(
  'sources',
  {
    tenantId: tenantId(),
    id: text('id').notNull(),
    namespace: text('namespace').notNull().default(''),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const imports = pgTable(
  'imports',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    source: text('source').notNull(),
    name: text('name').notNull(),
    state: text('state', { enum: ['running', 'done', 'failed', 'voided'] })
      .notNull()
      .default('running'),
    lines: count('lines').notNull().default(0),
    accepted: count('accepted').notNull().default(0),
    duplicates: count('duplicates').notNull().default(0),
    rejected: count('rejected').notNull().default(0),
    warnings: count('warnings').notNull().default(0),
    lastSeq: count('last_seq').notNull().default(0),
    error: text('error'),
    startedAt: instant('started_at').notNull().defaultNow(),
    finishedAt: instant('finished_at'),
    firstSeq: count('first_seq').notNull().default(1),
    voidedAt: instant('voided_at'),
    voided: count('voided').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const retentionMarks = pgTable('retention_marks', {
  tenantId: tenantId().primaryKey(),
  eventsSince: instant('events_since').notNull().default(new Date(0)),
  factsSince: instant('facts_since').notNull().default(new Date(0)),
  rollupsSince: instant('rollups_since').notNull().default(new Date(0)),
  keysFrom: count('keys_from').notNull().default(1),
});

export const importPositions = pgTable(
  'import_positions',
  {
    tenantId: tenantId(),
    source: text('source').notNull(),
    path: text('path').notNull(),
    inode: text('inode').notNull(),
    byteOffset: count('byte_offset').notNull(),
    line: count('line').notNull(),
    fingerprint: text('fingerprint').notNull(),
    state: jsonb('state').notNull().default({}),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.source, table.path] })],
);

export const ingestRejections = pgTable(
  'ingest_rejections',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull().defaultRandom(),
    importId: uuid('import_id'),
    source: text('source').notNull(),
    index: integer('index'),
    line: count('line'),
    field: text('field').notNull(),
    message: text('message').notNull(),
    raw: text('raw').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const liveCheckpoints = pgTable(
  'live_checkpoints',
  {
    tenantId: tenantId(),
    stateVersion: text('state_version').notNull(),
    seq: count('seq').notNull(),
    chunk: integer('chunk').notNull(),
    chunks: integer('chunks').notNull(),
    body: text('body').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.stateVersion, table.seq, table.chunk] })],
);

export const importerHealth = pgTable(
  'importer_health',
  {
    tenantId: tenantId(),
    day: date('day').notNull(),
    source: text('source').notNull(),
    queueId: text('queue_id').notNull().default(''),
    kind: text('kind').notNull(),
    count: count('count').notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
    example: text('example'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.day, table.source, table.queueId, table.kind] })],
);

export const ingestCounts = pgTable(
  'ingest_counts',
  {
    tenantId: tenantId(),
    bucket: instant('bucket').notNull(),
    source: text('source').notNull(),
    kind: text('kind', { enum: ['duplicate', 'warning'] }).notNull(),
    count: count('count').notNull(),
    firstAt: instant('first_at').notNull(),
    lastAt: instant('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.bucket, table.source, table.kind] })],
);
