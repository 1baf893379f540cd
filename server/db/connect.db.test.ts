import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { openDatabase } from './connect.ts';
import { migrate } from './migrate.ts';
import { deriveUrls } from './roles.ts';
import { createEmptyDatabase, dropDatabase } from './testing/server.ts';

const log = pino({ level: 'silent' });
const { url: serverUrl } = inject('testServer');

let admin: Sql;
beforeAll(() => {
  admin = postgres(serverUrl, { max: 2, onnotice: () => {} });
});
afterAll(() => admin.end());

async function emptyDatabase(): Promise<string> {
  const url = await createEmptyDatabase(serverUrl);
  onTestFinished(() => dropDatabase(serverUrl, new URL(url).pathname.slice(1)));
  return url;
}

const open = (databaseUrl: string, directDatabaseUrl: string | null = null) =>
  openDatabase({ databaseUrl, directDatabaseUrl, dataDir: 'unused', log, poolSize: 2 });

/** What an attempt to open says; an opened database is closed again. */
const refusal = (databaseUrl: string, directDatabaseUrl: string | null = null) =>
  open(databaseUrl, directDatabaseUrl).then(
    (db) => db.close().then(() => 'opened'),
    (error: Error) => error.message,
  );

/** A role of the server, gone after the test; answers the URL of `database` with it. */
async function roleUrl(database: string, attributes: string): Promise<{ url: string; role: string }> {
  const role = `callboard_test_${randomBytes(6).toString('hex')}`;
  await admin.unsafe(`create role ${role} login password 'secret' ${attributes}`);
  onTestFinished(async () => {
    const sql = postgres(database, { max: 1, onnotice: () => {} });
    await sql.unsafe(`drop owned by ${role} cascade`);
    await sql.end();
    await admin.unsafe(`drop role ${role}`);
  });
  const url = new URL(database);
  url.username = role;
  url.password = 'secret';
  return { url: url.href, role };
}

async function schemaOf(url: string): Promise<unknown> {
  const sql = postgres(url, { max: 1 });
  const [row] = await sql`
    select (select count(*)::integer from drizzle.__drizzle_migrations) as migrations,
      (select count(*)::integer from pg_class where relnamespace = 'public'::regnamespace) as objects,
      (select count(*)::integer from pg_policy) as policies`;
  await sql.end();
  return row;
}

