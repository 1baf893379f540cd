import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inTenant } from '../../db/connect.ts';
import { createTestApp, PASSWORD, type TestApp } from '../../testing.ts';
import type { SsoConfig } from './ssoConfig.ts';
import { CLIENT, followUntil, startProvider, type TestProvider } from './testing/provider.ts';

const HOME = 'http://callboard.test';
const CALLBACK = `${HOME}/api/v1/sessions/sso/callback`;

let provider: TestProvider;
let server: TestApp;
beforeAll(async () => {
  provider = await startProvider([CALLBACK]);
});
afterAll(() => provider.close());
afterEach(() => server.close());

const ada = {
  sub: 'ada',
  email: 'Ada@example.test',
  email_verified: true,
  name: 'Ada Lovelace',
  groups: ['cb-supervisors'],
  teams: ['Sales'],
};

async function start(config: Partial<SsoConfig> = {}): Promise<void> {
  server = await createTestApp({
    sso: {
      issuer: new URL(provider.issuer),
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      name: 'Example ID',
      tenant: 'first',
      roles: { admin: ['cb-admins'], supervisor: ['cb-supervisors'], viewer: ['*'] },
      roleClaim: 'groups',
      sectorsClaim: 'teams',
      emailTrusted: false,
      ...config,
    },
  });
  const { db, tenantId, ownerSql } = server.test;
  await ownerSql`update tenants set slug = 'first' where id = ${tenantId}`;
  await inTenant(
    db,
    tenantId,
    (tx) => tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 'sales', 'Sales')`,
  );
}

function ask(url: string, cookie?: string) {
  return server.app.inject({
    url,
    headers: { host: new URL(HOME).host, ...(cookie !== undefined && { cookie }) },
  });
}

/** Sets out for the provider: the address to go to, and the cookie that is kept. */
async function begin(): Promise<{ url: string; cookie: string }> {
  const answer = await ask('/api/v1/sessions/sso');
  expect(answer.statusCode).toBe(302);
  const [kept] = answer.cookies;
  return { url: String(answer.headers.location), cookie: `${kept?.name}=${kept?.value}` };
}

interface Arrival {
  location: string;
  refresh: string | null;
}

async function comeBack(to: string, cookie?: string): Promise<Arrival> {
  const answer = await ask(to.slice(HOME.length), cookie);
  expect(answer.statusCode).toBe(302);
  const refresh = answer.cookies.find(({ name }) => name === 'callboard_refresh');
  return {
    location: String(answer.headers.location).slice(HOME.length),
    refresh: refresh ? `${refresh.name}=${refresh.value}` : null,
  };
}

async function signIn(person: TestProvider['nextPerson']): Promise<Arrival> {
  provider.nextPerson = person;
  const { url, cookie } = await begin();
  return comeBack(await followUntil(HOME, url), cookie);
}

const renewed = z.object({
  data: z.object({ account: z.object({ email: z.string(), name: z.string(), role: z.string() }) }),
});

/** What the page gets for the cookie that signing in has left. */
async function accountOf({ refresh }: Arrival): Promise<{ email: string; name: string; role: string }> {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/api/v1/sessions/refresh',
    headers: { cookie: refresh ?? '' },
  });
  return renewed.parse(answer.json()).data.account;
}

async function membershipOf(email: string) {
  const { db, tenantId } = server.test;
  const [row] = await inTenant(
    db,
    tenantId,
    (tx) => tx<{ role: string; sectors: string[] }[]>`
      select role, sectors from memberships m join accounts a on a.id = m.account_id
      where m.tenant_id = ${tenantId} and lower(a.email) = lower(${email})`,
  );
  return row ? { role: row.role, sectors: [...row.sectors] } : null;
}

describe('single sign-on', () => {
  beforeEach(() => start());

  it('tells the page of itself, sends a browser to a real provider and signs in who comes back', async () => {
    expect((await ask('/api/v1/sessions/options')).json().data.sso).toEqual({ name: 'Example ID' });
    const arrival = await signIn(ada);
    expect(arrival.location).toBe('/');
    expect(await accountOf(arrival)).toEqual({
      email: 'Ada@example.test',
      name: 'Ada Lovelace',
      role: 'supervisor',
    });
    expect(await membershipOf(ada.email)).toEqual({ role: 'supervisor', sectors: ['sales'] });
  });

  it('knows her again by issuer and subject whatever her address becomes, and gives her what her groups say now', async () => {
    await signIn(ada);
    const arrival = await signIn({ ...ada, email: 'lovelace@example.test', groups: ['cb-admins'] });
    expect(await accountOf(arrival)).toMatchObject({ email: 'Ada@example.test', role: 'admin' });
    expect(await membershipOf('lovelace@example.test')).toBeNull();
    const { db, tenantId } = server.test;
    const told = await inTenant(
      db,
      tenantId,
      (tx) => tx`
        select action, actor_name, before, after from analytics_audit_log where action like 'person.%'
        order by occurred_at`,
    );
    expect(told).toEqual([
      {
        action: 'person.joined',
        actor_name: 'Single sign-on',
        before: null,
        after: { role: 'supervisor', sectors: ['sales'] },
      },
      {
        action: 'person.changed',
        actor_name: 'Single sign-on',
        before: { role: 'supervisor', sectors: ['sales'] },
        after: { role: 'admin', sectors: [] },
      },
    ]);
  });

  it('an account there was before is the same by its verified address, password and all', async () => {
    const accountId = await server.addAccount('ada@example.test', 'viewer');
    await signIn(ada);
    const [identity] = await server.test.ownerSql`select account_id from account_identities`;
    expect(identity?.account_id).toBe(accountId);
    const payload = { email: 'ada@example.test', password: PASSWORD };
    const byPassword = await server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
    expect(byPassword.statusCode).toBe(200);
  });

  it('an account of another call centre comes in without the password it had there, which somebody else may have chosen', async () => {
    const { ownerSql, tenantId, tenantB } = server.test;
    const accountId = await server.addAccount('ada@example.test', 'viewer');
    await ownerSql`update memberships set tenant_id = ${tenantB} where account_id = ${accountId}`;
    const payload = { email: 'ada@example.test', password: PASSWORD };
    const byPassword = () => server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
    const before = await byPassword();
    expect(before.statusCode).toBe(200);
    expect(await accountOf(await signIn(ada))).toMatchObject({ role: 'supervisor' });
    expect((await byPassword()).statusCode).toBe(401);
    const [cookie] = before.cookies;
    const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
    const refreshed = await server.app.inject({ method: 'POST', url: '/api/v1/sessions/refresh', headers });
    expect(refreshed.statusCode).toBe(401);
    const told = await ownerSql`
      select tenant_id from analytics_audit_log where action = 'password.reset' and subject_id = ${accountId}`;
    expect(told.map(({ tenant_id }) => tenant_id).toSorted()).toEqual([tenantId, tenantB].toSorted());
  });

  it('the address of somebody known is no way into her account for another of the same provider', async () => {
    await signIn(ada);
    const arrival = await signIn({ ...ada, sub: 'eve', groups: ['cb-admins'] });
    expect(arrival).toEqual({ location: '/#/sso/addressTaken', refresh: null });
    expect(await membershipOf('ada@example.test')).toMatchObject({ role: 'supervisor' });
  });

  it('an account the provider has made has no password that would do', async () => {
    await signIn(ada);
    for (const password of ['', '!', PASSWORD]) {
      const payload = { email: ada.email, password };
      const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
      expect(answer.statusCode).toBe(401);
    }
  });

  it.each([
    ['an address nobody has verified', { email_verified: false }, 'unverifiedEmail'],
    ['no address', { email: undefined }, 'noEmail'],
    ['sectors that are not here, which must not become all', { teams: ['Elsewhere'] }, 'noSector'],
  ])('%s is refused, and leaves nothing behind', async (_what, changed, reason) => {
    const arrival = await signIn({ ...ada, ...changed });
    expect(arrival).toEqual({ location: `/#/sso/${reason}`, refresh: null });
    expect(await server.test.ownerSql`select from accounts`).toHaveLength(0);
  });

  it('a disabled account stays out, told what a stranger is told', async () => {
    const accountId = await server.addAccount('ada@example.test', 'viewer');
    await server.test.ownerSql`update accounts set disabled_at = now() where id = ${accountId}`;
    expect(await signIn(ada)).toEqual({ location: '/#/sso/notInvited', refresh: null });
  });

  it('the last administrator stays one, whatever his groups say', async () => {
    await server.addAccount('ada@example.test', 'admin');
    expect(await accountOf(await signIn(ada))).toMatchObject({ role: 'admin' });
    const disabled = await server.addAccount('disabled@example.test', 'admin');
    await server.test.ownerSql`update accounts set disabled_at = now() where id = ${disabled}`;
    expect(await accountOf(await signIn(ada))).toMatchObject({ role: 'admin' });
    await server.addAccount('other@example.test', 'admin');
    expect(await accountOf(await signIn(ada))).toMatchObject({ role: 'supervisor' });
  });

  it('twice for the first time at the same moment is one account', async () => {
    provider.nextPerson = ada;
    const [one, two] = [await begin(), await begin()];
    const [first, second] = [await followUntil(HOME, one.url), await followUntil(HOME, two.url)];
    const arrivals = await Promise.all([comeBack(first, one.cookie), comeBack(second, two.cookie)]);
    expect(arrivals.map(({ location }) => location)).toEqual(['/', '/']);
    expect(await server.test.ownerSql`select from accounts`).toHaveLength(1);
  });
});

