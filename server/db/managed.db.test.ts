import pino from 'pino';
import postgres, { type Sql } from 'postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from './connect.ts';
import { startBareServer } from './testing/server.ts';

/** A server as a provider hands it over: its administrator keeps the superuser, we get a role and a database. */
const log = pino({ level: 'silent' });

let server: { url: string; close(): Promise<void> };
let provider: Sql;
beforeEach(async () => {
  server = await startBareServer();
  provider = postgres(server.url, { max: 1, onnotice: () => {} });
});
afterEach(async () => {
  await provider.end();
  await server.close();
});

function urlOf(role: string, password: string): string {
  const url = new URL(server.url);
  url.username = role;
  url.password = password;
  url.pathname = '/board';
  return url.href;
}

const open = (databaseUrl: string, directDatabaseUrl: string | null = null) =>
  openDatabase({ databaseUrl, directDatabaseUrl, dataDir: 'unused', log, poolSize: 2 });

it('a role that may create roles and owns its database is all it takes, for several nodes at once, without a superuser', async () => {
  await provider`create role customer login createrole password 'one'`;
  await provider`create database board owner customer`;
  const nodes = await Promise.all([open(urlOf('customer', 'one')), open(urlOf('customer', 'one'))]);
  for (const node of nodes) {
    expect(await node.sql`select current_user as role, session_user as session`).toEqual([
      { role: 'callboard_app', session: 'callboard_app' },
    ]);
  }
  await Promise.all(nodes.map((node) => node.close()));
  const [row] =
    await provider`select count(*)::integer as roles from pg_roles where rolname like 'callboard%'`;
  expect(row).toEqual({ roles: 1 });
});

it('a new password of the owner makes a new one for the runtime role at the next start', async () => {
  await provider`create role customer login createrole password 'one'`;
  await provider`create database board owner customer`;
  const before = await open(urlOf('customer', 'one'));
  const { directUrl } = before;
  await before.close();
  await provider`alter role customer password 'two'`;
  const after = await open(urlOf('customer', 'two'));
  expect(await after.sql`select current_user as role`).toEqual([{ role: 'callboard_app' }]);
  await after.close();
  const stale = postgres(directUrl, { max: 1, onnotice: () => {} });
  await expect(stale`select 1`).rejects.toThrow('password authentication failed');
  await stale.end();
});

it('an owner that may not create roles is told what the administrator runs, and after that it works', async () => {
  await provider`create role customer login password 'one'`;
  await provider`create database board owner customer`;
  await expect(open(urlOf('customer', 'one'))).rejects.toThrow('create role callboard_app login password');
  await provider`create role callboard_app login password 'theirs'`;
  const db = await open(urlOf('callboard_app', 'theirs'), urlOf('customer', 'one'));
  expect(await db.sql`select current_user as role`).toEqual([{ role: 'callboard_app' }]);
  await db.close();
});
