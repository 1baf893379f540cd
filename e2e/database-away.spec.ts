import { expect, test } from '@playwright/test';
import postgres, { type Sql } from 'postgres';
import type { TcpProxy } from '../server/faults/tcpProxy.ts';
import type { IngestEvent } from '../shared/contract/events.ts';
import { errorBody, postEvents, signIn } from './testing/api.ts';
import { type Cabled, startCabled } from './testing/cabled.ts';
import { AT_NOON } from './testing/noon.ts';
import { expectExactly } from './testing/recount.ts';
import type { Callboard } from './testing/server.ts';
import { traffic } from './testing/traffic.ts';

const now = Date.now();
const story = traffic({ seed: 3, calls: 40, agents: 4, queues: 2, startMs: now - 600_000, endMs: now });
const batches: IngestEvent[][] = [0, 1, 2, 3].map((part) => story.slice(part * 30, (part + 1) * 30));

test.describe('[S67] the database', () => {
  let cabled: Cabled;
  let cable: TcpProxy;
  let admin: Sql;
  let server: Callboard;
  let key: string;
  const stored: IngestEvent[] = [];

  test.beforeAll(async () => {
    cabled = await startCabled(AT_NOON);
    ({ cable, server } = cabled);
    admin = postgres(cabled.database.url, { max: 1, onnotice: () => {} });
    key = await (await signIn(server.url)).createKey();
  });
  test.afterAll(async () => {
    await admin?.end();
    await cabled?.dispose();
  });

  const cases: { what: string; begin(): Promise<unknown>; end(): Promise<unknown> }[] = [
    {
      what: 'restarting',
      begin: async () => cable.refuse(),
      end: async () => cable.accept(),
    },
    {
      what: 'read-only',
      begin: async () => {
        await admin`alter role callboard_app set default_transaction_read_only = on`;
        await cutOff(admin);
      },
      end: async () => {
        await admin`alter role callboard_app reset default_transaction_read_only`;
        await cutOff(admin);
      },
    },
    {
      what: 'at its connection limit',
      begin: async () => {
        await admin`alter role callboard_app connection limit 0`;
        await cutOff(admin);
      },
      end: async () => {
        await admin`alter role callboard_app connection limit -1`;
      },
    },
  ];

  for (const [at, { what, begin, end }] of cases.entries()) {
    test(`${what}: 503 with Retry-After, nothing half-stored, nothing lost once the client retries`, async () => {
      const batch = batches[at] ?? [];
      await begin();
      const refused = await untilAnswered(() => send(server.url, key, batch));
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(errorBody.parse(await refused.json()).error.code).toBe('database_unavailable');
      await end();
      await expect(() => postEvents(server.url, key, batch)).toPass();
      stored.push(...batch);
      await expect(async () => expectExactly(await signIn(server.url), stored)).toPass();
    });
  }
});

function send(url: string, key: string, events: IngestEvent[]): Promise<Response> {
  return fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  });
}

/** The first answer that says no: a connection that still stood may have served one more request. */
async function untilAnswered(ask: () => Promise<Response>): Promise<Response> {
  const deadline = Date.now() + 30_000;
  let answer = await ask();
  while (answer.ok && Date.now() < deadline) answer = await ask();
  return answer;
}

function cutOff(admin: Sql): Promise<unknown> {
  return admin`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'callboard_app'`;
}
