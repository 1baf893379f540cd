import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, enter, inTenant } from '../db/connect.ts';
import { deriveUrls } from '../db/roles.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { openProxy, type TcpProxy } from '../faults/tcpProxy.ts';
import { isDatabaseUnavailable } from '../http/errors.ts';
import { createIngest, type Ingest } from './ingest.ts';

const log = pino({ level: 'silent' });

let test: TestDatabase;
let proxy: TcpProxy;
let db: Database;
let ingest: Ingest;

beforeAll(async () => {
  test = await createTestDatabase();
  const url = new URL(test.databaseUrl);
  proxy = await openProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  db = await enter(deriveUrls(url.href, null), log);
  ingest = createIngest({ db, log, registry: new Registry() });
});
afterAll(async () => {
  proxy.accept();
  await ingest.close();
  await db.close();
  await proxy.close();
  await test.close();
});

function post(tenantId: string, keys: string[]) {
  const events = keys.map((key) => {
    const ids = { source: 'pbx', sourceKey: key, callId: key, queue: 'q' };
    return { kind: 'call.queued', occurredAt: Date.now() - (Date.now() % 86_400_000), ...ids };
  });
  return ingest.receive(tenantId, { events, partial: false });
}

async function stored(tenantId: string): Promise<string[]> {
  const rows = await inTenant(test.db, tenantId, (tx) => tx`select source_key from call_events order by seq`);
  return rows.map((row) => row.source_key);
}

describe('[S67] while the database is away', () => {
  it('a request fails as unavailable, stores nothing, and succeeds when sent again', async () => {
    const tenantId = await test.newTenant('Away');
    await post(tenantId, ['a']);
    proxy.refuse();
    const error = await post(tenantId, ['b']).catch((caught: unknown) => caught);
    expect(isDatabaseUnavailable(error)).toBe(true);
    proxy.accept();
    expect(await post(tenantId, ['a', 'b'])).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(await stored(tenantId)).toEqual(['a', 'b']);
  });

  it('a database that takes no writes is unavailable, too', async () => {
    const tenantId = await test.newTenant('Read only');
    const name = new URL(test.databaseUrl).pathname.slice(1);
    await test.ownerSql.unsafe(`alter database ${name} set default_transaction_read_only = on`);
    proxy.sever();
    // Connections made before the cut may fail as cut; those made after it are read-only.
    for (let attempt = 0; attempt < 3; attempt++) {
      const error = await post(tenantId, ['a']).catch((caught: unknown) => caught);
      expect(isDatabaseUnavailable(error)).toBe(true);
    }
    await test.ownerSql.unsafe(`alter database ${name} reset default_transaction_read_only`);
    proxy.sever();
    await sendUntilTaken(tenantId, ['a']);
    expect(await stored(tenantId)).toEqual(['a']);
  });

  it('clients that send again until they are answered have everything stored exactly once', async () => {
    const tenantId = await test.newTenant('Cut');
    const batches = Array.from({ length: 40 }, (_, batch) => [0, 1, 2].map((index) => `${batch}-${index}`));
    const sending = batches.map((keys) => sendUntilTaken(tenantId, keys, 20));
    // Enough cuts to hit every phase of a transaction; then they must all come through.
    for (let cut = 0; cut < 60; cut++) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      proxy.sever();
    }
    await Promise.all(sending);
    expect((await stored(tenantId)).sort()).toEqual(batches.flat().sort());
  });
});

/** What a well-behaved client does. */
async function sendUntilTaken(tenantId: string, keys: string[], pauseMs = 1): Promise<void> {
  for (;;) {
    try {
      await post(tenantId, keys);
      return;
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMs));
    }
  }
}
