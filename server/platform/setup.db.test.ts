import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPasswords } from '../access/sessions/passwords.ts';
import { inTenant } from '../db/connect.ts';
import { silent } from '../live/testing.ts';
import { createTestApp, type TestApp } from '../testing.ts';
import { ensureFirstAdministrator } from './firstAdministrator.ts';
import { openSetup } from './setup.ts';

/** [S76] The first run: one winner, needs the printed token, and is over for ever. */

let server: TestApp;
const folders: string[] = [];
afterEach(async () => {
  await server.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const wish = {
  name: 'Ada Lovelace',
  email: 'ada@example.test',
  password: 'a long password',
  centreName: 'Analytical Engines',
  timeZone: 'Europe/London',
  source: 'own',
};

/** An installation with nothing in it, as a first start finds it. */
async function start(demo = false): Promise<void> {
  server = await createTestApp({}, { fresh: { demo } });
}

const post = (payload: object, headers: Record<string, string> = {}) =>
  server.app.inject({ method: 'POST', url: '/api/v1/setup', payload, headers });
const state = async () => (await server.app.inject('/api/v1/setup')).json().data;
const token = () => server.parts.setup.token ?? '';
const tenants = async () => (await server.test.db.sql`select tenant_ids()`).length;

describe('[S76] setting up', () => {
  it('makes a tenant and its administrator, who owns the platform, and signs them in at once', async () => {
    await start();
    expect(await state()).toEqual({ isOpen: true, hasDemo: false });
    const answer = await post({ ...wish, token: token() });
    expect(answer.statusCode, answer.body).toBe(201);
    const { data } = answer.json();
    expect(data).toMatchObject({
      account: { email: 'ada@example.test', name: 'Ada Lovelace', role: 'admin', isPlatformOwner: true },
      tenant: { name: 'Analytical Engines', timeZone: 'Europe/London' },
    });
    expect(data.tenants).toEqual([{ id: data.tenant.id, name: 'Analytical Engines' }]);
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    const refreshed = await server.app.inject({
      method: 'POST',
      url: '/api/v1/sessions/refresh',
      headers: { cookie },
    });
    expect(refreshed.json().data.account).toEqual(data.account);
    const audit = await inTenant(
      server.test.db,
      data.tenant.id,
      (tx) => tx`select actor_name, action, after from analytics_audit_log where action = 'setup.finished'`,
    );
    expect(audit).toEqual([
      {
        actor_name: 'ada@example.test',
        action: 'setup.finished',
        after: { source: 'own', timeZone: 'Europe/London' },
      },
    ]);
  });

  it('raced by many has one winner: one account, one tenant', async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        post({ ...wish, email: `racer-${i}@example.test`, token: token() }),
      ),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const [row] = await server.test.ownerSql`select count(*)::int as accounts from accounts`;
    expect(row).toEqual({ accounts: 1 });
    expect(await tenants()).toBe(1);
  });

  it('with another token than the one printed changes nothing, and is limited', async () => {
    await start();
    for (let i = 0; i < 10; i++) {
      expect((await post({ ...wish, token: 'x'.repeat(43) })).statusCode).toBe(403);
    }
    expect((await post({ ...wish, token: token() })).statusCode).toBe(429);
    expect(await tenants()).toBe(0);
    expect(await state()).toMatchObject({ isOpen: true });
  });

  it('is over for ever once somebody has an account: with the right token too, and after a restart', async () => {
    await start();
    const right = token();
    expect((await post({ ...wish, token: right })).statusCode).toBe(201);
    for (const again of [right, 'x'.repeat(43)]) {
      const answer = await post({ ...wish, email: 'second@example.test', token: again });
      expect(answer.json().error).toMatchObject({
        code: 'conflict',
        message: expect.stringMatching(/already/),
      });
    }
    expect(await state()).toEqual({ isOpen: false, hasDemo: false });
    const restarted = await open(await folder());
    expect(restarted.token).toBeNull();
    expect(await restarted.state()).toMatchObject({ isOpen: false });
  });

  it('is closed where ADMIN_EMAIL is given', async () => {
    await start();
    const right = token();
    await ensureFirstAdministrator({
      db: server.test.db,
      config: { demo: false, tenantName: 'Acme', tenantTimeZone: 'UTC' },
      given: { email: 'given@example.test', password: 'a given password' },
      passwords: createPasswords({ N: 2 ** 10, r: 8, p: 1 }),
      log: silent,
    });
    // Not even whether a token was the right one is told any more.
    for (const any of [right, 'x'.repeat(43)]) {
      expect((await post({ ...wish, token: any })).statusCode).toBe(409);
    }
    expect(await state()).toMatchObject({ isOpen: false });
  });

  it('keeps its token for its owner alone, the same after a restart, until it is used', async () => {
    await start();
    const dataDir = await folder();
    const first = await open(dataDir);
    const file = join(dataDir, 'setup-token');
    expect((await readFile(file, 'utf8')).trim()).toBe(first.token);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(first.token).toMatch(/^[\w-]{43}$/);
    expect((await open(dataDir)).token).toBe(first.token);
    await first.finish(
      { ...wish, source: 'own', token: first.token ?? '' },
      { address: '127.0.0.1', requestId: 'r' },
    );
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('names the field that is wrong, and is not to be asked for by another site', async () => {
    await start();
    const wrong = { ...wish, token: token() };
    const paths = async (change: object) => {
      const answer = await post({ ...wrong, ...change });
      return [answer.statusCode, answer.json().error.issues[0].path];
    };
    expect(await paths({ email: 'nobody' })).toEqual([400, 'email']);
    expect(await paths({ password: 'short' })).toEqual([400, 'password']);
    expect(await paths({ timeZone: 'Mars/Olympus' })).toEqual([400, 'timeZone']);
    expect(await paths({ centreName: '  ' })).toEqual([400, 'centreName']);
    expect(await paths({ source: 'demo' })).toEqual([400, 'source']);
    expect((await post(wrong, { origin: 'https://evil.test' })).statusCode).toBe(403);
    expect(await state()).toMatchObject({ isOpen: true });
  });
});

describe('the demo that plays before anybody has set anything up', () => {
  it('is all that goes: a tenant nobody has marked for it is left alone', async () => {
    await start();
    await server.test.newTenant('Real');
    expect((await post({ ...wish, source: 'own', token: token() })).statusCode).toBe(201);
    expect(await tenants()).toBe(2);
  });

  it('is kept under the name chosen', async () => {
    await start(true);
    expect(await state()).toEqual({ isOpen: true, hasDemo: true });
    const [before] = await server.test.db.sql`select id from demo_tenant()`;
    const answer = await post({ ...wish, timeZone: 'UTC', source: 'demo', token: token() });
    expect(answer.json().data.tenant).toEqual({
      id: before?.id,
      name: 'Analytical Engines',
      timeZone: 'UTC',
      weekStart: 1,
      dayStartMinutes: 0,
    });
    expect(await tenants()).toBe(1);
  });

  it('begins anew in another zone', async () => {
    await start(true);
    const [before] = await server.test.db.sql`select id from demo_tenant()`;
    const answer = await post({ ...wish, timeZone: 'Asia/Tokyo', source: 'demo', token: token() });
    const { tenant } = answer.json().data;
    expect(tenant).toMatchObject({ name: 'Analytical Engines', timeZone: 'Asia/Tokyo' });
    expect(tenant.id).not.toBe(before?.id);
    expect(await server.test.db.sql`select id from demo_tenant()`).toEqual([{ id: tenant.id }]);
    expect(await tenants()).toBe(1);
  });

  it('is deleted for a centre of one’s own, in which it never plays', async () => {
    await start(true);
    const answer = await post({ ...wish, source: 'own', token: token() });
    expect(answer.statusCode, answer.body).toBe(201);
    expect(await tenants()).toBe(1);
    expect(await server.test.db.sql`select id from demo_tenant()`).toEqual([]);
  });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'callboard-setup-'));
  folders.push(made);
  return made;
}

function open(dataDir: string) {
  return openSetup({
    db: server.test.db,
    config: { dataDir, demo: false, tenantName: 'Acme', tenantTimeZone: 'UTC' },
    passwords: createPasswords({ N: 2 ** 10, r: 8, p: 1 }),
    log: silent,
    onFinished() {},
  });
}
