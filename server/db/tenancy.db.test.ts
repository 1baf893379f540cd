import { randomBytes, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from './connect.ts';
import { append, item } from './testing/items.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  for (const tenant of [test.tenantId, test.tenantB]) {
    await inTenant(test.db, tenant, (tx) => append(tx, [item('a', { agent: 'Agent/1', isPerson: true })]));
  }
});
afterAll(() => test.close());

/** Every table with a tenant_id, from the catalogue: a new one is covered by existing. */
async function tenantTables(): Promise<string[]> {
  const rows = await test.ownerSql<{ name: string }[]>`
    select relname::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
  return rows.map((row) => row.name);
}

describe('row security', () => {
  it('[S40] a query with no tenant sees nothing, in any table, nor with a tenant of empty text left on the connection', async () => {
    const tables = [...(await tenantTables()), 'tenants', 'accounts'];
    for (const leftover of [false, true]) {
      const sql = postgres(test.db.directUrl, { max: 1 });
      // After a transaction that set it, the setting is '' rather than absent.
      if (leftover) await inTenant({ sql }, test.tenantId, (tx) => tx`select 1`);
      const [setting] = await sql`select current_setting('app.tenant_id', true) as value`;
      expect(setting?.value).toBe(leftover ? '' : null);
      for (const table of tables) {
        const [row] = await sql`select count(*)::integer as rows from ${sql(table)}`;
        expect({ table, ...row }).toEqual({ table, rows: 0 });
      }
      await sql.end();
    }
  });

  it('a tenant sees its own rows and no others', async () => {
    for (const table of [
      'settings',
      'sectors',
      'queues',
      'agents',
      'event_heads',
      'call_events',
      'event_keys',
    ]) {
      const rows = await inTenant(test.db, test.tenantId, (tx) => tx`select tenant_id from ${tx(table)}`);
      expect({ table, tenants: [...new Set(rows.map((row) => row.tenant_id))] }).toEqual({
        table,
        tenants: [test.tenantId],
      });
    }
    const tenants = await inTenant(test.db, test.tenantId, (tx) => tx`select id from tenants`);
    expect(tenants).toEqual([{ id: test.tenantId }]);
  });

  it('[S44] a row cannot be put or moved into another tenant', async () => {
    const inserted = inTenant(
      test.db,
      test.tenantId,
      (tx) => tx`
      insert into sectors (tenant_id, id, name) values (${test.tenantB}, 'stolen', 'Stolen')`,
    );
    await expect(inserted).rejects.toThrow('row-level security');
    const moved = inTenant(
      test.db,
      test.tenantId,
      (tx) => tx`
      update sectors set tenant_id = ${test.tenantB}, id = 'moved'`,
    );
    await expect(moved).rejects.toThrow(/row-level security|foreign key/);
    const other = await inTenant(
      test.db,
      test.tenantId,
      (tx) => tx`
      update queues set name = 'changed' where tenant_id = ${test.tenantB}`,
    );
    expect(other.count).toBe(0);
  });

  it('[S47] the same ids in two tenants do not meet: no unique violation, no reference across', async () => {
    const ids = () => inTenant(test.db, test.tenantB, (tx) => tx`select id from queues`);
    expect(await ids()).toEqual([{ id: 'sales' }]);
    await inTenant(
      test.db,
      test.tenantB,
      (tx) => tx`
      insert into sectors (tenant_id, id, name) values (${test.tenantB}, 'only-b', 'Only B')`,
    );
    // The same answer as for a sector that exists nowhere.
    const refer = (sector: string) =>
      inTenant(test.db, test.tenantId, (tx) => tx`update queues set sector_id = ${sector}`).catch(
        (error: postgres.PostgresError) => [error.code, error.constraint_name],
      );
    expect(await refer('only-b')).toEqual(await refer('nowhere'));
    await inTenant(
      test.db,
      test.tenantId,
      (tx) => tx`
      insert into sectors (tenant_id, id, name) values (${test.tenantId}, 'only-b', 'Mine')`,
    );
  });

  it('binds the owner, too: functions that act as it see no other tenant', async () => {
    const sql = postgres(test.databaseUrl, { max: 1, connection: { role: 'callboard_owner' } });
    for (const table of await tenantTables()) {
      const [row] = await sql`select current_user as who, count(*)::integer as rows from ${sql(table)}`;
      expect({ table, ...row }).toEqual({ table, who: 'callboard_owner', rows: 0 });
    }
    await sql.end();
  });
});

describe('schema [S43]', () => {
  it('[S43] every table with tenant_id forces row security, has the tenant policy, and starts its keys with it', async () => {
    const tables = await test.ownerSql`
      select c.relname::text as table, c.relrowsecurity and c.relforcerowsecurity as forced,
        exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant' and p.polcmd = '*'
          and pg_get_expr(p.polqual, c.oid) like '(tenant_id = (NULLIF(current_setting(''app.tenant_id''%') as policy,
        (select bool_and(a.attname = 'tenant_id') from pg_constraint k
          join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
          where k.conrelid = c.oid and k.contype in ('p', 'u')
            or k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> 'accounts'::regclass) as keys
      from pg_class c join pg_attribute t on t.attrelid = c.oid and t.attname = 'tenant_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`;
    expect(tables.length).toBeGreaterThan(15);
    for (const table of tables)
      expect(table).toEqual({ table: table.table, forced: true, policy: true, keys: true });
  });

  it('[L10] partitions grant nothing and are closed themselves', async () => {
    const partitions = await test.ownerSql`
      select relname::text as name, relrowsecurity and relforcerowsecurity as forced,
        has_table_privilege('callboard_app', oid, 'select') as readable
      from pg_class where relispartition and relkind = 'r'`;
    expect(partitions.length).toBeGreaterThanOrEqual(5);
    for (const { name, ...rest } of partitions) {
      expect({ name, ...rest }).toEqual({ name, forced: true, readable: false });
    }
  });

  it('[L10] functions that act as the owner fix their search_path and are not open to everybody', async () => {
    const functions = await test.ownerSql`
      select proname::text as name, coalesce(proconfig::text, '') like '%search_path=pg_catalog, public, pg_temp%' as fixed,
        has_function_privilege('public', oid, 'execute') as open
      from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`;
    expect(functions.length).toBeGreaterThan(8);
    for (const { name, ...rest } of functions)
      expect({ name, ...rest }).toEqual({ name, fixed: true, open: false });
  });

  it('[S45] every view asks with the rights of who reads it, and the runtime role reads no materialised view', async () => {
    const open = await test.ownerSql`
      select relname::text from pg_class where relnamespace = 'public'::regnamespace and (
        relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false)
        or relkind = 'm' and has_table_privilege('callboard_app', oid, 'select'))`;
    expect(open).toEqual([]);
  });

  it('every index that serves no constraint names the query it serves', async () => {
    const nameless = await test.ownerSql`
      select relname::text from pg_class c join pg_index i on i.indexrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and not c.relispartition
        and not exists (select from pg_constraint where conindid = c.oid)
        and obj_description(c.oid, 'pg_class') is null`;
    expect(nameless).toEqual([]);
  });

  it('every foreign key has an index that starts with its columns, so that deleting a parent reads no whole table', async () => {
    const bare = await test.ownerSql`
      select conrelid::regclass::text as table, conname::text as key from pg_constraint k
      where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
        select from pg_index i where i.indrelid = k.conrelid
          and (select array_agg(column_number order by column_number) from unnest(k.conkey) as column_number)
            = (select array_agg(indexed order by indexed) from unnest((i.indkey::int2[])[0:cardinality(k.conkey) - 1]) as indexed))`;
    expect(bare).toEqual([]);
  });
});

