import type { LightMyRequestResponse } from 'fastify';
import { inTenant } from '../db/connect.ts';
import { createTestApp, PASSWORD, type TestApp } from '../testing.ts';

/** A server with a platform owner who is a viewer in its first tenant, for the tests of call centres. */
export interface PlatformTest {
  server: TestApp;
  owner: Bearer;
  ask(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    headers: Record<string, string>,
    payload?: object,
  ): Promise<LightMyRequestResponse>;
  signIn(email: string): Promise<SignedIn>;
  switchTo(
    cookie: string,
    tenantId: string,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  /** Makes a call centre as the owner; answers its id. */
  make(name: string): Promise<string>;
  join(tenantId: string, accountId: string, role: string): Promise<unknown>;
}

export interface Bearer {
  authorization: string;
  [header: string]: string;
}

export interface SignedIn {
  bearer: Bearer;
  cookie: string;
  tenant: { id: string; name: string };
  tenants: { id: string; name: string }[];
}

export async function startPlatform(): Promise<PlatformTest> {
  const server = await createTestApp();
  const ask: PlatformTest['ask'] = (method, path, headers, payload) =>
    server.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) });
  const signIn = async (email: string): Promise<SignedIn> =>
    signedIn(await ask('POST', '/sessions', {}, { email, password: PASSWORD }));
  await server.addAccount('owner@example.test', 'viewer');
  await server.test.db.sql`select make_platform_owner('owner@example.test')`;
  const { bearer: owner } = await signIn('owner@example.test');
  return {
    server,
    owner,
    ask,
    signIn,
    switchTo: (cookie, tenantId, headers = {}) =>
      ask('POST', '/sessions/switch', { cookie, ...headers }, { tenantId }),
    async make(name) {
      const made = await ask('POST', '/platform/tenants', owner, { name, timeZone: 'Europe/Madrid' });
      return made.json().data.id;
    },
    join: (tenantId, accountId, role) =>
      inTenant(
        server.test.db,
        tenantId,
        (tx) => tx`
          insert into memberships (tenant_id, account_id, role) values (${tenantId}, ${accountId}, ${role})`,
      ),
  };
}

/** What signing in, renewing or switching has answered. */
export function signedIn(answer: LightMyRequestResponse): SignedIn {
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  const { accessToken, tenant, tenants } = answer.json().data;
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
  return { bearer: { authorization: `Bearer ${accessToken}` }, cookie, tenant, tenants };
}
