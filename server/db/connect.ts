import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Logger } from 'pino';
import postgres, { type Sql, type TransactionSql } from 'postgres';
import { arrayTypes } from './arrayTypes.ts';
import { startEmbedded } from './embedded/embedded.ts';
import { migrate } from './migrate.ts';
import { keepPartitionsAhead } from './partitions.ts';
import { deriveUrls, type Urls } from './roles.ts';
import { schema } from './schema.ts';
import { type TransactionMode, transaction } from './transaction.ts';
import { watchedSockets } from './watchedSocket.ts';

export interface Database {
  /** Pool of the runtime role. */
  sql: Sql;
  /** Drizzle over a pool of its own with the same role: Drizzle replaces its client's date parsers. */
  orm: PostgresJsDatabase<typeof schema>;
  /** The runtime role straight to PostgreSQL: LISTEN and advisory locks, which poolers lose. */
  directUrl: string;
  close(): Promise<void>;
}

const POOL_SIZE = 10;
/** Requests that go through Drizzle are few and short: settings, accounts. */
const ORM_POOL_SIZE = 4;
/** No statement of ours goes without a word for this long; only a dead connection does. */
const SILENCE_MS = 60_000;

/**
 * The database, ready to use: started when it is the embedded one, migrated, and entered as the runtime role.
 * Throws with a sentence for the operator when it cannot be or must not be used.
 */
export async function openDatabase(options: {
  databaseUrl: string | null;
  directDatabaseUrl: string | null;
  dataDir: string;
  log: Logger;
  poolSize?: number;
}): Promise<Database> {
  const { log, poolSize } = options;
  if (options.databaseUrl !== null) {
    const urls = deriveUrls(options.databaseUrl, options.directDatabaseUrl);
    await migrate(urls, log);
    return enter(urls, log, poolSize);
  }
  const embedded = await startEmbedded({ dataDir: options.dataDir, log });
  try {
    const urls = deriveUrls(await embeddedDatabase(embedded.url), null);
    await migrate(urls, log);
    const database = await enter(urls, log, poolSize);
    return {
      ...database,
      async close() {
        await database.close();
        await embedded.close();
      },
    };
  } catch (error) {
    await embedded.close();
    throw error;
  }
}

/**
 * Runs `work` in a transaction that sees and writes one tenant's rows [L10]. The setting ends with the transaction,
 * so a pooled connection carries no tenant on [S41].
 */
export async function inTenant<T>(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  work: (tx: TransactionSql) => Promise<T>,
  mode: TransactionMode = '',
): Promise<T> {
  const inIt = async (tx: TransactionSql) => {
    // Sent without waiting for its answer: the connection keeps the order, and every feed read saves a round trip.
    const named = tx`select set_config('app.tenant_id', ${tenantId}, true)`.execute();
    const [result] = await Promise.all([work(tx), named]);
    return result;
  };
  return transaction(db.sql, inIt, mode);
}

/**
 * As `inTenant`, of what is read by a few short statements, all of one instant. They are answered by the plans the connection
 * keeps: to plan each anew for its own days takes longer than to answer it. And by one process each: some thousand rows are added up
 * before another had started to help, which the planner takes to cost less than it does.
 */
export function readInTenant<T>(
  db: Pick<Database, 'sql'>,
  tenantId: string,
  work: (tx: TransactionSql) => Promise<T>,
): Promise<T> {
  const inIt = async (tx: TransactionSql) => {
    const named = tx`
      select set_config('app.tenant_id', ${tenantId}, true), set_config('plan_cache_mode', 'force_generic_plan', true),
        set_config('max_parallel_workers_per_gather', '0', true)`.execute();
    const [result] = await Promise.all([work(tx), named]);
    return result;
  };
  return transaction(db.sql, inIt, 'isolation level repeatable read read only');
}

/** Pools of the runtime role, once it is known to be bound by row security. */
export async function enter(
  urls: Urls,
  log: Logger,
  poolSize = POOL_SIZE,
  silenceMs = SILENCE_MS,
): Promise<Database> {
  const sql = pool(urls.runtime, poolSize, silenceMs);
  const ormSql = pool(urls.runtime, ORM_POOL_SIZE, silenceMs);
  const end = async () => {
    await Promise.all([sql.end({ timeout: 5 }), ormSql.end({ timeout: 5 })]);
  };
  try {
    await assertBound(sql);
    const partitions = await keepPartitionsAhead(sql, log);
    return {
      sql,
      orm: drizzle(ormSql, { schema }),
      directUrl: urls.runtimeDirect,
      async close() {
        await partitions.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function pool(url: string, max: number, silenceMs: number): Sql {
  // The driver takes `socket` but does not declare it: hence a variable, not a literal argument.
  const options = {
    max,
    connect_timeout: 10,
    fetch_types: false,
    types: arrayTypes,
    onnotice: () => {},
    connection: { application_name: 'callboard' },
    socket: watchedSockets(silenceMs),
  };
  return postgres(url, options);
}

/** A role that owns the tables or stands above row security would see every tenant: refuse to serve with it [S42]. */
async function assertBound(sql: Sql): Promise<void> {
  const [role] = await sql<{ name: string; isAbove: boolean; isOwner: boolean }[]>`
    select
      current_user as name,
      rolsuper or rolbypassrls as "isAbove",
      exists (
        select from pg_class
        where relnamespace = 'public'::regnamespace and relname in ('tenants', 'call_events')
          and pg_has_role(current_user, relowner, 'member')
      ) as "isOwner"
    from pg_roles where rolname = current_user`;
  const fault = role?.isAbove ? 'is a superuser or has BYPASSRLS' : role?.isOwner ? 'owns the tables' : null;
  if (fault === null) return;
  throw new Error(
    `Row security would not bind role ${role?.name}, which ${fault}: tenants would see each other. ` +
      'Name another role in DATABASE_URL (its owner belongs in DIRECT_DATABASE_URL), or the owner alone and let ' +
      'Callboard make its own.',
  );
}

/** The database `callboard` in the embedded server. */
export async function embeddedDatabase(url: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [found] = await sql`select from pg_database where datname = 'callboard'`;
    if (!found) await sql`create database callboard`;
  } finally {
    await sql.end({ timeout: 5 });
  }
  const changed = new URL(url);
  changed.pathname = '/callboard';
  return changed.href;
}
