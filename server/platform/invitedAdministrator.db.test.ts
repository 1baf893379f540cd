import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knock } from '../access/testing.ts';
import { inTenant } from '../db/connect.ts';
import { append, item } from '../db/testing/items.ts';
import { until } from '../live/testing.ts';
import { signedIn } from '../testing.ts';
import { type PlatformTest, startPlatform } from './testing.ts';

let server: PlatformTest['server'];
let owner: PlatformTest['owner'];
let ask: PlatformTest['ask'];
let signIn: PlatformTest['signIn'];
let switchTo: PlatformTest['switchTo'];

beforeAll(async () => {
  ({ server, owner, ask, signIn, switchTo } = await startPlatform());
});
afterAll(() => server.close());

const NEW = { name: 'Ann', password: 'chosen by herself' };
const accept = (token: string) => knock(server, '/invitations/acceptance', { token, ...NEW });

/** Makes a call centre for somebody else; answers its id and what the link ends with. */
async function makeFor(email: string): Promise<{ id: string; token: string }> {
  const administrator = { name: 'Ann', email };
  const made = await ask('POST', '/platform/tenants', owner, { name: email, timeZone: 'UTC', administrator });
  expect(made.statusCode, made.body).toBe(201);
  const { id, invitation } = made.json().data;
  return { id, token: invitation.token };
}

async function listed(id: string) {
  const { data } = (await ask('GET', '/platform/tenants', owner)).json();
  return data.find((tenant: { id: string }) => tenant.id === id);
}

const again = (id: string, email: string, as = owner) =>
  ask('POST', `/platform/tenants/${id}/invitation`, as, { name: 'Bea', email });

describe('a call centre that is made for somebody else', () => {
  it('has nobody in it but an open invitation, and whoever follows the link is its administrator', async () => {
    const { id, token } = await makeFor('ann@example.test');
    const before = await listed(id);
    expect(before).toMatchObject({ people: 0, hasAdministrator: false });
    expect(before.invited).toMatchObject({ name: 'Ann', email: 'ann@example.test', isExpired: false });
    expect(JSON.stringify(before)).not.toContain(token);

    const { bearer } = signedIn(await accept(token));
    const people = (await ask('GET', '/people', bearer)).json().data;
    expect(people).toMatchObject([{ email: 'ann@example.test', role: 'admin', sectors: [] }]);
    expect((await ask('GET', '/people/invitations', bearer)).json().data).toEqual([]);
    expect(await listed(id)).toMatchObject({ people: 1, hasAdministrator: true, invited: null });
    const audit = (await ask('GET', '/audit', bearer)).json().data;
    expect(
      audit.map(({ action, actor }: { action: string; actor: { name: string } }) => [action, actor.name]),
    ).toEqual([
      ['session.started', 'ann@example.test'],
      ['person.joined', 'ann@example.test'],
      ['person.invited', 'owner@example.test'],
      ['tenant.created', 'owner@example.test'],
    ]);
  });

  it('is closed to the owner who made it: no switch leads there, nothing of it is told', async () => {
    const { id } = await makeFor('closed@example.test');
    await inTenant(server.test.db, id, (tx) => append(tx, [item('a', { queue: 'closed-queue' })]));
    const { cookie, tenants } = await signIn('owner@example.test');
    expect(tenants.map((tenant) => tenant.id)).not.toContain(id);
    expect((await switchTo(cookie, id)).statusCode).toBe(404);
    expect((await ask('GET', '/platform/tenants', owner)).body).not.toContain('closed-queue');
  });

  it('is not made at all where the address is none, or the name empty', async () => {
    const count = async () => (await ask('GET', '/platform/tenants', owner)).json().data.length;
    const before = await count();
    for (const [field, administrator] of [
      ['administrator.email', { name: 'Ann', email: 'no address' }],
      ['administrator.name', { name: ' ', email: 'x@example.test' }],
    ] as const) {
      const wish = { name: 'Never', timeZone: 'UTC', administrator };
      const refused = await ask('POST', '/platform/tenants', owner, wish);
      expect(refused.statusCode).toBe(400);
      expect(refused.json().error.issues[0].path).toBe(field);
    }
    expect(await count()).toBe(before);
  });

  it('is not lost when the link expires: the owner makes another, for her or for somebody else', async () => {
    const { id, token } = await makeFor('late@example.test');
    await server.test.ownerSql.begin(async (tx) => {
      await tx`select set_config('app.tenant_id', ${id}, true)`;
      await tx`update invitations set expires_at = now() - interval '1 second' where tenant_id = ${id}`;
    });
    expect((await listed(id)).invited.isExpired).toBe(true);
    expect((await accept(token)).statusCode).toBe(404);

    const same = await again(id, 'late@example.test');
    expect(same.statusCode, same.body).toBe(201);
    expect((await listed(id)).invited).toMatchObject({ name: 'Bea', isExpired: false });
    const other = await again(id, 'other@example.test');
    expect((await listed(id)).invited.email).toBe('other@example.test');
    // One link at a time: whoever was named by mistake does not come in as well.
    expect((await accept(same.json().data.token)).statusCode).toBe(404);
    const { bearer } = signedIn(await accept(other.json().data.token));
    const revoked = await ask('GET', '/audit?action=invitation.revoked', bearer);
    expect(revoked.json().data).toMatchObject([
      { actor: { name: 'owner@example.test' }, subject: { name: 'late@example.test' } },
      { actor: { name: 'owner@example.test' }, subject: { name: 'late@example.test' } },
    ]);
  });

  it('[S46] lets an owner invite nobody once it has an administrator, and leaves their invitations alone', async () => {
    const { id, token } = await makeFor('first@example.test');
    const { bearer } = signedIn(await accept(token));
    const theirs = { name: 'Cleo', email: 'cleo@example.test', role: 'admin' };
    const open = (await ask('POST', '/people/invitations', bearer, theirs)).json().data;
    expect((await listed(id)).invited).toBeNull();
    const refused = await again(id, 'owner@example.test');
    expect(refused.statusCode).toBe(409);
    expect(refused.json().error.message).toContain('has an administrator');
    const stillOpen = (await ask('GET', '/people/invitations', bearer)).json().data;
    expect(stillOpen).toMatchObject([{ id: open.id }]);
    expect((await again(randomUUID(), 'owner@example.test')).statusCode).toBe(404);
    // An administrator of a call centre is no owner.
    expect((await again(id, 'cleo@example.test', bearer)).statusCode).toBe(403);
  });

  it('is not given away twice: whoever is just coming in is waited for, and then nobody else is invited', async () => {
    const { id } = await makeFor('raced@example.test');
    const accountId = await server.addAccount('raced@example.test', 'viewer');
    let invited: ReturnType<typeof again> | undefined;
    // As accepting does it, held open until the owner stands before the invitation.
    await inTenant(server.test.db, id, async (tx) => {
      await tx`update invitations set accepted_at = clock_timestamp() where tenant_id = ${id}`;
      await tx`insert into memberships (tenant_id, account_id, role) values (${id}, ${accountId}, 'admin')`;
      invited = again(id, 'later@example.test');
      await until(async () => {
        const waiting = await server.test.ownerSql`
          select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%update invitations%'`;
        return waiting.length > 0;
      }, 'the owner waits');
    });
    expect((await invited)?.statusCode).toBe(409);
  });
});
