import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { ROLES } from '../../shared/contract/permissions.ts';
import type { OpeningHours, PauseLimit } from '../../shared/contract/settingsRest.ts';

/**
 * The tables as Drizzle queries them. The migrations in `drizzle/` are what makes them: partitions, policies and
 * functions cannot be said here. A test holds both to the same columns.
 */

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: 'number' });
const tenantId = () => uuid('tenant_id').notNull();
const createdAt = () => instant('created_at').notNull().defaultNow();

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

export const accounts = pgTable('accounts', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull(),
  name: text('name').notNull(),
  passwordHash: text('password_hash').notNull(),
  createdAt: createdAt(),
  passwordChangedAt: instant('password_changed_at').notNull().defaultNow(),
  disabledAt: instant('disabled_at'),
  isPlatformOwner: boolean('is_platform_owner').notNull().default(false),
  lastTenantId: uuid('last_tenant_id'),
});

export const accountIdentities = pgTable(
  'account_identities',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    accountId: uuid('account_id').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.issuer, table.subject] })],
);

export const memberships = pgTable(
  'memberships',
  {
    tenantId: tenantId(),
    accountId: uuid('account_id').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    sectors: text('sectors').array().notNull().default([]),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.accountId] })],
);

export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    familyId: uuid('family_id').notNull(),
    accountId: uuid('account_id').notNull(),
    hash: bytea('hash').notNull(),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
    revokedAt: instant('revoked_at'),
    startedAt: instant('started_at').notNull().defaultNow(),
    userAgent: text('user_agent').notNull().default(''),
    address: text('address').notNull().default(''),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const apiKeys = pgTable(
  'api_keys',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    hash: bytea('hash').notNull(),
    scopes: text('scopes').array().notNull(),
    createdAt: createdAt(),
    createdBy: uuid('created_by'),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
    expiresAt: instant('expires_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const invitations = pgTable(
  'invitations',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    sectors: text('sectors').array().notNull().default([]),
    hash: bytea('hash').notNull(),
    createdAt: createdAt(),
    createdBy: uuid('created_by'),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const passwordResets = pgTable('password_resets', {
  hash: bytea('hash').primaryKey(),
  accountId: uuid('account_id').notNull(),
  madeBy: uuid('made_by'),
  createdAt: createdAt(),
  expiresAt: instant('expires_at').notNull(),
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
    state: text('state', { enum: ['running', 'done', 'failed'] })
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
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

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

export const analyticsAuditLog = pgTable(
  'analytics_audit_log',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull().defaultRandom(),
    occurredAt: instant('occurred_at').notNull().defaultNow(),
    actorKind: text('actor_kind', { enum: ['account', 'key', 'screen', 'system', 'stranger'] }).notNull(),
    actorId: text('actor_id'),
    actorName: text('actor_name').notNull(),
    action: text('action').notNull(),
    subjectId: text('subject_id'),
    subjectName: text('subject_name'),
    before: jsonb('before'),
    after: jsonb('after'),
    address: text('address'),
    requestId: text('request_id'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const screens = pgTable(
  'screens',
  {
    tenantId: tenantId(),
    id: uuid('id').notNull(),
    name: text('name').notNull(),
    board: text('board').notNull(),
    sectors: text('sectors').array().notNull().default([]),
    audience: text('audience', { enum: ['supervisor', 'floor', 'visitor'] }).notNull(),
    claimHash: bytea('claim_hash'),
    hash: bytea('hash'),
    previousHash: bytea('previous_hash'),
    renewedAt: instant('renewed_at'),
    createdAt: createdAt(),
    createdBy: uuid('created_by'),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    lastSeenAt: instant('last_seen_at'),
    leftAt: instant('left_at'),
    lostAt: instant('lost_at'),
    build: text('build').notNull().default(''),
    resolution: text('resolution').notNull().default(''),
    address: text('address').notNull().default(''),
    command: text('command', { enum: ['reload', 'identify'] }),
    commandNumber: integer('command_number').notNull().default(0),
    commandedAt: instant('commanded_at'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] })],
);

export const screenPairings = pgTable('screen_pairings', {
  id: uuid('id').primaryKey(),
  codeHash: bytea('code_hash').notNull(),
  secretHash: bytea('secret_hash').notNull(),
  createdAt: createdAt(),
  expiresAt: instant('expires_at').notNull(),
});
