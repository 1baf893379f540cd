import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { silent } from '../../live/testing.ts';
import { insertVisits, visitOf } from '../calls/testing.ts';
import { healthChore } from './healthChore.ts';

const HOUR = 3_600_000;
const MONDAY = Date.UTC(2026, 1, 2);
const LATER = MONDAY + 72 * HOUR;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it('[V10] a visit that becomes a ghost while its day is counted is counted in the next round', async () => {
  const { db, ownerSql, tenantId } = test;
  await ownerSql`insert into queues (tenant_id, id, name) values (${tenantId}, 'help', 'Help')`;
  await insertVisits(ownerSql, tenantId, [visitOf({ queueId: 'help', enteredAt: MONDAY })]);
  await ownerSql`
    insert into history_days (tenant_id, started_at, ended_at, fold)
    values (${tenantId}, ${new Date(MONDAY)}, ${new Date(MONDAY + 24 * HOUR)}, '')`;
  const { settings } = await loadSettings(db, tenantId);
  const round = async (instants: number[]) => {
    const now = () => instants.shift() ?? LATER;
    await healthChore.run({ db, tenantId, settings, now, log: silent, isOver: () => false });
    const [row] = await ownerSql`
      select count(*)::int as ghosts from importer_health where tenant_id = ${tenantId} and kind = 'ghost'`;
    return row?.ghosts;
  };
  // The clock goes on by three days at every step but the first ones of a round, wherever the round asks for it.
  for (let asked = 1; asked <= 6; asked++) {
    await ownerSql`update history_days set health_due_at = '-infinity'`;
    await ownerSql`delete from importer_health`;
    await round(Array<number>(asked).fill(MONDAY + HOUR));
    expect(await round([]), `after ${asked} of the first instant`).toBe(1);
  }
});