describe('lookups before a tenant is known', () => {
  it('finds the account by its e-mail in any case, its tenants, its tokens and keys by hash, and nothing by anything else', async () => {
    const { sql } = test.db;
    const [account, token, key] = [randomUUID(), randomUUID(), randomUUID()];
    const [tokenHash, keyHash] = [randomBytes(32), randomBytes(32)];
    await sql`select create_account(${account}, 'Ada@example.org', 'Ada', 'hash')`;
    await inTenant(test.db, test.tenantB, async (tx) => {
      await tx`insert into memberships (tenant_id, account_id, role) values (${test.tenantB}, ${account}, 'viewer')`;
      await tx`insert into refresh_tokens (tenant_id, id, family_id, account_id, hash, expires_at)
        values (${test.tenantB}, ${token}, ${token}, ${account}, ${tokenHash}, now())`;
      await tx`insert into api_keys (tenant_id, id, name, prefix, hash, scopes)
        values (${test.tenantB}, ${key}, 'k', 'cb_', ${keyHash}, '{events:write}')`;
    });

    const byEmail = (email: string) => sql`select account_id, password_hash from account_by_email(${email})`;
    const expected = [{ account_id: account, password_hash: 'hash' }];
    expect(await byEmail('ada@EXAMPLE.org')).toEqual(expected);
    expect(await byEmail('ada@example.or')).toEqual([]);
    expect(await sql`select * from account_memberships(${account})`).toEqual([
      { tenant_id: test.tenantB, role: 'viewer' },
    ]);
    expect(await sql`select * from account_memberships(${randomUUID()})`).toEqual([]);
    expect(await sql`select * from refresh_token_by_hash(${tokenHash})`).toEqual([
      { tenant_id: test.tenantB, id: token },
    ]);
    expect(await sql`select * from refresh_token_by_hash(${keyHash})`).toEqual([]);
    expect(await sql`select * from api_key_by_hash(${keyHash})`).toEqual([
      { tenant_id: test.tenantB, id: key, name: 'k', scopes: ['events:write'], expires_at: null },
    ]);
    await inTenant(test.db, test.tenantB, (tx) => tx`update api_keys set revoked_at = now()`);
    expect(await sql`select * from api_key_by_hash(${keyHash})`).toEqual([]);

    // An account is seen from its tenants only.
    const seenFrom = (tenant: string) => inTenant(test.db, tenant, (tx) => tx`select id from accounts`);
    expect(await seenFrom(test.tenantB)).toEqual([{ id: account }]);
    expect(await seenFrom(test.tenantId)).toEqual([]);
  });

  it('a lookup leaves no door open: neither setting it by hand nor afterwards shows the runtime role a row', async () => {
    const hash = randomBytes(32);
    await inTenant(
      test.db,
      test.tenantB,
      (tx) => tx`
      insert into api_keys (tenant_id, id, name, prefix, hash, scopes)
      values (${test.tenantB}, ${randomUUID()}, 'k', 'cb_', ${hash}, '{}')`,
    );
    const seen = await test.db.sql.begin(async (tx) => {
      await tx`select set_config('app.lookup', ${hash.toString('hex')}, true)`;
      const before = await tx`select id from api_keys`;
      await tx`select * from api_key_by_hash(${hash})`;
      const after = await tx`select id from api_keys`;
      return [...before, ...after];
    });
    expect(seen).toEqual([]);
  });

  it('lists the tenants, and makes one with its settings, first sector and head', async () => {
    const made = await test.newTenant('Third');
    const ids = await test.db.sql<{ id: string }[]>`select tenant_ids() as id`;
    expect(ids.map((row) => row.id).sort()).toEqual([test.tenantId, test.tenantB, made].sort());
    const [row] = await inTenant(
      test.db,
      made,
      (tx) => tx`
      select octet_length(caller_key) as key, time_zone, (select name from sectors) as sector,
        (select seq::integer from event_heads) as seq from settings`,
    );
    expect(row).toEqual({ key: 32, time_zone: 'UTC', sector: 'Unassigned', seq: 0 });
  });
});
