import { boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { ROLES } from '../../../shared/contract/permissions.ts';
import { bytea, createdAt, instant, tenantId } from './columns.ts';

/** Who and what comes in, and the audit of it. */

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
