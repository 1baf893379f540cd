import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { unpackWaits } from '../../../shared/metrics/packedWaits.ts';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { moveMarks } from '../retention/marks.ts';
import { rebuildRollUps } from './rebuildRollUps.ts';
import { recountContacts } from './recountContacts.ts';
import { restampAll } from './restampAll.ts';
import { readRollUps, recomputeAll } from './testing.ts';
import { around, createTrial, DAY_MS, START, type Trial } from './trial.ts';

/** What rows say of calls that had been in the same queue, or sector, before [T5], against SQL over visits and over the lists beside. */

let test: TestDatabase;
let trial: Trial;
let tenantId: string;
const now = () => START + 100 * DAY_MS;

beforeAll(async () => {
  test = await createTestDatabase();
  trial = createTrial(test);
});
afterAll(() => test.close());

beforeEach(async () => {
  tenantId = await trial.aTenant();
  await test.ownerSql`
    insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North'), (${tenantId}, 'south', 'South')`;
  await test.ownerSql`
    insert into queues (tenant_id, id, name, sector_id)
    values (${tenantId}, 'q0', 'Sales', 'north'), (${tenantId}, 'q1', 'Service', 'north'), (${tenantId}, 'q2', 'Billing', 'south')`;
  await trial.write(tenantId, { visits: around(3, 400).visits });
  await recomputeAll(test.db, tenantId, { settings: await settings(), now: now() });
  await recount();
});

const settings = async (): Promise<LiveSettings> => (await loadSettings(test.db, tenantId)).settings;

/** As the leader does, until nothing is left to count again. */
async function recount(): Promise<void> {
  for (let more = true; more; ) {
    await recomputeAll(test.db, tenantId, { settings: await settings(), now: now() });
    ({ more } = await recountContacts(test.db, tenantId));
  }
}

async function move(queue: string, sector: string): Promise<void> {
  await test.ownerSql`update queues set sector_id = ${sector} where tenant_id = ${tenantId} and id = ${queue}`;
  await inTenant(
    test.db,
    tenantId,
    (tx) => tx`update settings set version = version + 1 where tenant_id = ${tenantId}`,
  );
}

async function expectCounted(): Promise<void> {
  const rows = await test.ownerSql<Record<string, unknown>[]>`
    select grain, bucket, queue_id, repeats_in_queue::int, repeats_in_sector::int, contact_repeats_in_queue,
      contact_repeats_in_sector
    from performance_trends where tenant_id = ${tenantId} order by 1, 2, 3`;
  const listed = await test.ownerSql<Record<string, unknown>[]>`
    select grain, bucket, t.queue_id,
      (select coalesce(sum((e ->> 1)::int), 0)::int from jsonb_array_elements(repeats) e
        where e -> 0 ? nullif(t.queue_id, '')) as repeats_in_queue,
      (select coalesce(sum((e ->> 1)::int), 0)::int from jsonb_array_elements(repeats) e
        where e -> 0 ?| near.queues) as repeats_in_sector,
      (select coalesce(jsonb_object_agg(day, calls), '{}') from (
        select e ->> 1 as day, sum((e ->> 2)::int) as calls from jsonb_array_elements(contact_repeats) e
        where e -> 0 ? nullif(t.queue_id, '') group by 1) d) as contact_repeats_in_queue,
      (select coalesce(jsonb_object_agg(day, calls), '{}') from (
        select e ->> 1 as day, sum((e ->> 2)::int) as calls from jsonb_array_elements(contact_repeats) e
        where e -> 0 ?| near.queues group by 1) d) as contact_repeats_in_sector
    from performance_trends t cross join lateral (
      select coalesce(array_agg(other.id), '{}') as queues from queues own join queues other using (tenant_id, sector_id)
      where own.tenant_id = t.tenant_id and own.id = t.queue_id
    ) near
    where tenant_id = ${tenantId} order by 1, 2, 3`;
  const days = (packed: unknown) => Object.fromEntries(unpackWaits(packed as Uint8Array)); // A bytea.
  expect(
    rows.map(({ contact_repeats_in_queue: inQueue, contact_repeats_in_sector: inSector, ...row }) => ({
      ...row,
      contact_repeats_in_queue: days(inQueue),
      contact_repeats_in_sector: days(inSector),
    })),
  ).toEqual([...listed]);
}

