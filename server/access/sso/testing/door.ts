import { expect } from 'vitest';
import { z } from 'zod';
import { inTenant } from '../../../db/connect.ts';
import { createTestApp, type TestApp } from '../../../testing.ts';
import type { SsoConfig } from '../ssoConfig.ts';
import { CLIENT, followUntil, type TestProvider } from './provider.ts';

/** A server with a door to a real provider, and the browsers that go through it. */

export const HOME = 'http://callboard.test';
export const CALLBACK = `${HOME}/api/v1/sessions/sso/callback`;

/** Somebody the provider knows. */
export const ada = {
  sub: 'ada',
  email: 'Ada@example.test',
  email_verified: true,
  name: 'Ada Lovelace',
  groups: ['cb-supervisors'],
  teams: ['Sales'],
};

/** Where a browser was sent in the end, and the refresh cookie it was given. */
export interface Arrival {
  location: string;
  refresh: string | null;
}

const renewed = z.object({
  data: z.object({ account: z.object({ email: z.string(), name: z.string(), role: z.string() }) }),
});

/** `config`: what is other than in most tests. */
export async function openDoor(provider: TestProvider, config: Partial<SsoConfig> = {}) {
  const server: TestApp = await createTestApp({
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

  return { server, ask, begin, comeBack, signIn, accountOf, membershipOf };
}

export type Door = Awaited<ReturnType<typeof openDoor>>;
