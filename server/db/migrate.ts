import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as drizzleMigrate } from 'drizzle-orm/postgres-js/migrator';
import type { Logger } from 'pino';
import postgres, { type Sql } from 'postgres';
import { z } from 'zod';
import { ROOT } from '../root.ts';
import { waitForDatabase } from './reach.ts';
import { ensureRoles, INSUFFICIENT_PRIVILEGE, type Owner, SETUP_LOCK, type Urls } from './roles.ts';

/** Versions whose row security, partitions and views we rely on, and test. */
const OLDEST_POSTGRES = 15;
const NEWEST_POSTGRES = 18;

/** Waiting for another node's migrations, or making an index of a large table, outlasts a server's usual limits. */
const PATIENT = { statement_timeout: 0, lock_timeout: 0, idle_in_transaction_session_timeout: 0 };

const MIGRATIONS = join(ROOT, 'drizzle');

const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) });

/**
 * Brings the database to this Callboard's schema, as its owner. One node at a time: the lock is a session's, taken on
 * a connection that goes straight to PostgreSQL, and ends with it even if this process is killed [S82].
 */
export async function migrate(urls: Urls, log: Logger, folder = MIGRATIONS): Promise<void> {
  const sql = postgres(urls.owner, { max: 1, connect_timeout: 30, onnotice: () => {}, connection: PATIENT });
  try {
    await waitForDatabase(sql, urls.owner, log);
    await checkVersion(sql);
    await sql`select pg_advisory_lock(${SETUP_LOCK})`;
    const owner = await ensureRoles(sql, urls);
    await applyMigrations(urls, owner, log, folder);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function checkVersion(sql: Sql): Promise<void> {
  const [row] = await sql<{ version: number }[]>`
    select current_setting('server_version_num')::integer as version`;
  const major = Math.floor((row?.version ?? 0) / 10_000);
  if (major < OLDEST_POSTGRES || major > NEWEST_POSTGRES) {
    throw new Error(
      `The database is PostgreSQL ${major}; Callboard needs PostgreSQL ${OLDEST_POSTGRES} to ${NEWEST_POSTGRES}.`,
    );
  }
}

async function applyMigrations(urls: Urls, owner: Owner, log: Logger, folder: string): Promise<void> {
  const sql = postgres(urls.owner, {
    max: 1,
    onnotice: () => {},
    // Becoming the owner for the whole connection: every object is then made as its.
    connection: owner.mustBecome ? { ...PATIENT, role: owner.name } : PATIENT,
  });
  try {
    const journal = journalSchema.parse(
      JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8')),
    );
    const known = new Set(journal.entries.map((entry) => entry.when));
    const before = await appliedMigrations(sql);
    const unknown = before.filter((when) => !known.has(when));
    if (unknown.length > 0) {
      throw new Error(
        `The database was migrated by a newer Callboard (${unknown.length} migrations unknown to this one). ` +
          'Start that version or a later one: this one would not understand its data.',
      );
    }
    await drizzleMigrate(drizzle(sql), { migrationsFolder: folder }).catch(explain);
    const after = await appliedMigrations(sql);
    // Drizzle skips, silently, a migration dated before the latest applied one.
    const missing = journal.entries.filter((entry) => !after.includes(entry.when));
    if (missing.length > 0) {
      throw new Error(
        `Migrations were skipped: ${missing.map((entry) => entry.tag).join(', ')}. ` +
          'Their "when" in drizzle/meta/_journal.json must be later than that of every migration before them.',
      );
    }
    if (after.length > before.length)
      log.info({ applied: after.length - before.length }, 'database:migrated');
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Drizzle wraps what PostgreSQL said. */
function explain(error: unknown): never {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  if (cause instanceof postgres.PostgresError && cause.code === INSUFFICIENT_PRIVILEGE) {
    throw new Error(
      `The owner may not migrate the database (${cause.message}). It has to own the database: ` +
        'alter database … owner to …, or name its owner in DATABASE_URL (DIRECT_DATABASE_URL where both are given).',
      { cause },
    );
  }
  throw error;
}

async function appliedMigrations(sql: Sql): Promise<number[]> {
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as found`;
  if (!table?.found) return [];
  const rows = await sql<{ at: string }[]>`
    select created_at::text as at from drizzle.__drizzle_migrations order by created_at`;
  return rows.map((row) => Number(row.at));
}
