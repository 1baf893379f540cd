import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../../shared/contract/permissions.ts';
import { inTenant } from '../../db/connect.ts';
import { AT_ONCE_MS } from '../../live/testing.ts';
import { createTestApp, type TestApp } from '../../testing.ts';
import { ask, joinB, tokenOf } from '../testing.ts';

let server: TestApp;
let admin: string;
beforeAll(async () => {
  server = await createTestApp();
  await server.addAccount('admin@example.test', 'admin');
  admin = await tokenOf(server, 'admin@example.test');
});
afterAll(() => server.close());

async function addSector(name: string): Promise<string> {
  return (await ask(server, 'POST', '/settings/sectors', admin, { name })).json().data.sectorId;
}

async function membership(accountId: string) {
  const { db, tenantId } = server.test;
  const [row] = await inTenant(
    db,
    tenantId,
    (tx) => tx`select role, sectors from memberships where account_id = ${accountId}`,
  );
  return row;
}

describe('people', () => {
  it('are listed by name, a page at a time, with what they may do and when they were last here', async () => {
    const id = await server.addAccount('Zoe@example.test', 'viewer');
    const before = (await ask(server, 'GET', '/people', admin)).json();
    expect(before.data.map(({ email }: { email: string }) => email)).toEqual([
      'admin@example.test',
      'Zoe@example.test',
    ]);
    expect(before.data).toMatchObject([
      { isSelf: true },
      { id, isSelf: false, role: 'viewer', lastSeenAt: null },
    ]);
    await tokenOf(server, 'zoe@example.test');
    const [, after] = (await ask(server, 'GET', '/people', admin)).json().data;
    expect(Date.now() - Date.parse(after.lastSeenAt)).toBeLessThan(60_000);
    expect(Object.keys(after).sort()).toEqual(
      ['email', 'id', 'isSelf', 'lastSeenAt', 'name', 'role', 'sectors', 'since'], // and not where else they are
    );

    const { db, tenantId, ownerSql } = server.test;
    await db.sql`
      select create_account(gen_random_uuid(), 'many' || n || '@example.test', 'Many ' || n, 'none')
      from generate_series(1, 201) as n`;
    await ownerSql`
      insert into memberships (tenant_id, account_id, role)
      select ${tenantId}, id, 'viewer' from accounts where email like 'many%'`;
    const first = (await ask(server, 'GET', '/people', admin)).json();
    expect(first.data).toHaveLength(200);
    const second = (await ask(server, 'GET', `/people?cursor=${first.meta.nextCursor}`, admin)).json();
    const ids = new Set([...first.data, ...second.data].map((one: { id: string }) => one.id));
    expect(ids.size).toBe(203);
    expect(second.meta.nextCursor).toBeNull();
    for (const cursor of ['x', 'WyJcdTAwMDAiLDFd', Buffer.from('["\\u0000","x"]').toString('base64url')]) {
      expect((await ask(server, 'GET', `/people?cursor=${cursor}`, admin)).json().error.issues).toMatchObject(
        [{ path: 'cursor' }],
      );
    }
    await ownerSql`delete from accounts where email like 'many%'`;
  });

  it('[S13] have another role and other sectors at once, with a token given out before, and the audit says so', async () => {
    const id = await server.addAccount('lowered@example.test', 'manager');
    const token = await tokenOf(server, 'lowered@example.test');
    expect((await ask(server, 'GET', '/settings', token)).statusCode).toBe(200);
    const sector = await addSector('Billing');
    const changed = await ask(server, 'PATCH', `/people/${id}`, admin, {
      role: 'supervisor',
      sectors: [sector],
    });
    expect(changed.json().data).toMatchObject({ id, role: 'supervisor', sectors: [sector] });
    await expect
      .poll(async () => (await ask(server, 'GET', '/settings', token)).statusCode, {
        timeout: AT_ONCE_MS,
        interval: 20,
      })
      .toBe(403);
    const sight = await server.parts.access.verify(token);
    expect(sight).toMatchObject({ role: 'supervisor', sectors: [sector] });
    const { db, tenantId } = server.test;
    const audit = await inTenant(
      db,
      tenantId,
      (tx) => tx`
        select actor_name, before, after from analytics_audit_log
        where action = 'person.changed' and subject_id = ${id}`,
    );
    expect(audit).toEqual([
      {
        actor_name: 'admin@example.test',
        before: { role: 'manager', sectors: [] },
        after: { role: 'supervisor', sectors: [sector] },
      },
    ]);
  });

  it('that are removed are gone at once, with their sessions; an account that is nowhere else is forgotten', async () => {
    const id = await server.addAccount('removed@example.test', 'viewer');
    const both = await server.addAccount('both@example.test', 'viewer');
    const { ownerSql } = server.test;
    await joinB(server, both, 'admin');
    const token = await tokenOf(server, 'removed@example.test');
    expect((await ask(server, 'DELETE', `/people/${id}`, admin)).statusCode).toBe(204);
    await expect
      .poll(async () => (await ask(server, 'GET', '/live/health', token)).statusCode, {
        timeout: AT_ONCE_MS,
        interval: 20,
      })
      .toBe(401);
    expect((await ask(server, 'DELETE', `/people/${id}`, admin)).statusCode).toBe(404);
    expect((await ask(server, 'DELETE', `/people/${both}`, admin)).statusCode).toBe(204);
    const left = await ownerSql`select id from accounts where id in (${id}, ${both})`;
    expect(left).toEqual([{ id: both }]);
    expect((await tokenOf(server, 'both@example.test')).length).toBeGreaterThan(0);
  });

  it('[S46] of another tenant are not there: neither changed, removed nor given a link', async () => {
    const { db, tenantB } = server.test;
    const theirs = await server.addAccount('theirs@example.test', 'viewer');
    await joinB(server, theirs, 'admin');
    expect((await ask(server, 'DELETE', `/people/${theirs}`, admin)).statusCode).toBe(204);
    for (const [method, path, body] of [
      ['PATCH', '', { role: 'viewer' }],
      ['DELETE', '', undefined],
      ['POST', '/password-reset', undefined],
    ] as const) {
      expect((await ask(server, method, `/people/${theirs}${path}`, admin, body)).statusCode).toBe(404);
    }
    const [row] = await inTenant(
      db,
      tenantB,
      (tx) => tx`select role from memberships where account_id = ${theirs}`,
    );
    expect(row).toEqual({ role: 'admin' });
  });
});

