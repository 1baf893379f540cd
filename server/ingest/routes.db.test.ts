import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BATCH_BYTES_LIMIT } from '../../shared/contract/events.ts';
import { inTenant } from '../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { answerErrors, zodValidator } from '../http/errorAnswers.ts';
import { limitBodies } from '../http/limits.ts';
import { follow, PermanentFailure } from './follow/follow.ts';
import { sendLog } from './follow/sendLog.ts';
import { toServer } from './follow/toServer.ts';
import { createIngest, type Ingest } from './ingest.ts';
import { ingestRoutes } from './routes.ts';

const log = pino({ level: 'silent' });
const now = Date.now();

let test: TestDatabase;
let ingest: Ingest;
let app: FastifyInstance;
let url: string;
let tenantId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  ingest = createIngest({ db: test.db, log, registry: new Registry() });
  app = Fastify();
  app.setValidatorCompiler(zodValidator);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app);
  limitBodies(app, 100);
  app.decorateRequest('principal');
  // Who may come in is server/access's subject; here everybody is a key of the test's tenant.
  const guard = () => async (request: FastifyRequest) => {
    request.principal = {
      kind: 'key',
      tenantId,
      keyId: 'k',
      name: 'k',
      scopes: ['events:write'],
      expiresAt: null,
    };
  };
  await app.register(ingestRoutes, { prefix: '/api/v1', ingest, access: { guard }, idleMs: 100 });
  url = await app.listen({ port: 0 });
});
afterAll(async () => {
  await app.close();
  await ingest.close();
  await test.close();
});
beforeEach(async () => {
  tenantId = await test.newTenant(`Tenant ${Math.random()}`);
});

function queued(key: string, fields: object = {}): object {
  return {
    kind: 'call.queued',
    source: 'pbx',
    sourceKey: key,
    occurredAt: now,
    callId: key,
    queue: 'q',
    ...fields,
  };
}

async function post(path: string, payload: string | object, type = 'application/json') {
  const response = await app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    payload,
    headers: { 'content-type': type },
  });
  return { status: response.statusCode, body: response.json() };
}

