import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase } from '../../db/testing.ts';
import { createDemo } from './demo.ts';

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

it('begins without waiting for a word of it to be told: the page comes first', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'callboard-demo-'));
  const test = await createTestDatabase();
  const { tenantId } = test;
  await inTenant(test.db, tenantId, (tx) => tx`update tenants set plays_demo = true where id = ${tenantId}`);
  const asked = deferred<void>();
  const answer = deferred<never>();
  const demo = createDemo({
    config: { dataDir, demoSeed: 'callboard', demoSpeed: 1 },
    db: test.db,
    ingest: {
      append: () => {
        asked.resolve();
        return answer.promise;
      },
    },
    live: { health: () => ({ sources: [] }) } as unknown as Parameters<typeof createDemo>[0]['live'], // All it asks.
    log: pino({ level: 'silent' }),
  });
  await demo.begin();
  await asked.promise;
  const [head] = await test.ownerSql`select seq from event_heads where tenant_id = ${tenantId} and seq > 0`;
  expect(head).toBeUndefined();
  answer.reject(new Error('the database is away'));
  await demo.close();
  await test.close();
  await rm(dataDir, { recursive: true });
});