describe('the last administrator', () => {
  it('neither lowers nor removes himself', async () => {
    const self = (await ask(server, 'GET', '/people', admin))
      .json()
      .data.find((one: { isSelf: boolean }) => one.isSelf);
    for (const answer of [
      await ask(server, 'PATCH', `/people/${self.id}`, admin, { role: 'manager' }),
      await ask(server, 'DELETE', `/people/${self.id}`, admin),
    ]) {
      expect(answer.statusCode).toBe(409);
      expect(answer.json().error.message).toContain('make somebody an administrator first');
    }
    // A disabled one could not manage anybody.
    const disabled = await server.addAccount('disabled@example.test', 'admin');
    await server.test.ownerSql`update accounts set disabled_at = now() where id = ${disabled}`;
    expect((await ask(server, 'DELETE', `/people/${self.id}`, admin)).statusCode).toBe(409);
    expect((await ask(server, 'PATCH', `/people/${self.id}`, admin, { role: 'admin' })).statusCode).toBe(200);
    await ask(server, 'DELETE', `/people/${disabled}`, admin);
  });

  it('is left where two lower and remove each other at the same moment', async () => {
    const tenant = await createTestApp();
    try {
      const ids = [
        await tenant.addAccount('one@example.test', 'admin'),
        await tenant.addAccount('two@example.test', 'admin'),
      ] as const;
      const { people } = tenant.parts.access;
      const by = (id: string) => ({ kind: 'account', id, name: id, address: null, requestId: null }) as const;
      const { tenantId } = tenant.test;
      for (let round = 0; round < 10; round++) {
        const outcomes = await Promise.allSettled([
          people.change(by(ids[0]), tenantId, ids[1], { role: 'viewer' }),
          people.change(by(ids[1]), tenantId, ids[0], { role: 'manager' }),
        ]);
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        const { data } = await people.list(by(ids[0]), tenantId);
        expect(data.filter(({ role }) => role === 'admin')).toHaveLength(1);
        for (const { id } of data) await people.change(by(id), tenantId, id, { role: 'admin' });
      }
    } finally {
      await tenant.close();
    }
  });
});