/** Sends bytes over a bare connection and gives what comes back until it closes. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let said = '';
    socket.on('data', (data) => {
      said += data.toString();
    });
    socket.on('error', reject).on('close', () => resolve(said));
    socket.write(text);
  });
}

describe('POST /api/v1/events', () => {
  it('answers what became of the batch, with the position its numbers will have', async () => {
    expect(await post('/events', { events: [queued('a'), queued('b')] })).toEqual({
      status: 200,
      body: {
        data: { accepted: 2, duplicates: 0, rejected: 0, warnings: 0, lastSeq: 2, rejections: [] },
        meta: { seq: 2 },
      },
    });
  });

  it('refuses a batch with a bad event whole, unless partial, and names index and field', async () => {
    const events = [queued('a'), queued('b', { queue: 5 })];
    expect(await post('/events', { events })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_events', issues: [{ index: 1, path: 'queue' }] } },
    });
    expect(await post('/events', { events, partial: true })).toMatchObject({
      status: 200,
      body: { data: { accepted: 1, rejected: 1, rejections: [{ index: 1, field: 'queue' }] } },
    });
  });

  it.each([
    ['no events', { events: [] }, 400],
    ['no list', { events: {} }, 400],
    ['a list alone', [], 400],
    ['an unknown field', { events: [queued('a')], force: true }, 400],
    ['1,001 events', { events: Array.from({ length: 1_001 }, (_, index) => queued(`k${index}`)) }, 413],
    ['more than a megabyte', { events: [queued('a', { caller: 'x'.repeat(BATCH_BYTES_LIMIT) })] }, 413],
  ])('[S62][S64] refuses %s', async (_title, payload, status) => {
    expect((await post('/events', payload)).status).toBe(status);
  });

  it('[S63] refuses __proto__ as a field, and what is not JSON', async () => {
    expect((await post('/events', '{"events":[{"__proto__":{"x":1}}]}')).status).toBe(400);
    expect((await post('/events', '{"events":')).status).toBe(400);
    expect((await post('/events', '{"events":[{"occurredAt":1e999}]}')).status).toBe(400);
  });

  it('[S64] refuses compressed bodies, and gives up on slow ones', async () => {
    const head = 'POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    expect(await raw(`${head}Content-Length: 1000\r\n\r\n{"events":[`)).toContain('408');
    expect(
      await raw(`${head}Content-Encoding: gzip\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`),
    ).toContain('415');
  });
});

describe('POST /api/v1/imports/asterisk', () => {
  const line = (call: string, second = 0) => `${1_700_000_000 + second}|${call}|q|NONE|CLOSED\n`;

  it('takes a log as text, and says what it could not use', async () => {
    expect(await post('/imports/asterisk?timeZone=UTC', `${line('a')}bad\n`, 'text/plain')).toMatchObject({
      status: 200,
      body: {
        data: { accepted: 1, rejected: 1, lastSeq: 1, rejections: [{ line: 2, field: 'line' }] },
        meta: { seq: 1 },
      },
    });
  });

  it('takes a log larger than any other body may be', async () => {
    const log = Array.from(
      { length: 2_500 },
      (_, index) => `${line(`c${index}`, index).trim()}|${'x'.repeat(500)}\n`,
    ).join('');
    expect(log.length).toBeGreaterThan(BATCH_BYTES_LIMIT);
    expect(await post('/imports/asterisk', log, 'text/plain')).toMatchObject({
      body: { data: { accepted: 2_500 } },
    });
  });

  it('takes rows of the table as JSON lines and as a list', async () => {
    const row = (call: string) => ({
      time: '2023-02-05 01:09:21',
      callid: call,
      queuename: 'q',
      agent: 'NONE',
      event: 'CLOSED',
    });
    const lines = `${JSON.stringify(row('a'))}\n${JSON.stringify(row('b'))}`;
    expect(await post('/imports/asterisk', lines, 'application/x-ndjson')).toMatchObject({
      body: { data: { accepted: 2 } },
    });
    expect(await post('/imports/asterisk', [row('b'), row('c')])).toMatchObject({
      body: { data: { accepted: 1, duplicates: 1 } },
    });
  });

  it('names a parameter it cannot use, and a body it cannot read', async () => {
    expect(await post('/imports/asterisk?timeZone=Mars', line('a'), 'text/plain')).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: 'timeZone' }] } },
    });
    expect((await post('/imports/asterisk?zone=UTC', line('a'), 'text/plain')).status).toBe(400);
    expect((await post('/imports/asterisk', line('a'), 'image/png')).status).toBe(415);
  });

  it('[S64] gives up on a sender that falls silent, and keeps what came', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => line('c', index)).join('');
    const head = `POST /api/v1/imports/asterisk HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9999999\r\n\r\n`;
    expect(await raw(head + many)).toContain('408');
    const [row] = await inTenant(test.db, tenantId, (tx) => tx`select state, accepted::int from imports`);
    expect(row).toEqual({ state: 'failed', accepted: 1_000 });
  });
});

describe('GET /api/v1/ingest/rejections', () => {
  it('pages through what was rejected', async () => {
    await post('/events', { events: [{}, {}, {}], partial: true });
    const first = (await app.inject('/api/v1/ingest/rejections?limit=2')).json();
    expect(first.data.rejections).toHaveLength(2);
    const next = (
      await app.inject(`/api/v1/ingest/rejections?limit=2&cursor=${first.data.nextCursor}`)
    ).json();
    expect(next.data).toMatchObject({ rejections: [{ field: 'kind' }], nextCursor: null });
    expect((await app.inject('/api/v1/ingest/rejections?cursor=zzz')).statusCode).toBe(400);
  });
});

describe('a log sent from the telephone system itself', () => {
  it('sendLog tells a mistake, which a retry would not mend, from a server that is away', async () => {
    const body = Buffer.from('1700000000|c|q|NONE|CLOSED\n');
    const options = { source: 'pbx', timeZone: 'UTC', isFollowed: false };
    expect(await sendLog({ url: `${url}/`, key: 'k' }, body, options)).toMatchObject({ accepted: 1 });
    await expect(sendLog({ url, key: 'k' }, body, { ...options, timeZone: 'Mars' })).rejects.toThrow(
      PermanentFailure,
    );
    const away = sendLog({ url: 'http://127.0.0.1:9', key: 'k' }, body, options);
    await expect(away).rejects.toThrow('cannot be reached');
    await expect(away).rejects.not.toThrow(PermanentFailure);
  });

  it('follows across restarts with the keys and the order of one reading, and rejects a line once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-send-'));
    const path = join(folder, 'queue_log');
    const stateFile = join(folder, 'state', 'place.json');
    const start = () => {
      const stop = new AbortController();
      const done = follow({
        path,
        reader: {
          source: 'asterisk',
          timeZone: 'UTC',
          secret: new Uint8Array(32),
          now: Date.now,
        },
        destination: toServer({ url, key: 'k' }, { source: 'asterisk', timeZone: 'UTC', stateFile }),
        signal: stop.signal,
        log,
        intervals: { pollMs: 3, retryMs: 1, retryLimitMs: 5 },
      });
      return async () => {
        stop.abort();
        await done;
      };
    };
    const stored = () =>
      inTenant(
        test.db,
        tenantId,
        (tx) => tx`
      select call_id, source_order::int as place from call_events order by occurred_at, source_order`,
      );
    const reaches = (calls: string[]) =>
      vi.waitFor(async () => expect((await stored()).map((row) => row.call_id)).toEqual(calls), {
        timeout: 60_000,
        interval: 5,
      });
    const dial = '1700000000|d|NONE|SIP/1|OUTDIAL|5550001||0|0\n';

    await writeFile(path, `${dial}garbage\n${dial}`);
    let stop = start();
    await reaches(['d', 'd']);
    await appendFile(path, dial);
    await reaches(['d', 'd', 'd']);
    await stop();
    await appendFile(path, `1700000000|e|q|NONE|CLOSED\n`);
    stop = start();
    await reaches(['d', 'd', 'd', 'e']);
    await stop();

    expect((await stored()).map((row) => row.place)).toEqual([0, 1, 2, 3]);
    expect(await ingest.rejections(tenantId, { after: null, importId: null, limit: 10 })).toHaveLength(1);
    expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ resumeAt: { offset: 0, line: 1 } });
    await rm(folder, { recursive: true });
  });
});
