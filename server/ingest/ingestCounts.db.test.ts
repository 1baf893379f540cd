import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { silent, until } from '../live/testing.ts';
import { createIngestCounts } from './ingestCounts.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const AT = Date.parse('2026-03-02T10:14:59.000Z');
const rows = (tenantId: string) => test.ownerSql`
  select bucket, source, kind, count::int, first_at, last_at from ingest_counts
  where tenant_id = ${tenantId} order by bucket, source, kind`;

describe('what leaves no event', () => {
  it('is added up by source and quarter of an hour, over flushes and nodes', async () => {
    const tenantId = await test.newTenant('counted');
    let now = AT;
    const nodes = [1, 2].map(() =>
      createIngestCounts({ db: test.db, log: silent, now: () => now, flushMs: 5 }),
    );
    const [one, other] = nodes;
    one?.note(tenantId, 'pbx', 'duplicate', 2);
    await until(async () => (await rows(tenantId)).length === 1, 'the first is written');
    now += 500;
    other?.note(tenantId, 'pbx', 'duplicate', 3);
    other?.note(tenantId, 'pbx', 'duplicate', 0);
    other?.note(tenantId, 'pbx', 'warning', 1);
    now += 500;
    one?.note(tenantId, 'pbx', 'duplicate', 4);
    await Promise.all(nodes.map((node) => node.close()));
    const bucket = new Date('2026-03-02T10:00:00Z');
    const row = { source: 'pbx', kind: 'duplicate' };
    expect([...(await rows(tenantId))]).toEqual([
      { ...row, bucket, count: 5, first_at: new Date(AT), last_at: new Date(AT + 500) },
      {
        ...row,
        bucket,
        kind: 'warning',
        count: 1,
        first_at: new Date(AT + 500),
        last_at: new Date(AT + 500),
      },
      {
        ...row,
        bucket: new Date('2026-03-02T10:15:00Z'),
        count: 4,
        first_at: new Date(AT + 1_000),
        last_at: new Date(AT + 1_000),
      },
    ]);
  });

  it('[S67] waits while the database is away, and is let go with its call centre', async () => {
    const tenantId = await test.newTenant('waits');
    const other = await createTestDatabase();
    await other.close();
    const db = { sql: other.db.sql };
    let failures = 0;
    const log: Logger = Object.assign(Object.create(silent), { warn: () => failures++ });
    const counts = createIngestCounts({ db, log, now: () => AT, flushMs: 5 });
    counts.note(tenantId, 'pbx', 'warning', 7);
    counts.note(randomUUID(), 'pbx', 'warning', 1);
    await until(() => failures >= 2, 'both have been tried');
    db.sql = test.db.sql;
    await until(async () => (await rows(tenantId)).length === 1, 'it is written');
    await counts.close();
    expect(await rows(tenantId)).toMatchObject([{ count: 7 }]);
  });
});
