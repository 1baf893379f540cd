import { randomUUID } from 'node:crypto';
import type { RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  KEY_SCOPES,
  type KeyScope,
  type Permission,
  personMay,
  ROLES,
  type Role,
  scopesAllow,
} from '../../shared/contract/permissions.ts';
import { formNamed } from '../analytics/quality/testing.ts';
import { bearerOf, createTestApp, type TestApp } from '../testing.ts';
import { SYSTEM } from './audit/audit.ts';

/** Every route there is × everybody who may come, against the one table: a new route is covered by being registered. */

let server: TestApp;
const keys = new Map<KeyScope, string>();

beforeAll(async () => {
  let createdBy = '';
  server = await createTestApp();
  for (const role of ROLES) {
    const accountId = await server.addAccount(`${role}@example.test`, role);
    if (role === 'admin') createdBy = accountId;
  }
  await server.addAccount('owner@example.test', 'viewer');
  await server.parts.db.sql`select make_platform_owner('owner@example.test')`;
  for (const scope of KEY_SCOPES) {
    const key = await server.parts.access.apiKeys.create(SYSTEM, {
      tenantId: server.test.tenantId,
      name: scope,
      scopes: [scope],
      createdBy,
    });
    keys.set(scope, key.key);
  }
});
afterAll(() => server.close());

interface Guarded {
  method: string;
  url: string;
  need: Permission;
}

function guardedRoutes(): Guarded[] {
  return server.routes.flatMap((route) => {
    const need = needOf(route);
    const methods = [route.method].flat().filter((method) => method !== 'HEAD' && method !== 'OPTIONS');
    return need === null ? [] : methods.map((method) => ({ method, url: route.url, need }));
  });
}

/** What the guard among a route's hooks asks for; null where it has none. */
function needOf({ onRequest }: RouteOptions): Permission | null {
  for (const hook of [onRequest ?? []].flat()) {
    const need: unknown = Reflect.get(hook, 'need');
    // Only `access.guard` sets it.
    if (typeof need === 'string') return need as Permission;
  }
  return null;
}

/** A session of its own for every question: some routes end the one they are asked with. */
const tokenOf = async (who: Role | 'owner'): Promise<string> =>
  (await server.signIn(`${who}@example.test`)).token;

async function statusOf({ method, url }: Guarded, token: string): Promise<number> {
  const answer = await server.app.inject({
    method: method as 'GET', // Any of them: inject's types name each.
    url: url.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000'),
    headers: bearerOf(token),
    // Nothing any route takes: whoever may come in is told so, and nothing changes.
    ...(method !== 'GET' && { payload: { none: true } }),
  });
  return answer.statusCode;
}

