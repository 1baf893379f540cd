import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pino from 'pino';
import postgres, { type Sql } from 'postgres';
import { binariesOf } from '../embedded/binaries.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import { migrate } from '../migrate.ts';
import { deriveUrls } from '../roles.ts';

/** A server for tests, with a migrated template that test databases are cloned from. Crosses to test workers as JSON. */
export interface TestServer {
  /** Of a superuser, to the database `postgres`. */
  url: string;
  template: string;
}

/** The two tenants every test database starts with. */
export const TEST_TENANTS = [
  '0a000000-0000-4000-8000-000000000001',
  '0b000000-0000-4000-8000-000000000002',
] as const;

/** Nothing here outlives the run, so nothing waits for the disk. */
const NOT_DURABLE = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum_naptime: '1s',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
};

/**
 * Starts one, or uses that of TEST_DATABASE_URL (a superuser's). TEST_POSTGRES_BINARIES names a postgres of another
 * npm package to start instead of the installed one.
 */
export async function startTestServer(): Promise<TestServer & { close(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    const server = { url: given, template: await makeTemplate(given) };
    return { ...server, close: () => dropDatabase(server.url, server.template) };
  }
  const { url, close } = await startBareServer();
  return { url, template: await makeTemplate(url), close };
}

/** A server nobody has used yet, without Callboard's roles. */
export async function startBareServer(): Promise<{ url: string; close(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'callboard-test-'));
  // As root the server runs as another user, who must be able to enter.
  await chmod(dataDir, 0o755);
  const binaries = process.env.TEST_POSTGRES_BINARIES;
  const embedded = await startEmbedded({
    dataDir,
    log: pino({ level: 'silent' }),
    settings: NOT_DURABLE,
    binaries: binaries ? await binariesOf(dirname(dirname(binaries))) : undefined,
  });
  return {
    url: embedded.url,
    async close() {
      await embedded.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(url: string): Promise<string> {
  const template = `callboard_template_${randomBytes(6).toString('hex')}`;
  await onServer(url, (sql) => sql`create database ${sql(template)}`);
  const templateUrl = databaseUrl(url, template);
  await migrate(deriveUrls(templateUrl, null), pino({ level: 'silent' }));
  await onServer(templateUrl, async (sql) => {
    for (const [index, tenant] of TEST_TENANTS.entries()) {
      const name = `Tenant ${'AB'[index]}`;
      await sql`select create_tenant(${tenant}, ${name}, ${`tenant-${index}`}, 'UTC')`;
    }
  });
  return template;
}

/** A database with nothing in it, as an operator hands it over. */
export async function createEmptyDatabase(serverUrl: string): Promise<string> {
  const name = `callboard_empty_${randomBytes(8).toString('hex')}`;
  await onServer(serverUrl, (sql) => sql`create database ${sql(name)}`);
  return databaseUrl(serverUrl, name);
}

/** A clone of the template; as fast as copying a few megabytes. */
export async function cloneTemplate(server: TestServer): Promise<string> {
  const name = `callboard_test_${randomBytes(8).toString('hex')}`;
  await onServer(
    server.url,
    (sql) => sql`create database ${sql(name)} template ${sql(server.template)} strategy file_copy`,
  );
  return databaseUrl(server.url, name);
}

export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await onServer(serverUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** One short piece of work over a connection of its own. */
async function onServer(url: string, work: (sql: Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
