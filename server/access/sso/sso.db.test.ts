import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { PASSWORD } from '../../testing.ts';
import type { SsoConfig } from './ssoConfig.ts';
import { ada, CALLBACK, type Door, HOME, openDoor } from './testing/door.ts';
import { followUntil, startProvider, type TestProvider } from './testing/provider.ts';

let provider: TestProvider;
let door: Door;
beforeAll(async () => {
  provider = await startProvider([CALLBACK]);
});
afterAll(() => provider.close());
afterEach(() => door.server.close());

async function start(config: Partial<SsoConfig> = {}): Promise<void> {
  door = await openDoor(provider, config);
}

describe('single sign-on', () => {
  beforeEach(() => start());

  it('tells the page of itself, sends a browser to a real provider and signs in who comes back', async () => {
    expect((await door.ask('/api/v1/sessions/options')).json().data.sso).toEqual({ name: 'Example ID' });
    const arrival = await door.signIn(ada);
    expect(arrival.location).toBe('/');
    expect(await door.accountOf(arrival)).toEqual({
      email: 'Ada@example.test',
      name: 'Ada Lovelace',
      role: 'supervisor',
    });
    expect(await door.membershipOf(ada.email)).toEqual({ role: 'supervisor', sectors: ['sales'] });
  });

  it('knows her again by issuer and subject whatever her address becomes, and gives her what her groups say now', async () => {
    await door.signIn(ada);
    const arrival = await door.signIn({ ...ada, email: 'lovelace@example.test', groups: ['cb-admins'] });
    expect(await door.accountOf(arrival)).toMatchObject({ email: 'Ada@example.test', role: 'admin' });
    expect(await door.membershipOf('lovelace@example.test')).toBeNull();
    const { db, tenantId } = door.server.test;
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
    const accountId = await door.server.addAccount('ada@example.test', 'viewer');
    await door.signIn(ada);
    const [identity] = await door.server.test.ownerSql`select account_id from account_identities`;
    expect(identity?.account_id).toBe(accountId);
    const payload = { email: 'ada@example.test', password: PASSWORD };
    const byPassword = await door.server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
    expect(byPassword.statusCode).toBe(200);
  });

  it('an account of another call centre comes in without the password it had there, which somebody else may have chosen', async () => {
    const { ownerSql, tenantId, tenantB } = door.server.test;
    const accountId = await door.server.addAccount('ada@example.test', 'viewer');
    await ownerSql`update memberships set tenant_id = ${tenantB} where account_id = ${accountId}`;
    const payload = { email: 'ada@example.test', password: PASSWORD };
    const byPassword = () => door.server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
    const before = await byPassword();
    expect(before.statusCode).toBe(200);
    expect(await door.accountOf(await door.signIn(ada))).toMatchObject({ role: 'supervisor' });
    expect((await byPassword()).statusCode).toBe(401);
    const [cookie] = before.cookies;
    const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
    const refreshed = await door.server.app.inject({
      method: 'POST',
      url: '/api/v1/sessions/refresh',
      headers,
    });
    expect(refreshed.statusCode).toBe(401);
    const told = await ownerSql`
      select tenant_id from analytics_audit_log where action = 'password.reset' and subject_id = ${accountId}`;
    expect(told.map(({ tenant_id }) => tenant_id).toSorted()).toEqual([tenantId, tenantB].toSorted());
  });

  it('the address of somebody known is no way into her account for another of the same provider', async () => {
    await door.signIn(ada);
    const arrival = await door.signIn({ ...ada, sub: 'eve', groups: ['cb-admins'] });
    expect(arrival).toEqual({ location: '/#/sso/addressTaken', refresh: null });
    expect(await door.membershipOf('ada@example.test')).toMatchObject({ role: 'supervisor' });
  });

  it('an account the provider has made has no password that would do', async () => {
    await door.signIn(ada);
    for (const password of ['', '!', PASSWORD]) {
      const payload = { email: ada.email, password };
      const answer = await door.server.app.inject({ method: 'POST', url: '/api/v1/sessions', payload });
      expect(answer.statusCode).toBe(401);
    }
  });

  it.each([
    ['an address nobody has verified', { email_verified: false }, 'unverifiedEmail'],
    ['no address', { email: undefined }, 'noEmail'],
    ['sectors that are not here, which must not become all', { teams: ['Elsewhere'] }, 'noSector'],
  ])('%s is refused, and leaves nothing behind', async (_what, changed, reason) => {
    const arrival = await door.signIn({ ...ada, ...changed });
    expect(arrival).toEqual({ location: `/#/sso/${reason}`, refresh: null });
    expect(await door.server.test.ownerSql`select from accounts`).toHaveLength(0);
  });

  it('a disabled account stays out, told what a stranger is told', async () => {
    const accountId = await door.server.addAccount('ada@example.test', 'viewer');
    await door.server.test.ownerSql`update accounts set disabled_at = now() where id = ${accountId}`;
    expect(await door.signIn(ada)).toEqual({ location: '/#/sso/notInvited', refresh: null });
  });

  it('the last administrator stays one, whatever his groups say', async () => {
    await door.server.addAccount('ada@example.test', 'admin');
    expect(await door.accountOf(await door.signIn(ada))).toMatchObject({ role: 'admin' });
    const disabled = await door.server.addAccount('disabled@example.test', 'admin');
    await door.server.test.ownerSql`update accounts set disabled_at = now() where id = ${disabled}`;
    expect(await door.accountOf(await door.signIn(ada))).toMatchObject({ role: 'admin' });
    await door.server.addAccount('other@example.test', 'admin');
    expect(await door.accountOf(await door.signIn(ada))).toMatchObject({ role: 'supervisor' });
  });

  it('twice for the first time at the same moment is one account', async () => {
    provider.nextPerson = ada;
    const [one, two] = [await door.begin(), await door.begin()];
    const [first, second] = [await followUntil(HOME, one.url), await followUntil(HOME, two.url)];
    const arrivals = await Promise.all([door.comeBack(first, one.cookie), door.comeBack(second, two.cookie)]);
    expect(arrivals.map(({ location }) => location)).toEqual(['/', '/']);
    expect(await door.server.test.ownerSql`select from accounts`).toHaveLength(1);
  });
});

describe('a provider that only says who somebody is', () => {
  beforeEach(() => start({ roles: null, sectorsClaim: null }));

  it('lets in who belongs to a call centre, with the role he has there', async () => {
    await door.server.addAccount('ada@example.test', 'manager');
    expect(await door.accountOf(await door.signIn(ada))).toMatchObject({ role: 'manager' });
  });

  it('refuses who does not, and makes no account', async () => {
    expect(await door.signIn(ada)).toEqual({ location: '/#/sso/notInvited', refresh: null });
    expect(await door.server.test.ownerSql`select from accounts`).toHaveLength(0);
  });
});

describe('a provider that cannot be used', () => {
  it('costs nobody anything but the button: away, or of an issuer by another name', async () => {
    await start({ issuer: new URL('http://127.0.0.1:9') });
    const answer = await door.ask('/api/v1/sessions/sso');
    expect(answer.headers.location).toBe(`${HOME}/#/sso/unreachable`);
  });

  it('nor does a call centre that does not exist let anybody into another', async () => {
    await start({ tenant: 'nowhere' });
    expect(await door.signIn(ada)).toEqual({ location: '/#/sso/failed', refresh: null });
  });

  it('without OIDC_TENANT nobody is put into one of several by chance', async () => {
    await start({ tenant: null });
    expect(await door.signIn(ada)).toEqual({ location: '/#/sso/failed', refresh: null });
  });
});