describe('sectors somebody is held to', () => {
  const held = async (role: Role, sectors: unknown) => {
    const id = await server.addAccount(`${crypto.randomUUID()}@example.test`, 'viewer');
    return { id, answer: await ask(server, 'PATCH', `/people/${id}`, admin, { role, sectors }) };
  };

  it('exist, are few enough for the access token, and bind supervisors and viewers only', async () => {
    const sector = await addSector('Known');
    const { db, tenantB } = server.test;
    await inTenant(
      db,
      tenantB,
      (tx) => tx`insert into sectors (tenant_id, id, name) values (${tenantB}, 'theirs', 'Theirs')`,
    );
    const pathOf = async (role: Role, sectors: unknown) => {
      const { answer } = await held(role, sectors);
      expect(answer.statusCode).toBe(400);
      return answer.json().error.issues[0];
    };
    expect(await pathOf('viewer', [sector, 'nowhere'])).toMatchObject({ path: 'sectors.1' });
    expect(await pathOf('viewer', ['theirs'])).toMatchObject({ path: 'sectors.0' });
    expect(await pathOf('viewer', ['a\u0000'])).toMatchObject({ path: 'sectors.0' });
    expect(await pathOf('manager', [sector])).toMatchObject({ path: 'sectors' });
    expect(await pathOf('viewer', Array(41).fill(sector))).toMatchObject({ path: 'sectors' });
    expect(await pathOf('viewer', Array(24).fill('é'.repeat(100)))).toMatchObject({ path: 'sectors' });
    const { id, answer } = await held('viewer', [sector, sector]);
    expect(answer.json().data.sectors).toEqual([sector]);
    // Whoever sees everything is held to nothing, also when lowered again.
    expect(
      (await ask(server, 'PATCH', `/people/${id}`, admin, { role: 'manager' })).json().data.sectors,
    ).toEqual([]);
  });

  it('as many as may be named leave a token that is still accepted', async () => {
    const { ownerSql, tenantId } = server.test;
    // 30 bytes of JSON each, none of which base64 makes shorter.
    const ids = Array.from(
      { length: 40 },
      (_, index) => `${String(index).padStart(2, '0')}${'é'.repeat(35)}`,
    );
    for (const id of ids) {
      await ownerSql.begin(async (tx) => {
        await tx`select set_config('app.tenant_id', ${tenantId}, true)`;
        await tx`insert into sectors (tenant_id, id, name) values (${tenantId}, ${id}, ${id})`;
      });
    }
    const id = await server.addAccount('many-sectors@example.test', 'viewer');
    const most = ids.slice(0, 38);
    expect(Buffer.byteLength(JSON.stringify(most))).toBeGreaterThan(2_800);
    expect((await ask(server, 'PATCH', `/people/${id}`, admin, { sectors: most })).statusCode).toBe(200);
    const token = await tokenOf(server, 'many-sectors@example.test');
    expect((await ask(server, 'GET', '/live/health', token)).statusCode).toBe(200);
    await ask(server, 'DELETE', `/people/${id}`, admin);
  });

  it('cannot be removed while somebody would be left with an empty list, which means all', async () => {
    const sector = await addSector('Held');
    const { id } = await held('supervisor', [sector]);
    const invited = { email: 'held@example.test', name: 'Held', role: 'viewer', sectors: [sector] };
    const invitation = (await ask(server, 'POST', '/people/invitations', admin, invited)).json().data;
    const removal = () => ask(server, 'DELETE', `/settings/sectors/${sector}`, admin);
    expect((await removal()).json().error).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('people 1, open invitations 1'),
    });
    await ask(server, 'PATCH', `/people/${id}`, admin, { sectors: [] });
    expect((await removal()).statusCode).toBe(409);
    expect(await membership(id)).toEqual({ role: 'supervisor', sectors: [] });
    await ask(server, 'DELETE', `/people/invitations/${invitation.id}`, admin);
    expect((await removal()).statusCode).toBe(204);
  });

  it('are either removed or held to, never both, when it happens at the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      const sector = await addSector(`Raced ${round}`);
      const id = await server.addAccount(`raced${round}@example.test`, 'viewer');
      const [change, removal] = await Promise.all([
        ask(server, 'PATCH', `/people/${id}`, admin, { sectors: [sector] }),
        ask(server, 'DELETE', `/settings/sectors/${sector}`, admin),
      ]);
      expect([change.statusCode, removal.statusCode]).toSatisfy(
        (codes) => ['200,409', '400,204'].includes(String(codes)),
        `${change.body} ${removal.body}`,
      );
    }
  });
});
