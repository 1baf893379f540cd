import type { LightMyRequestResponse } from 'fastify';
import { inTenant } from '../db/connect.ts';
import { type Bearer, createTestApp, type TestApp } from '../testing.ts';

/** A server with a platform owner who is a viewer in its first tenant, for the tests of call centres. */
export interface PlatformTest {
  server: TestApp;
  owner: Bearer;
  ask: TestApp['ask'];
  signIn: TestApp['signIn'];
  switchTo(
    cookie: string,
    tenantId: string,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  /** Makes a call centre as the owner; answers its id. */
  make(name: string): Promise<string>;
  join(tenantId: string, accountId: string, role: string): Promise<unknown>;
}

export async function startPlatform(): Promise<PlatformTest> {
  const server = await createTestApp();
  const { ask, signIn } = server;
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
