import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { TransactionSql } from 'postgres';
import { z } from 'zod';
import { KEY_SCOPES, type KeyScope } from '../../../shared/contract/permissions.ts';
import type { ApiKey, CreatedApiKey } from '../../../shared/contract/rest.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { type Actor, recordAudit } from '../audit/audit.ts';
import type { Principal } from '../principal.ts';
import { rememberFound } from '../remembered.ts';
import { newSecret, sha256 } from '../secrets.ts';

/**
 * Keys of machines: `cb_` and 256 random bits. Only their SHA-256 is kept, which is enough for what cannot be guessed.
 * A key that was found is remembered for a moment; deleting it here forgets it at once, on other nodes within that time.
 */
export interface ApiKeys {
  create(by: Actor, wish: KeyWish): Promise<CreatedApiKey>;
  /** Those that hold, the oldest first. */
  list(tenantId: string): Promise<ApiKey[]>;
  /** Another key of the same name and scopes; the first ends after `overlapHours`. Null when the tenant has no such key. */
  rotate(
    by: Actor,
    of: { tenantId: string; id: string; overlapHours: number; createdBy: string },
  ): Promise<CreatedApiKey | null>;
  /** False when the tenant has no such key. */
  revoke(by: Actor, tenantId: string, id: string): Promise<boolean>;
  verify(key: string): Promise<Principal>;
  /** Looks every key up again: one may have been revoked elsewhere. */
  forget(): void;
}

export interface KeyWish {
  tenantId: string;
  name: string;
  scopes: readonly KeyScope[];
  createdBy: string;
  /** Null: until it is revoked. */
  expiresAt?: Date | null;
}

export const KEY_PREFIX = 'cb_';
const KEY_FORMAT = /^cb_[\w-]{43}$/;
/** Enough to recognise a key by, too little to guess the rest from. */
const SHOWN_CHARACTERS = 10;
/** A tenant with more has lost track of them. */
const KEYS_LIMIT = 200;

const scopesColumn = z.array(z.enum(KEY_SCOPES));

export function createApiKeys(db: Database, log: Logger, now: () => number = Date.now): ApiKeys {
  const remembered = rememberFound(find, now);

  async function find(key: string): Promise<Principal> {
    const hash = sha256(key);
    const [found] = await db.sql<
      { tenant_id: string; id: string; name: string; scopes: unknown; expires_at: Date | null }[]
    >`
      select tenant_id, id, name, scopes, expires_at from api_key_by_hash(${hash})`;
    if (!found) throw new AppError('unauthorized');
    const { tenant_id: tenantId, id: keyId, name } = found;
    void noteUse(tenantId, keyId);
    const expiresAt = found.expires_at?.getTime() ?? null;
    return { kind: 'key', tenantId, keyId, name, scopes: scopesColumn.parse(found.scopes), expiresAt };
  }

  /** When it was last used, to the minute: telling which keys are still needed must not cost a write a request. */
  async function noteUse(tenantId: string, id: string): Promise<void> {
    try {
      await inTenant(
        db,
        tenantId,
        (tx) => tx`
          update api_keys set last_used_at = clock_timestamp()
          where tenant_id = ${tenantId} and id = ${id}
            and (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')`,
      );
    } catch (error) {
      log.debug({ err: error }, 'key:use_not_noted');
    }
  }

  async function insert(tx: TransactionSql, wish: KeyWish): Promise<CreatedApiKey> {
    const key = newSecret(KEY_PREFIX);
    const { tenantId, name, scopes, createdBy, expiresAt = null } = wish;
    const [row] = await tx<Row[]>`
      insert into api_keys (tenant_id, id, name, prefix, hash, scopes, created_by, expires_at)
      select ${tenantId}, ${randomUUID()}, ${name}, ${key.slice(0, SHOWN_CHARACTERS)}, ${sha256(key)},
        ${[...new Set(scopes)]}, ${createdBy}, ${expiresAt}
      where (select count(*) from api_keys where tenant_id = ${tenantId} and ${holds(tx)}) < ${KEYS_LIMIT}
      returning ${columns(tx)}`;
    if (row) return { ...toApiKey(row), key };
    throw new AppError('conflict', {
      message: `There are ${KEYS_LIMIT} keys already: delete some first.`,
    });
  }

  return {
    async create(by, wish) {
      if (wish.expiresAt && wish.expiresAt.getTime() <= now()) {
        throw new AppError('bad_request', {
          issues: [{ path: 'expiresAt', message: 'must be in the future' }],
        });
      }
      return inTenant(db, wish.tenantId, async (tx) => {
        const made = await insert(tx, wish);
        const { id, name, scopes, expiresAt } = made;
        await recordAudit(tx, wish.tenantId, by, {
          action: 'key.created',
          subject: { id, name },
          after: { scopes, expiresAt },
        });
        return made;
      });
    },

    async list(tenantId) {
      const rows = await inTenant(
        db,
        tenantId,
        (tx) => tx<Row[]>`
          select ${columns(tx)} from api_keys where tenant_id = ${tenantId} and ${holds(tx)}
          order by created_at, id`,
      );
      return rows.map(toApiKey);
    },

    async rotate(by, { tenantId, id, overlapHours, createdBy }) {
      const made = await inTenant(db, tenantId, async (tx) => {
        const [old] = await tx<Row[]>`
          update api_keys set expires_at = least(
            expires_at, clock_timestamp() + ${overlapHours}::integer * interval '1 hour')
          where tenant_id = ${tenantId} and id = ${id} and ${holds(tx)}
          returning ${columns(tx)}`;
        if (!old) return null;
        const scopes = scopesColumn.parse(old.scopes);
        const next = await insert(tx, { tenantId, name: old.name, scopes, createdBy });
        await recordAudit(tx, tenantId, by, {
          action: 'key.rotated',
          subject: { id, name: old.name },
          after: { successor: next.id, overlapHours },
        });
        return next;
      });
      remembered.forget();
      return made;
    },

    async revoke(by, tenantId, id) {
      const isRevoked = await inTenant(db, tenantId, async (tx) => {
        const [revoked] = await tx<{ name: string }[]>`
          update api_keys set revoked_at = clock_timestamp()
          where tenant_id = ${tenantId} and id = ${id} and revoked_at is null returning name`;
        if (!revoked) return false;
        const subject = { id, name: revoked.name };
        await recordAudit(tx, tenantId, by, { action: 'key.revoked', subject });
        return true;
      });
      remembered.forget();
      return isRevoked;
    },

    forget: remembered.forget,

    async verify(key) {
      if (!KEY_FORMAT.test(key)) throw new AppError('unauthorized');
      return remembered.verify(key);
    },
  };
}

interface Row {
  id: string;
  name: string;
  prefix: string;
  scopes: unknown;
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date | null;
}

const columns = (tx: TransactionSql) => tx`id, name, prefix, scopes, created_at, last_used_at, expires_at`;
const holds = (tx: TransactionSql) =>
  tx`revoked_at is null and (expires_at is null or expires_at > clock_timestamp())`;

function toApiKey({ created_at, last_used_at, expires_at, scopes, ...row }: Row): ApiKey {
  return {
    ...row,
    scopes: scopesColumn.parse(scopes),
    createdAt: created_at.toISOString(),
    lastUsedAt: last_used_at?.toISOString() ?? null,
    expiresAt: expires_at?.toISOString() ?? null,
  };
}
