import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerErrors } from './http/errorAnswers.ts';
import { limitBodies } from './http/limits.ts';
import { createTestApp, PASSWORD, type TestApp } from './testing.ts';

let server: TestApp;
beforeAll(async () => {
  server = await createTestApp();
  await server.addAccount('admin@example.test', 'admin');
});
afterAll(() => server.close());

/** What anybody may ask for: probes, the pages, the API's description, signing in, links, setting up, pairing a display. */
const PUBLIC =
  /^\/(?:healthz|readyz|metrics|docs.*|\*|index\.html|tv|assets\/.*|favicon.*|.*\.(?:svg|png|ico|webmanifest|txt|woff2))?$|^\/api\/v1\/(?:(?:sessions|screens\/pairings|invitations|password-resets)(?:\/|$)|setup$)/;
/** Sockets ask for credentials by themselves, after the upgrade [S21]. */
const SOCKETS = /^\/ws\//;

const bearer = async () => (await server.signIn('admin@example.test')).bearer;

describe('routes', () => {
  it('all but the public ones refuse whoever shows no or false credentials', async () => {
    const guarded = server.routes.filter(({ url }) => !PUBLIC.test(url) && !SOCKETS.test(url));
    expect(guarded.length).toBeGreaterThan(10);
    for (const { url, method } of guarded) {
      for (const name of [method].flat()) {
        if (name !== 'GET' && name !== 'POST' && name !== 'PUT' && name !== 'PATCH' && name !== 'DELETE')
          continue;
        for (const headers of [
          {},
          { authorization: 'Bearer x.y.z' },
          { authorization: `Bearer cb_${'x'.repeat(43)}` },
        ]) {
          const answer = await server.app.inject({
            method: name,
            url: url.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000'),
            headers,
            ...(name !== 'GET' && { payload: { name: 'x', scopes: ['live:read'], events: [{}] } }),
          });
          expect(answer.statusCode, `${name} ${url} ${answer.body}`).toBe(401);
          expect(answer.json().error.code).toBe('unauthorized');
          expect(answer.json().data).toBeUndefined();
        }
      }
    }
  });

  it('are all described in OpenAPI 3.1', async () => {
    const description = (await server.app.inject('/docs/openapi.json')).json();
    expect(description.openapi).toBe('3.1.0');
    for (const path of ['/api/v1/events', '/api/v1/metrics/live', '/api/v1/sessions', '/api/v1/api-keys']) {
      expect(Object.keys(description.paths)).toContain(path);
    }
  });
});