/** Of every grain, by queue. */
const sums = () => test.ownerSql`
  select grain, queue_id, sum(repeats_in_queue)::int as in_queue, sum(repeats_in_sector)::int as in_sector
  from performance_trends where tenant_id = ${tenantId} and queue_id <> '' group by 1, 2 order by 1, 2`;

/** The same from the visits. */
const visits = () => test.ownerSql`
  select grain, v.queue_id, count(*) filter (where v.queue_id = any(earlier_queues))::int as in_queue,
    count(*) filter (where exists (
      select from queues own join queues other using (tenant_id, sector_id)
      where own.tenant_id = v.tenant_id and own.id = v.queue_id and other.id = any(earlier_queues)
    ))::int as in_sector
  from queue_visits v, unnest(array['interval', 'hour', 'day', 'month']) grain
  where tenant_id = ${tenantId} and outcome <> 'refused' group by 1, 2 order by 1, 2`;

const rowsNow = async () => (await readRollUps(test.ownerSql, tenantId)).queues;

it('is what visits and lists say, of every row of every grain, and after a rebuild', async () => {
  await expectCounted();
  const told = await sums();
  expect([...told]).toEqual([...(await visits())]);
  expect(told.every(({ in_queue, in_sector }) => in_queue > 0 && in_sector >= in_queue)).toBe(true);
  expect(told.some(({ in_queue, in_sector }) => in_sector > in_queue)).toBe(true);
  const before = await rowsNow();
  expect(
    before.some((row) => row.contact_repeats_in_sector.length > row.contact_repeats_in_queue.length),
  ).toBe(true);
  await rebuildRollUps(test.db, tenantId, { settings: await settings(), now });
  expect(await rowsNow()).toEqual(before);
});

it('[T9] follows a queue into another sector, where facts are gone, too', async () => {
  const before = await sums();
  await moveMarks(test.db, tenantId, { factsSince: START + 4 * DAY_MS });
  await move('q1', 'south');
  await recount();
  await expectCounted();
  const after = await sums();
  expect([...after]).toEqual([...(await visits())]);
  expect([...after]).not.toEqual([...before]);
  await move('q1', 'north');
  await recount();
  expect([...(await sums())]).toEqual([...before]);
});

it('[T9] is right after a move that one round counted by before it was taken back', async () => {
  const before = await sums();
  await move('q1', 'south');
  await test.ownerSql`
    insert into dirty_buckets (tenant_id, kind, bucket, id, due_at)
    select tenant_id, 'queue', bucket, queue_id, bucket from performance_trends
    where tenant_id = ${tenantId} and grain = 'interval' and queue_id = 'q0' limit 200`;
  await recomputeAll(test.db, tenantId, { settings: await settings(), now: now() });
  expect([...(await sums())]).not.toEqual([...before]);
  await move('q1', 'north');
  await recount();
  await expectCounted();
  expect([...(await sums())]).toEqual([...before]);
});

it('[L11] stays when rows are stamped with other thresholds', async () => {
  const before = await sums();
  const stamped = { ...(await settings()), thresholdSeconds: 45 };
  await restampAll(test.db, tenantId, { settings: stamped, now });
  await expectCounted();
  expect([...(await sums())]).toEqual([...before]);
});

it('is filled in by the migration where rows are older than it', async () => {
  const before = await rowsNow();
  await test.ownerSql`
    update performance_trends set repeats_in_queue = 0, repeats_in_sector = 0, contact_repeats_in_queue = '',
      contact_repeats_in_sector = ''
    where tenant_id = ${tenantId}`;
  expect(await rowsNow()).not.toEqual(before);
  const migration = await readFile('drizzle/0040_sums_at_hand.sql', 'utf8');
  const [filling = ''] = /^with entry as[\s\S]*?;$/m.exec(migration) ?? [];
  await test.ownerSql.unsafe(filling);
  expect(await rowsNow()).toEqual(before);
});