describe('migrating', () => {
  it('makes the schema on an empty database, and changes nothing the second time', async () => {
    const url = await emptyDatabase();
    expect(await refusal(url)).toBe('opened');
    const fresh = await schemaOf(url);
    expect(await refusal(url)).toBe('opened');
    expect(await schemaOf(url)).toEqual(fresh);
  });

  it('[S82] four nodes starting at once on an empty database all serve, and each migration is applied once', async () => {
    const url = await emptyDatabase();
    const nodes = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    for (const node of nodes) {
      expect(await node.sql`select current_user as role`).toEqual([{ role: 'callboard_app' }]);
    }
    await Promise.all(nodes.map((node) => node.close()));
    const journal = JSON.parse(await readFile('drizzle/meta/_journal.json', 'utf8'));
    expect(await schemaOf(url)).toMatchObject({ migrations: journal.entries.length });
  });

  it('refuses a database that a newer Callboard has migrated', async () => {
    const url = await emptyDatabase();
    await refusal(url);
    const sql = postgres(url, { max: 1 });
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('future', 99999999999999)`;
    await sql.end();
    expect(await refusal(url)).toContain('newer Callboard');
  });

  it('refuses to serve when the journal dates a migration before one already applied, which Drizzle skips silently', async () => {
    const url = await emptyDatabase();
    await refusal(url);
    const folder = await mkdtemp(join(tmpdir(), 'callboard-migrations-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp('drizzle', folder, { recursive: true });
    const journalFile = join(folder, 'meta/_journal.json');
    const journal = JSON.parse(await readFile(journalFile, 'utf8'));
    journal.entries.push({ idx: 99, version: '7', when: 1_000, tag: '0099_late', breakpoints: true });
    await writeFile(journalFile, JSON.stringify(journal));
    await writeFile(join(folder, '0099_late.sql'), 'create table late (id integer)');
    await expect(migrate(deriveUrls(url, null), log, folder)).rejects.toThrow('0099_late');
  });

  it('leaves nothing behind when a migration fails half-way', async () => {
    const url = await emptyDatabase();
    await refusal(url);
    const before = await schemaOf(url);
    const folder = await mkdtemp(join(tmpdir(), 'callboard-migrations-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp('drizzle', folder, { recursive: true });
    const journalFile = join(folder, 'meta/_journal.json');
    const journal = JSON.parse(await readFile(journalFile, 'utf8'));
    journal.entries.push({
      idx: 99,
      version: '7',
      when: 9_000_000_000_000,
      tag: '0099_bad',
      breakpoints: true,
    });
    await writeFile(journalFile, JSON.stringify(journal));
    await writeFile(
      join(folder, '0099_bad.sql'),
      'create table half (id integer); select no_such_function();',
    );
    await expect(migrate(deriveUrls(url, null), log, folder)).rejects.toThrow();
    expect(await schemaOf(url)).toEqual(before);
  });
});

describe('roles [S42]', () => {
  it('[S42] a superuser owns nothing itself: callboard_owner owns, callboard_app serves and is neither', async () => {
    const url = await emptyDatabase();
    const db = await open(url);
    const [row] = await db.sql`
      select current_user as runtime, rolsuper or rolbypassrls as above,
        (select array_agg(distinct pg_get_userbyid(relowner)::text) from pg_class
          where relnamespace = 'public'::regnamespace) as owners
      from pg_roles where rolname = current_user`;
    await db.close();
    expect(row).toEqual({ runtime: 'callboard_app', above: false, owners: ['callboard_owner'] });
  });

  it.each([
    ['superuser', 'is a superuser or has BYPASSRLS'],
    ['bypassrls', 'is a superuser or has BYPASSRLS'],
    ['in role callboard_owner', 'owns the tables'],
  ])('[S42] refuses a runtime role that is %s', async (attributes, fault) => {
    const url = await emptyDatabase();
    const { url: runtimeUrl } = await roleUrl(url, attributes);
    expect(await refusal(runtimeUrl, url)).toContain(fault);
  });

  it('serves with a role of the operator’s in DATABASE_URL, the owner being in DIRECT_DATABASE_URL', async () => {
    const url = await emptyDatabase();
    const { url: runtimeUrl, role } = await roleUrl(url, '');
    const db = await open(runtimeUrl, url);
    expect(await db.sql`select current_user as role, count(*)::integer as rows from call_events`).toEqual([
      { role, rows: 0 },
    ]);
    const direct = postgres(db.directUrl, { max: 1 });
    expect(await direct`select current_user as role`).toEqual([{ role }]);
    await direct.end();
    await db.close();
  });

  it('an owner that is no superuser owns the tables itself, as on a managed server', async () => {
    const url = await emptyDatabase();
    const { url: ownerUrl, role: owner } = await roleUrl(url, 'createrole');
    const { url: runtimeUrl, role } = await roleUrl(url, 'in role callboard_app');
    const name = new URL(url).pathname.slice(1);
    await admin.unsafe(`alter database ${name} owner to ${owner}`);
    onTestFinished(async () => {
      await admin.unsafe(`alter database ${name} owner to current_user`);
    });
    const db = await open(runtimeUrl, ownerUrl);
    const [row] = await db.sql`
      select current_user as runtime, pg_get_userbyid(relowner)::text as owner from pg_class where relname = 'tenants'`;
    expect(row).toEqual({ runtime: role, owner });
    const tenant = '0c000000-0000-4000-8000-000000000003';
    await db.sql`select create_tenant(${tenant}, 'T', 't', 'UTC')`;
    expect(await db.sql`select tenant_ids() as id`).toEqual([{ id: tenant }]);
    await db.close();
  });

  it('says what to run when the owner may neither make roles nor migrate', async () => {
    const url = await emptyDatabase();
    const { url: ownerUrl } = await roleUrl(url, '');
    expect(await refusal(ownerUrl)).toMatch(
      /may not make or change role callboard_app[\s\S]*create role callboard_app/,
    );
    const { url: runtimeUrl } = await roleUrl(url, 'in role callboard_app');
    expect(await refusal(runtimeUrl, ownerUrl)).toMatch(/has to own the database/);
  });
});