describe('errors', () => {
  it('name every field, known or not, in the one envelope', async () => {
    const answer = await server.app.inject({
      url: '/api/v1/live/agents?limit=0&colour=red',
      headers: await bearer(),
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toMatchObject({ code: 'bad_request', requestId: expect.any(String) });
    expect(
      answer
        .json()
        .error.issues.map(({ path }: { path: string }) => path)
        .sort(),
    ).toEqual(['colour', 'limit']);
    expect(answer.headers['x-request-id']).toBe(answer.json().error.requestId);
  });

  it('of a path nobody serves are 404, of malformed JSON and forbidden keys 400', async () => {
    const headers = { ...(await bearer()), 'content-type': 'application/json' };
    expect((await server.app.inject({ url: '/api/v1/none', headers })).json().error.code).toBe('not_found');
    for (const payload of ['{', '{"name":"x","__proto__":{}}']) {
      const answer = await server.app.inject({ method: 'POST', url: '/api/v1/api-keys', headers, payload });
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error.code).toBe('bad_request');
    }
  });

  it('of the server say nothing of what went wrong inside', async () => {
    const app = Fastify();
    answerErrors(app);
    app.get('/', async () => {
      throw new Error('password=hunter2');
    });
    const answer = await app.inject('/');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('hunter2');
    expect(answer.json().error.code).toBe('internal');
  });

  it('[S67] of a database that is away are 503 with Retry-After', async () => {
    for (const code of ['ECONNREFUSED', 'CONNECTION_CLOSED', '53300', '57P01', '25006']) {
      const app = Fastify();
      answerErrors(app);
      app.get('/', async () => {
        throw new Error('wrapped', { cause: Object.assign(new Error('away'), { code }) });
      });
      const answer = await app.inject('/');
      expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'database_unavailable']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  });
});

describe('bodies', () => {
  it('[S64] that are too large or compressed are refused', async () => {
    const headers = { ...(await bearer()), 'content-type': 'application/json' };
    const send = (payload: string | Buffer, more = {}) =>
      server.app.inject({ method: 'POST', url: '/api/v1/events', headers: { ...headers, ...more }, payload });
    expect((await send(`{"events":["${'x'.repeat(1_100_000)}"]}`)).statusCode).toBe(413);
    expect((await send(gzipSync('{"events":[]}'), { 'content-encoding': 'gzip' })).statusCode).toBe(415);
  });

  it('[S64] that arrive too slowly are answered 408, and the connection ends', async () => {
    const app = Fastify();
    answerErrors(app);
    limitBodies(app, 50);
    app.post('/', async () => 'read');
    await app.listen({ port: 0, host: '127.0.0.1' });
    // Listening on TCP, so it is not a pipe's name.
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.write(
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":',
    );
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"timeout"');
    await app.close();
  });
});

describe('pages and headers', () => {
  it('[S70] allow no inline script anywhere', async () => {
    for (const url of ['/', '/docs/', '/healthz', '/api/v1/none']) {
      const policy = String((await server.app.inject(url)).headers['content-security-policy']);
      expect(policy).toMatch(/script-src 'self';/);
      expect(policy).not.toMatch(/unsafe-eval/);
      if (url !== '/docs/') expect(policy).not.toContain('unsafe-inline');
    }
    const docs = (await server.app.inject('/docs/')).body;
    expect(docs).not.toMatch(/https?:\/\//);
    expect((await server.app.inject('/docs/reader.js')).statusCode).toBe(200);
  });

  it('[S70] answers of every kind say who may frame, sniff or follow them', async () => {
    for (const url of ['/', '/healthz', '/api/v1/none', '/api/v1/metrics/live']) {
      const { headers } = await server.app.inject(url);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'self'$/);
      expect(headers).toMatchObject({
        'x-frame-options': 'SAMEORIGIN',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('strict-transport-security');
    }
  });

  it('[S73] serve nothing by climbing out of their folder', async () => {
    const paths = [
      '/../package.json',
      '/%2e%2e/package.json',
      '/%252e%252e%252fpackage.json',
      '/..%2fpackage.json',
    ];
    for (const url of [...paths, '/assets/..%5c..%5cpackage.json', '/.git/config', '/assets/none.js']) {
      const answer = await server.app.inject({ url, headers: { accept: 'text/html' } });
      expect([url, answer.statusCode]).toEqual([url, 404]);
    }
  });

  it('[S80] keep the metrics to this machine, or to a token where there is one', async () => {
    const local = await server.app.inject('/metrics');
    expect(local.body).toContain('callboard_http_request_seconds');
    expect(local.body).not.toContain(server.test.tenantId);
    const far = { remoteAddress: '192.0.2.1' };
    expect((await server.app.inject({ url: '/metrics', ...far })).statusCode).toBe(403);
    const proxied = { 'x-forwarded-for': '192.0.2.1' };
    expect((await server.app.inject({ url: '/metrics', headers: proxied })).statusCode).toBe(403);
  });

  it('[S72] believe no forwarded header unless told to', async () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' };
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/v1/sessions',
      headers,
      payload: { email: 'admin@example.test', password: PASSWORD },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['set-cookie']).not.toContain('Secure');
  });
});

describe('behind a proxy below a path', () => {
  let proxied: TestApp;
  beforeAll(async () => {
    proxied = await createTestApp({
      basePath: '/wall',
      trustProxy: 'loopback',
      metricsToken: 'm'.repeat(16),
    });
    await proxied.addAccount('admin@example.test', 'admin');
  });
  afterAll(() => proxied.close());

  it('serves everything there, and marks its cookie for the secure outside', async () => {
    const answer = await proxied.app.inject({
      method: 'POST',
      url: '/wall/api/v1/sessions',
      headers: {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'calls.example.test',
        origin: 'https://calls.example.test',
      },
      payload: { email: 'admin@example.test', password: PASSWORD },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-callboard_refresh_wall=[\w-]{43}; .*Path=\/; .*Secure/,
    );
    expect((await proxied.app.inject('/api/v1/none')).statusCode).toBe(404);
    for (const url of ['/healthz', '/readyz', '/wall/healthz', '/wall/docs/']) {
      expect((await proxied.app.inject(url)).statusCode).toBe(200);
    }
  });

  it('[S75] over TLS the cookie is this host’s alone, and a session of before goes on under its name', async () => {
    const over = (scheme: string, url: string, cookie?: string) =>
      proxied.app.inject({
        method: 'POST',
        url: `/wall/api/v1/sessions${url}`,
        headers: { 'x-forwarded-proto': scheme, ...(cookie && { cookie }) },
        ...(url === '' && { payload: { email: 'admin@example.test', password: PASSWORD } }),
      });
    const cookiesOf = ({ headers }: Awaited<ReturnType<typeof over>>) =>
      [headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0] ?? '');
    const [plain = ''] = cookiesOf(await over('http', ''));
    expect(plain).toMatch(/^callboard_refresh=/);
    const renewed = await over('https', '/refresh', plain);
    expect(renewed.statusCode).toBe(200);
    const [secure = '', cleared] = cookiesOf(renewed);
    expect([secure.split('=')[0], cleared]).toEqual(['__Host-callboard_refresh_wall', 'callboard_refresh=']);
    expect((await over('http', '/refresh', secure)).statusCode).toBe(401);
    expect((await over('https', '/refresh', `callboard_refresh=planted; ${secure}`)).statusCode).toBe(200);
  });

  it('promises TLS to whoever came by it, and to nobody else', async () => {
    const promise = async (scheme: string) =>
      (await proxied.app.inject({ url: '/wall/', headers: { 'x-forwarded-proto': scheme } })).headers[
        'strict-transport-security'
      ];
    expect(await promise('https')).toBe('max-age=31536000');
    expect(await promise('http')).toBeUndefined();
  });

  it('[S80] gives its metrics for the token only', async () => {
    const ask = (token: string) =>
      proxied.app.inject({ url: '/metrics', headers: { authorization: `Bearer ${token}` } });
    expect((await ask('wrong')).statusCode).toBe(401);
    expect((await ask('m'.repeat(16))).statusCode).toBe(200);
  });
});