describe('an answer that is not the provider’s to this browser', () => {
  beforeEach(() => start());

  /** A good answer to come back with, and the cookie it belongs to. */
  async function answered(): Promise<{ back: URL; cookie: string }> {
    provider.nextPerson = ada;
    const { url, cookie } = await begin();
    return { back: new URL(await followUntil(HOME, url)), cookie };
  }

  it('without the cookie of who set out is refused: nobody can be signed in as somebody else by a link [S75]', async () => {
    const { back } = await answered();
    expect(await comeBack(back.href)).toEqual({ location: '/#/sso/expired', refresh: null });
    const { cookie } = await begin();
    expect(await comeBack(back.href, cookie)).toEqual({ location: '/#/sso/failed', refresh: null });
  });

  it('with another state, code or issuer is refused', async () => {
    for (const parameter of ['state', 'code', 'iss']) {
      const { back, cookie } = await answered();
      back.searchParams.set(parameter, `${back.searchParams.get(parameter)}x`);
      expect(await comeBack(back.href, cookie), parameter).toEqual({
        location: '/#/sso/failed',
        refresh: null,
      });
    }
  });

  it('with another verifier or nonce in the cookie is refused', async () => {
    for (const part of ['verifier', 'nonce']) {
      const { back, cookie } = await answered();
      const [name = '', value = ''] = cookie.split('=');
      const kept = JSON.parse(Buffer.from(value, 'base64url').toString());
      const changed = Buffer.from(JSON.stringify({ ...kept, [part]: 'x'.repeat(43) })).toString('base64url');
      expect(await comeBack(back.href, `${name}=${changed}`), part).toEqual({
        location: '/#/sso/failed',
        refresh: null,
      });
    }
  });

  it('is good once', async () => {
    const { back, cookie } = await answered();
    expect((await comeBack(back.href, cookie)).location).toBe('/');
    expect(await comeBack(back.href, cookie)).toEqual({ location: '/#/sso/failed', refresh: null });
  });

  it('that says no is told as one that failed, without what it says', async () => {
    const { cookie } = await begin();
    const refused = `${CALLBACK}?error=access_denied&error_description=%3Cscript%3E`;
    expect(await comeBack(refused, cookie)).toEqual({ location: '/#/sso/failed', refresh: null });
  });
});

