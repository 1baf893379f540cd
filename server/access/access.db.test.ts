import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../shared/contract/permissions.ts';
import { bearerOf, createTestApp, PASSWORD, type TestApp } from '../testing.ts';

let server: TestApp;
beforeAll(async () => {
  server = await createTestApp();
  for (const role of ['admin', 'manager', 'supervisor', 'viewer'] as const) {
    await server.addAccount(`${role}@example.test`, role);
  }
});
afterAll(() => server.close());

const URL = '/api/v1/sessions';

function post(url: string, payload?: object, headers: Record<string, string> = {}) {
  return server.app.inject({ method: 'POST', url, payload, headers });
}

const signIn = (email: string) => server.signIn(email);

function cookieOf(header: string | string[] | undefined): string {
  return String(header).split(';')[0] ?? '';
}

function refresh(cookie: string) {
  return post(`${URL}/refresh`, undefined, { cookie });
}

describe('sessions', () => {
  it('answer with a token, who it is for, and a cookie no script can read', async () => {
    const answer = await post(URL, { email: ' Admin@Example.TEST ', password: PASSWORD });
    expect(answer.json().data).toMatchObject({
      account: { email: 'admin@example.test', role: 'admin' },
      tenant: { id: server.test.tenantId, timeZone: 'UTC', weekStart: 1, dayStartMinutes: 0 },
    });
    expect(answer.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('refuse a wrong password, an unknown account and impossible text in the same words', async () => {
    const tries = [
      { email: 'viewer@example.test', password: 'wrong' },
      { email: 'nobody@example.test', password: PASSWORD },
      { email: 'a\u0000b@example.test', password: PASSWORD },
    ];
    const bodies = [];
    for (const one of tries) {
      const answer = await post(URL, one);
      expect(answer.statusCode).toBe(401);
      bodies.push({ ...answer.json().error, requestId: '' });
    }
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  it('[S74] count a network of IPv6 as one address: whoever has one has 2^64', async () => {
    const knock = (url: string, payload: object, n: number) =>
      server.app.inject({ method: 'POST', url, payload, remoteAddress: `2001:db8:5:7::${n.toString(16)}` });
    const wrong = (n: number) =>
      knock('/api/v1/sessions', { email: `nobody${n}@example.test`, password: 'wrong' }, n);
    for (let n = 0; n < 100; n++) expect((await wrong(n)).statusCode).toBe(401);
    expect((await wrong(100)).statusCode).toBe(429);
    const codes = new Set<number>();
    for (let n = 0; n < 70; n++) {
      const answer = await knock('/api/v1/password-resets/look', { token: 'x'.repeat(43) }, n);
      codes.add(answer.statusCode);
    }
    expect([...codes]).toEqual([404, 429]);
  });

  it('[S74] let nobody go on guessing one account, and let the others in', async () => {
    await server.addAccount('guessed@example.test', 'viewer');
    const wrong = { email: 'guessed@example.test', password: 'wrong' };
    for (let i = 0; i < 10; i++) expect((await post(URL, wrong)).statusCode).toBe(401);
    const blocked = await post(URL, { ...wrong, password: PASSWORD });
    expect(blocked.statusCode).toBe(429);
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
    await signIn('viewer@example.test');
  });

  it('are renewed by the cookie, which changes every time', async () => {
    const { cookie } = await signIn('viewer@example.test');
    const answer = await refresh(cookie);
    expect(answer.json().data.account.role).toBe('viewer');
    const next = cookieOf(answer.headers['set-cookie']);
    expect(next).not.toBe(cookie);
    expect((await refresh(next)).statusCode).toBe(200);
  });

  it('[S11] end altogether when a used refresh token comes again', async () => {
    const { cookie } = await signIn('viewer@example.test');
    const other = await signIn('viewer@example.test');
    const next = cookieOf((await refresh(cookie)).headers['set-cookie']);
    expect((await refresh(cookie)).statusCode).toBe(401);
    expect((await refresh(next)).statusCode).toBe(401);
    expect((await refresh(other.cookie)).statusCode).toBe(200);
  });

  it('[S12] survive two renewals at once as one chain', async () => {
    const { cookie } = await signIn('viewer@example.test');
    const { ownerSql } = server.test;
    // Both have looked at the token and wait for its row: neither can be late.
    let answers: Awaited<ReturnType<typeof refresh>>[] = [];
    let both: Promise<typeof answers> | undefined;
    await ownerSql.begin(async (tx) => {
      await tx`select from refresh_tokens for update`;
      both = Promise.all([refresh(cookie), refresh(cookie)]);
      for (;;) {
        const [row] = await ownerSql<{ waiting: number }[]>`
          select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%refresh_tokens%'`;
        if (row?.waiting === 2) break;
      }
    });
    answers = (await both) ?? [];
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    const winner = answers.find(({ statusCode }) => statusCode === 200);
    expect((await refresh(cookieOf(winner?.headers['set-cookie']))).statusCode).toBe(200);
  });

  it('end at sign-out, and for accounts that were disabled', async () => {
    const { cookie } = await signIn('viewer@example.test');
    const out = await server.app.inject({ method: 'DELETE', url: `${URL}/current`, headers: { cookie } });
    expect(out.statusCode).toBe(204);
    expect((await refresh(cookie)).statusCode).toBe(401);

    const id = await server.addAccount('leaving@example.test', 'viewer');
    const leaving = await signIn('leaving@example.test');
    await server.test.ownerSql`update accounts set disabled_at = now() where id = ${id}`;
    expect((await refresh(leaving.cookie)).statusCode).toBe(401);
    expect((await post(URL, { email: 'leaving@example.test', password: PASSWORD })).statusCode).toBe(401);
  });

  it('[S75] are not touched by what another site sends', async () => {
    const { cookie } = await signIn('viewer@example.test');
    const foreign: [string, string][] = [
      ['origin', 'https://evil.test'],
      ['origin', 'null'],
      ['sec-fetch-site', 'cross-site'],
    ];
    for (const [name, value] of foreign) {
      expect((await post(`${URL}/refresh`, undefined, { cookie, [name]: value })).statusCode).toBe(403);
    }
    expect((await refresh(cookie)).statusCode).toBe(200);
  });

  it('[S7] a refresh token is no access token', async () => {
    const { cookie } = await signIn('admin@example.test');
    const headers = bearerOf(cookie.split('=')[1] ?? '');
    expect((await server.app.inject({ url: '/api/v1/api-keys', headers })).statusCode).toBe(401);
  });
});

describe('API keys', () => {
  it('are made by administrators, shown once, and do what their scopes say until revoked', async () => {
    const { bearer } = await signIn('admin@example.test');
    const made = await post('/api/v1/api-keys', { name: 'PBX', scopes: ['events:write'] }, bearer);
    expect(made.statusCode).toBe(201);
    const { key, id, prefix } = made.json().data;
    expect(key).toMatch(/^cb_[\w-]{43}$/);
    const listed = await server.app.inject({ url: '/api/v1/api-keys', headers: bearer });
    expect(listed.json().data).toContainEqual({
      id,
      name: 'PBX',
      prefix,
      scopes: ['events:write'],
      createdAt: made.json().data.createdAt,
      lastUsedAt: null,
      expiresAt: null,
    });
    expect(listed.body).not.toContain(key);

    const headers = bearerOf(key);
    expect((await server.app.inject({ url: '/api/v1/ingest/rejections', headers })).statusCode).toBe(200);
    expect((await server.app.inject({ url: '/api/v1/live/health', headers })).statusCode).toBe(403);
    expect((await server.app.inject({ url: '/api/v1/api-keys', headers })).statusCode).toBe(403);

    const gone = await server.app.inject({
      method: 'DELETE',
      url: `/api/v1/api-keys/${id}`,
      headers: bearer,
    });
    expect(gone.statusCode).toBe(204);
    expect((await server.app.inject({ url: '/api/v1/ingest/rejections', headers })).statusCode).toBe(401);
  });

  it('end by themselves where they were made for a while, and not in the past', async () => {
    const { bearer } = await signIn('admin@example.test');
    const wish = { name: 'for a while', scopes: ['live:read'] };
    const past = await post('/api/v1/api-keys', { ...wish, expiresAt: '2020-01-01T00:00:00Z' }, bearer);
    expect([past.statusCode, past.json().error.issues[0].path]).toEqual([400, 'expiresAt']);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { key, id } = (await post('/api/v1/api-keys', { ...wish, expiresAt }, bearer)).json().data;
    const look = async () =>
      (
        await server.app.inject({
          url: '/api/v1/live/health',
          headers: bearerOf(key),
        })
      ).statusCode;
    expect(await look()).toBe(200);
    await server.test.ownerSql`update api_keys set expires_at = clock_timestamp() where id = ${id}`;
    server.parts.access.apiKeys.forget();
    expect(await look()).toBe(401);
    const listed = (await server.app.inject({ url: '/api/v1/api-keys', headers: bearer })).json().data;
    expect(listed.map((one: { id: string }) => one.id)).not.toContain(id);
  });

  it('are replaced without a gap: both hold for the overlap, then the new one alone', async () => {
    const { bearer } = await signIn('admin@example.test');
    const old = (await post('/api/v1/api-keys', { name: 'PBX 2', scopes: ['events:write'] }, bearer)).json()
      .data;
    const rotation = `/api/v1/api-keys/${old.id}/rotation`;
    const made = await post(rotation, { overlapHours: 2 }, bearer);
    expect(made.json().data).toMatchObject({ name: 'PBX 2', scopes: ['events:write'], expiresAt: null });
    const status = async (key: string) =>
      (
        await server.app.inject({
          url: '/api/v1/ingest/rejections',
          headers: bearerOf(key),
        })
      ).statusCode;
    expect([await status(old.key), await status(made.json().data.key)]).toEqual([200, 200]);
    const listed = (await server.app.inject({ url: '/api/v1/api-keys', headers: bearer })).json().data;
    const { expiresAt } = listed.find((one: { id: string }) => one.id === old.id);
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(3_600_000);
    // Rotated again, it never ends later than it was to.
    await post(rotation, { overlapHours: 0 }, bearer);
    expect([await status(old.key), await status(made.json().data.key)]).toEqual([401, 200]);
    expect((await post(rotation, {}, bearer)).statusCode).toBe(404);
  });

  it('are stored only as their hash', async () => {
    const { bearer } = await signIn('admin@example.test');
    const { key } = (await post('/api/v1/api-keys', { name: 'x', scopes: ['live:read'] }, bearer)).json()
      .data;
    const [row] = await server.test.ownerSql<{ found: number }[]>`
      select count(*)::int as found from api_keys where api_keys::text like ${`%${key.slice(12)}%`}`;
    expect(row?.found).toBe(0);
  });

  it.each([
    ['admin', 200, 200],
    ['manager', 403, 200],
    ['supervisor', 403, 403],
    ['viewer', 403, 403],
  ] satisfies [Role, number, number][])(
    'roles: %s manages keys %i, writes events %i',
    async (role, keys, events) => {
      const { bearer: headers } = await signIn(`${role}@example.test`);
      const status = async (url: string) => (await server.app.inject({ url, headers })).statusCode;
      expect(await status('/api/v1/api-keys')).toBe(keys);
      expect(await status('/api/v1/ingest/rejections')).toBe(events);
      expect(await status('/api/v1/live/health')).toBe(200);
    },
  );
});