/** Something of another tenant for every kind of thing a route names by its id. */
async function foreignIds(): Promise<Record<string, string>> {
  const { ownerSql, tenantB } = server.test;
  const ids = {
    key: randomUUID(),
    session: randomUUID(),
    account: randomUUID(),
    invitation: randomUUID(),
    screen: randomUUID(),
    import: randomUUID(),
    form: randomUUID(),
    score: randomUUID(),
  };
  await ownerSql.begin(async (tx) => {
    await tx`select set_config('app.tenant_id', ${tenantB}, true)`;
    await tx`select create_account(${ids.account}, 'foreign@example.test', 'Foreign', 'none')`;
    await tx`
      insert into memberships (tenant_id, account_id, role) values (${tenantB}, ${ids.account}, 'admin')`;
    await tx`insert into sectors (tenant_id, id, name) values (${tenantB}, 'theirs', 'Theirs')`;
    await tx`insert into queues (tenant_id, id, name) values (${tenantB}, 'theirs', 'Theirs')`;
    await tx`insert into agents (tenant_id, id, name) values (${tenantB}, 'theirs', 'Theirs')`;
    await tx`
      insert into queue_visits (tenant_id, entered_at, call_id, nth, queue_id, source, origin, outcome, wait_ms,
        is_transferred, is_completed, is_inferred, is_called_back, earlier_queues)
      values (${tenantB}, now(), 'theirs', 1, 'theirs', 'theirs', 'inbound', 'open', 0, false, false, false, false, '{}')`;
    await tx`
      insert into api_keys (tenant_id, id, name, prefix, hash, scopes)
      values (${tenantB}, ${ids.key}, 'theirs', 'cb_', ${Buffer.alloc(32)}, ${['events:write']})`;
    await tx`
      insert into invitations (tenant_id, id, email, name, role, hash, expires_at)
      values (${tenantB}, ${ids.invitation}, 'invited@example.test', 'Theirs', 'viewer', ${Buffer.alloc(32)},
        now() + interval '1 day')`;
    await tx`
      insert into refresh_tokens (tenant_id, id, family_id, account_id, hash, expires_at)
      values (${tenantB}, ${randomUUID()}, ${ids.session}, ${ids.account}, ${Buffer.alloc(32)}, now() + interval '1 day')`;
    await tx`
      insert into screens (tenant_id, id, name, board, audience, hash, expires_at)
      values (${tenantB}, ${ids.screen}, 'theirs', 'wall', 'floor', ${Buffer.alloc(32)}, now() + interval '1 day')`;
    await tx`
      insert into imports (tenant_id, id, source, name, state) values (${tenantB}, ${ids.import}, 'a', 'theirs', 'done')`;
    await tx`
      insert into quality_forms (tenant_id, id, form_id, version, state, name, guidance, pass_mark, sections, created_by)
      values (${tenantB}, ${ids.form}, ${ids.form}, 1, 'draft', 'theirs', '', 80, '[]', 'theirs')`;
    await tx`
      insert into call_quality_scores (tenant_id, id, call_id, agent_id, called_at, is_call_known, origin, reviewer_id,
        reviewer_name, form_version_id, form_name, answers, state, signed_at)
      values (${tenantB}, ${ids.score}, 'theirs', 'theirs', now(), true, 'review', ${ids.account}, 'theirs', ${ids.form},
        'theirs', '[]', 'signed', now())`;
  });
  return {
    '/api/v1/api-keys/:id': ids.key,
    '/api/v1/api-keys/:id/rotation': ids.key,
    '/api/v1/account/sessions/:id': ids.session,
    '/api/v1/people/:id': ids.account,
    '/api/v1/people/:id/password-reset': ids.account,
    '/api/v1/people/invitations/:id': ids.invitation,
    '/api/v1/people/invitations/:id/renewal': ids.invitation,
    '/api/v1/screens/:id': ids.screen,
    '/api/v1/screens/:id/reload': ids.screen,
    '/api/v1/screens/:id/identify': ids.screen,
    // With the days it asks for, without which it refuses before it looks.
    '/api/v1/analytics/performance/agents/:id': 'theirs?startDate=2026-11-01&endDate=2026-11-02',
    '/api/v1/analytics/performance/agents/:id/days': 'theirs?startDate=2026-11-01&endDate=2026-11-02',
    '/api/v1/calls/:id': 'theirs',
    '/api/v1/analytics/quality/scores/:id': `${ids.score}?version=1`,
    '/api/v1/analytics/quality/scores/:id/sign': ids.score,
    '/api/v1/analytics/quality/scores/:id/acknowledge': ids.score,
    '/api/v1/analytics/quality/scores/:id/dispute': ids.score,
    '/api/v1/analytics/quality/scores/:id/resolve': ids.score,
    '/api/v1/analytics/quality/forms/:id': ids.form,
    '/api/v1/analytics/quality/forms/:id/publish': ids.form,
    '/api/v1/analytics/quality/forms/:id/retire': ids.form,
    '/api/v1/analytics/quality/forms/:id/draft': ids.form,
    '/api/v1/imports/:id': ids.import,
    '/api/v1/settings/sectors/:id': 'theirs',
    '/api/v1/settings/queues/:id': 'theirs',
    '/api/v1/settings/agents/:id': 'theirs',
  };
}

/** A body that the route takes, so that it looks for what is named. */
function changeOf(method: string, url: string): object {
  const [, subject, step = ''] = /\/quality\/(scores|forms)\/:id\/?(.*)/.exec(url) ?? [];
  if (subject === 'scores') {
    if (step === 'sign') return { version: 1 };
    return step === 'dispute' ? { version: 1, reason: 'Mine' } : { version: 1, comment: 'Mine' };
  }
  if (subject === 'forms')
    return method === 'PUT' ? { revision: 1, content: formNamed('Mine') } : { revision: 1 };
  if (method === 'POST') return {};
  return url.includes('/people/') ? { role: 'viewer' } : { name: 'Mine now' };
}

