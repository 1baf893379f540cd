import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { KEY_SCOPES, type KeyScope } from '../../shared/contract/permissions.ts';
import type { apiKey, createdApiKey } from '../../shared/contract/rest.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import type { Principal } from './principal.ts';

/**
 * Keys of machines: `cb_` and 256 random bits. Only their SHA-256 is kept, which is enough for what cannot be guessed.
 * A key that was found is remembered for two seconds, so that a sender of thousands of requests does not cost as many
 * lookups; deleting it here forgets it at once, on other nodes within that time.
 */
export interface ApiKeys {
  create(options: {
    tenantId: string;
    name: string;
    scopes: KeyScope[];
    createdBy: string;
  }): Promise<z.infer<typeof createdApiKey>>;
  list(tenantId: string): Promise<z.infer<typeof apiKey>[]>;
  /** False when the tenant has no such key. */
  revoke(tenantId: string, id: string): Promise<boolean>;
  verify(key: string): Promise<Principal>;
  /** Looks every key up again: one may have been revoked elsewhere. */
  forget(): void;
}

export const KEY_PREFIX = 'cb_';
const KEY_FORMAT = /^cb_[\w-]{43}$/;
/** Enough to recognise a key by, too little to guess the rest from. */
const SHOWN_CHARACTERS = 10;
const REMEMBERED_MS = 2_000;
const REMEMBERED_LIMIT = 1_000;
/** A tenant with more has lost track of them. */
const KEYS_LIMIT = 200;

const scopesColumn = z.array(z.enum(KEY_SCOPES));

export function createApiKeys(db: Database, log: Logger, now: () => number = Date.now): ApiKeys {
  const remembered = new Map<string, { principal: Principal; until: number }>();

  async function find(key: string): Promise<Principal> {
    const hash = sha256(key);
    const [found] = await db.sql<{ tenant_id: string; id: string; scopes: unknown }[]>`
      select tenant_id, id, scopes from api_key_by_hash(${hash})`;
    if (!found) throw new AppError('unauthorized');
    const { tenant_id: tenantId, id: keyId } = found;
    void noteUse(tenantId, keyId);
    return { kind: 'key', tenantId, keyId, scopes: scopesColumn.parse(found.scopes), expiresAt: null };
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

  return {
    async create({ tenantId, name, scopes, createdBy }) {
      const key = KEY_PREFIX + randomBytes(32).toString('base64url');
      const made = {
        id: randomUUID(),
        name,
        prefix: key.slice(0, SHOWN_CHARACTERS),
        scopes: [...new Set(scopes)],
      };
      const [row] = await inTenant(
        db,
        tenantId,
        (tx) => tx<{ created_at: Date }[]>`
          insert into api_keys (tenant_id, id, name, prefix, hash, scopes, created_by)
          select ${tenantId}, ${made.id}, ${name}, ${made.prefix}, ${sha256(key)}, ${made.scopes}, ${createdBy}
          where (select count(*) from api_keys where tenant_id = ${tenantId} and revoked_at is null) < ${KEYS_LIMIT}
          returning created_at`,
      );
      if (!row) {
        throw new AppError('conflict', {
          message: `There are ${KEYS_LIMIT} keys already: delete some first.`,
        });
      }
      return { ...made, createdAt: row.created_at.toISOString(), key };
    },

    async list(tenantId) {
      const rows = await inTenant(
        db,
        tenantId,
        (tx) => tx<{ id: string; name: string; prefix: string; scopes: unknown; created_at: Date }[]>`
          select id, name, prefix, scopes, created_at from api_keys
          where tenant_id = ${tenantId} and revoked_at is null order by created_at, id`,
      );
      return rows.map(({ created_at, scopes, ...row }) => ({
        ...row,
        scopes: scopesColumn.parse(scopes),
        createdAt: created_at.toISOString(),
      }));
    },

    async revoke(tenantId, id) {
      const revoked = await inTenant(
        db,
        tenantId,
        (tx) => tx`
          update api_keys set revoked_at = clock_timestamp()
          where tenant_id = ${tenantId} and id = ${id} and revoked_at is null`,
      );
      remembered.clear();
      return revoked.count > 0;
    },

    forget: () => remembered.clear(),

    async verify(key) {
      if (!KEY_FORMAT.test(key)) throw new AppError('unauthorized');
      const known = remembered.get(key);
      if (known && now() < known.until) return known.principal;
      const principal = await find(key);
      remembered.delete(key);
      const [oldest] = remembered.keys();
      if (remembered.size >= REMEMBERED_LIMIT && oldest !== undefined) remembered.delete(oldest);
      remembered.set(key, { principal, until: now() + REMEMBERED_MS });
      return principal;
    },
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
