import { isDeepStrictEqual } from 'node:util';
import type { FastifyRequest } from 'fastify';
import type { TransactionSql } from 'postgres';
import type { AuditAction } from '../../../shared/contract/audit.ts';
import type { Principal } from '../principal.ts';

/** Who did something, as the audit keeps it. Whoever changes something for somebody takes this as an argument. */
export interface Actor {
  kind: 'account' | 'key' | 'screen' | 'system' | 'stranger';
  id: string | null;
  /** An e-mail address, for people. */
  name: string;
  address: string | null;
  requestId: string | null;
}

/** Callboard itself: at start, by the clock. */
export const SYSTEM: Actor = { kind: 'system', id: null, name: 'Callboard', address: null, requestId: null };

export interface AuditEntry {
  action: AuditAction;
  /** What it was done to, by id and by the name it had then. */
  subject?: { id: string; name: string };
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/**
 * Writes down what is done, in the transaction that does it: neither is there without the other. Secrets never come
 * here: say that a password was changed, not what to.
 */
export async function recordAudit(
  tx: TransactionSql,
  tenantId: string,
  actor: Actor,
  entry: AuditEntry,
): Promise<void> {
  const { action, subject, before, after } = entry;
  const { kind, id, name, address, requestId } = actor;
  await tx`
    insert into analytics_audit_log (
      tenant_id, actor_kind, actor_id, actor_name, action, subject_id, subject_name, before, after, address, request_id)
    values (
      ${tenantId}, ${kind}, ${id}, ${name}, ${action}, ${subject?.id ?? null}, ${subject?.name ?? null},
      ${jsonOf(before)}::text::jsonb, ${jsonOf(after)}::text::jsonb, ${address}, ${requestId})`;
}

/** Nobody known: what is left to say is where it came from. */
export function stranger(from: { address: string; requestId: string }): Actor {
  return { kind: 'stranger', id: null, name: '', address: from.address, requestId: from.requestId };
}

/** Whoever sent a request that a guard has let in. */
export function actorOf(request: FastifyRequest): Actor {
  return actorFrom(request, request.principal);
}

/** Somebody known, before a guard has let him in. */
export function actorFrom(request: FastifyRequest, principal: Principal): Actor {
  return { ...named(principal), address: request.ip, requestId: request.id };
}

/** What an entry says of a change: the fields that differ, as they were and as they are; null where none does. */
export function changesOf<T extends object>(
  before: T,
  after: T,
): { before: Record<string, unknown>; after: Record<string, unknown> } | null {
  const old = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(after).filter(([field, value]) => !isDeepStrictEqual(old.get(field), value));
  if (changed.length === 0) return null;
  return {
    before: Object.fromEntries(changed.map(([field]) => [field, old.get(field)])),
    after: Object.fromEntries(changed),
  };
}

function named(principal: Principal): Pick<Actor, 'kind' | 'id' | 'name'> {
  switch (principal.kind) {
    case 'account':
      return { kind: 'account', id: principal.accountId, name: principal.email };
    case 'key':
      return { kind: 'key', id: principal.keyId, name: principal.name };
    case 'screen':
      return { kind: 'screen', id: principal.screenId, name: principal.name };
  }
}

function jsonOf(values: Record<string, unknown> | undefined): string | null {
  return values === undefined ? null : JSON.stringify(values);
}
