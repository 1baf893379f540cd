import { randomUUID } from 'node:crypto';
import pino from 'pino';
import postgres, { type Sql } from 'postgres';
import { inject } from 'vitest';
import { type Database, enter } from './connect.ts';
import { deriveUrls } from './roles.ts';
import { cloneTemplate, dropDatabase, TEST_TENANTS, type TestServer } from './testing/server.ts';

/** A migrated database of a test's own, with two tenants. */
export interface TestDatabase {
  /** As the server sees it: the runtime role, bound by row security. */
  db: Database;
  /** A superuser, not bound by row security: for counting what is really there. */
  ownerSql: Sql;
  /** What a server under test takes as DATABASE_URL. */
  databaseUrl: string;
  tenantId: string;
  tenantB: string;
  newTenant(name: string): Promise<string>;
  close(): Promise<void>;
}

export async function createTestDatabase(server: TestServer = inject('testServer')): Promise<TestDatabase> {
  const url = await cloneTemplate(server);
  const db = await enter(deriveUrls(url, null), pino({ level: 'silent' }));
  const ownerSql = postgres(url, { max: 4, onnotice: () => {} });
  const [tenantId, tenantB] = TEST_TENANTS;
  return {
    db,
    ownerSql,
    databaseUrl: url,
    tenantId,
    tenantB,
    async newTenant(name) {
      const id = randomUUID();
      await db.sql`select create_tenant(${id}, ${name}, ${id}, 'UTC')`;
      return id;
    },
    async close() {
      await Promise.all([db.close(), ownerSql.end({ timeout: 5 })]);
      await dropDatabase(server.url, new URL(url).pathname.slice(1));
    },
  };
}