describe('every route', () => {
  it('[S46] that names something by its id answers 404 for another tenant’s, and leaves it alone', async () => {
    const ids = await foreignIds();
    const { ownerSql, tenantB } = server.test;
    const theirs = async () => {
      const rows = [];
      for (const table of [
        'sectors',
        'queues',
        'agents',
        'api_keys',
        'refresh_tokens',
        'invitations',
        'screens',
        'imports',
        'quality_forms',
        'call_quality_scores',
      ])
        rows.push(await ownerSql`select * from ${ownerSql(table)} where tenant_id = ${tenantB} order by id`);
      rows.push(await ownerSql`select * from memberships where tenant_id = ${tenantB} order by account_id`);
      rows.push(await ownerSql`select * from password_resets order by hash`);
      return JSON.stringify(rows);
    };
    const before = await theirs();
    const token = await tokenOf('admin');
    // Of the platform's there is no other tenant: server/platform/tenants.db.test.ts holds them to what they may.
    const named = guardedRoutes().filter(({ url, need }) => url.includes(':') && need !== 'platform:manage');
    for (const { method, url } of named) {
      const id = ids[url];
      if (id === undefined)
        throw new Error(`${url} names something new: say here what another tenant has of it.`);
      const [path = '', query] = id.split('?');
      const answer = await server.app.inject({
        method: method as 'GET', // As above.
        url: `${url.replace(/:\w+/, path)}${query === undefined ? '' : `?${query}`}`,
        headers: bearerOf(token),
        ...(method !== 'GET' && method !== 'DELETE' && { payload: changeOf(method, url) }),
      });
      expect(answer.statusCode, `${method} ${url} ${answer.body}`).toBe(404);
    }
    expect(named.length).toBeGreaterThan(5);
    expect(await theirs()).toBe(before);
  });

  it('under /api/v1 but for signing in and out, whoever holds a link, and what displays ask for by themselves, has a guard', () => {
    const open = server.routes.filter((route) => route.url.startsWith('/api/') && needOf(route) === null);
    expect([...new Set(open.map(({ url }) => url))].sort()).toEqual([
      '/api/v1/invitations/acceptance',
      '/api/v1/invitations/look',
      '/api/v1/password-resets',
      '/api/v1/password-resets/look',
      '/api/v1/password-resets/use',
      '/api/v1/screens/pairings',
      '/api/v1/screens/pairings/claim',
      '/api/v1/screens/renewal',
      '/api/v1/sessions',
      '/api/v1/sessions/current',
      '/api/v1/sessions/options',
      '/api/v1/sessions/refresh',
      '/api/v1/sessions/switch',
      '/api/v1/setup',
    ]);
    expect(guardedRoutes().length).toBeGreaterThan(20);
  });

  it('lets in every role and every key that the table names, and answers all others 403', async () => {
    // Reading ends no session: one serves until something else is asked, for signing in has its rate.
    const sessions = new Map<Role | 'owner', string>();
    for (const route of guardedRoutes()) {
      if (route.method !== 'GET') sessions.clear();
      const people = [...ROLES, 'owner' as const].map(async (who) => {
        const isPlatformOwner = who === 'owner';
        const role = isPlatformOwner ? 'viewer' : who;
        const token = sessions.get(who) ?? (await tokenOf(who));
        if (route.method === 'GET') sessions.set(who, token);
        return [who, token, personMay({ role, isPlatformOwner }, route.need)] as const;
      });
      const callers = [
        ...(await Promise.all(people)),
        ...KEY_SCOPES.map((scope) => [scope, keys.get(scope), scopesAllow([scope], route.need)] as const),
      ];
      for (const [who, token, may] of callers) {
        const status = await statusOf(route, token ?? '');
        const what = `${who}: ${route.method} ${route.url}`;
        if (may) expect([401, 403], what).not.toContain(status);
        else expect(status, what).toBe(403);
      }
    }
  });
});
