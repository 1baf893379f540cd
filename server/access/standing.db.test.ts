import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import type { Person } from './principal.ts';
import { createStanding } from './standing.ts';

/** What a crowd of tokens in doubt costs the database, and that nobody is welcome a moment too long. */

const PEOPLE = 5_000;
let test: TestDatabase;
let people: Person[];
let queries = 0;
beforeAll(async () => {
  test = await createTestDatabase();
  const { ownerSql, tenantId } = test;
  await ownerSql`
    insert into accounts (id, email, name, password_hash)
    select gen_random_uuid(), 'p' || n || '@example.test', 'P', 'none' from generate_series(1, ${PEOPLE}) as n`;
  await ownerSql`
    insert into memberships (tenant_id, account_id, role) select ${tenantId}, id, 'viewer' from accounts`;
  const rows = await ownerSql<{ account_id: string; family_id: string }[]>`
    insert into refresh_tokens (tenant_id, id, family_id, account_id, hash, expires_at)
    select ${tenantId}, gen_random_uuid(), gen_random_uuid(), id, decode(md5(id::text) || md5(id::text), 'hex'),
      now() + interval '1 day'
    from accounts returning account_id, family_id`;
  await ownerSql`analyze`; // As autovacuum would have, by the time there are so many.
  people = rows.map(({ account_id: accountId, family_id: sessionId }) => ({
    kind: 'account',
    tenantId,
    accountId,
    sessionId,
    email: 'p@example.test',
    isPlatformOwner: false,
    role: 'admin', // What the token says; the table says viewer.
    sectors: [],
    issuedAt: 0,
    expiresAt: 1,
  }));
});
afterAll(() => test.close());

function counted(now?: () => number) {
  queries = 0;
  const { begin } = test.db.sql;
  const sql = new Proxy(test.db.sql, {
    get(target, name, self) {
      if (name !== 'begin') return Reflect.get(target, name, self);
      queries++;
      return begin.bind(target);
    },
  });
  return createStanding({ sql }, now);
}

it('[S33] 5,000 tokens in doubt at once are looked up in a handful of queries, and again in none', async () => {
  const standing = counted();
  const found = await Promise.all(people.map((person) => standing.lookUp(person)));
  expect(found.map(({ accountId }) => accountId)).toEqual(people.map(({ accountId }) => accountId));
  expect(new Set(found.map(({ role }) => role))).toEqual(new Set(['viewer']));
  expect(queries).toBeLessThanOrEqual(6);
  await Promise.all(people.map((person) => standing.lookUp(person)));
  expect(queries).toBeLessThanOrEqual(6);
});

it('[S33] a client that asks a hundred times in a moment is looked up once', async () => {
  const standing = counted();
  const [person] = people as [Person, ...Person[]];
  await Promise.all(Array.from({ length: 100 }, () => standing.lookUp(person)));
  expect(queries).toBe(1);
});

it('[S13] what was found is forgotten with the next doubt, also where it was still on its way', async () => {
  const standing = counted();
  const person = people[1] as Person; // There are 5,000.
  const { ownerSql } = test;
  await standing.lookUp(person);
  await ownerSql`update accounts set disabled_at = now() where id = ${person.accountId}`;
  standing.forget(person.accountId);
  await expect(standing.lookUp(person)).rejects.toThrow('No valid credentials');

  await ownerSql`update accounts set disabled_at = null where id = ${person.accountId}`;
  const onItsWay = standing.lookUp(person).catch(() => {});
  standing.forget(null);
  await onItsWay;
  expect(await standing.lookUp(person)).toMatchObject({ role: 'viewer' });
});

it('[S13] what was found holds for seconds, whoever forgot to tell', async () => {
  let now = 0;
  const standing = counted(() => now);
  const person = people[2] as Person; // There are 5,000.
  await standing.lookUp(person);
  await test.ownerSql`delete from memberships where account_id = ${person.accountId}`;
  now = 5_001;
  await expect(standing.lookUp(person)).rejects.toThrow('No valid credentials');
});

it("another session of the account, or another account's session, is nobody's", async () => {
  const standing = counted();
  const [one, , , other] = people as [Person, Person, Person, Person];
  const mixed = { ...one, sessionId: other.sessionId };
  await expect(standing.lookUp(mixed)).rejects.toThrow('No valid credentials');
  await expect(standing.lookUp({ ...one, sessionId: randomUUID() })).rejects.toThrow('No valid credentials');
  expect(await standing.lookUp(one)).toMatchObject({ role: 'viewer' });
});