describe('a provider that only says who somebody is', () => {
  beforeEach(() => start({ roles: null, sectorsClaim: null }));

  it('lets in who belongs to a call centre, with the role he has there', async () => {
    await server.addAccount('ada@example.test', 'manager');
    expect(await accountOf(await signIn(ada))).toMatchObject({ role: 'manager' });
  });

  it('refuses who does not, and makes no account', async () => {
    expect(await signIn(ada)).toEqual({ location: '/#/sso/notInvited', refresh: null });
    expect(await server.test.ownerSql`select from accounts`).toHaveLength(0);
  });
});

describe('a provider that cannot be used', () => {
  it('costs nobody anything but the button: away, or of an issuer by another name', async () => {
    await start({ issuer: new URL('http://127.0.0.1:9') });
    const answer = await ask('/api/v1/sessions/sso');
    expect(answer.headers.location).toBe(`${HOME}/#/sso/unreachable`);
  });

  it('nor does a call centre that does not exist let anybody into another', async () => {
    await start({ tenant: 'nowhere' });
    expect(await signIn(ada)).toEqual({ location: '/#/sso/failed', refresh: null });
  });

  it('without OIDC_TENANT nobody is put into one of several by chance', async () => {
    await start({ tenant: null });
    expect(await signIn(ada)).toEqual({ location: '/#/sso/failed', refresh: null });
  });
});
