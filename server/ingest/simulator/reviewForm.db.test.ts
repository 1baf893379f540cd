import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTenant } from '../../db/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { takeScores } from '../../history/scores/takeScores.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { appendStory } from '../../live/testing.ts';
import { demoDayAt } from './clock.ts';
import { tellDay } from './day.ts';
import { setUpDemo } from './demoTenant.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it('[Q1] the demo’s reviews are scored by its form: mean 84, deviation 8, some critical failures', async () => {
  const { db, tenantId } = test;
  await setUpDemo(db, tenantId);
  await setUpDemo(db, tenantId);
  const forms = await test.ownerSql`select name, state from quality_forms`;
  expect(forms).toEqual([{ name: 'Call review', state: 'published' }]);
  const reviews = [0, 1, 2, 3, 6, 7, 8].flatMap((offset) =>
    tellDay(demoDayAt('callboard', 'UTC', Date.UTC(2026, 10, 16), offset)).filter(
      ({ kind }) => kind === 'quality.scored',
    ),
  );
  const seq = await appendStory(
    db,
    tenantId,
    reviews.map((review, at) => ({ ...review, seq: at, recordedAt: 0 })),
  );
  await inTenant(
    db,
    tenantId,
    (tx) => tx`insert into projection_checkpoints (tenant_id, seq) values (${tenantId}, ${seq})`,
  );
  const { settings } = await loadSettings(db, tenantId);
  while (await takeScores(db, tenantId, settings));
  const [row] = await test.ownerSql`
    select count(*)::integer as reviews, count(form_version_id)::integer as ours, count(score)::integer as scored,
      avg(score) filter (where failed_critical = '{}') as mean,
      stddev_samp(score) filter (where failed_critical = '{}') as deviation,
      avg((failed_critical <> '{}')::integer)::float8 as critical
    from call_quality_scores`;
  expect(row).toMatchObject({ reviews: reviews.length, ours: reviews.length, scored: reviews.length });
  expect(reviews.length).toBeGreaterThan(150);
  expect(row?.mean).toBeGreaterThan(82);
  expect(row?.mean).toBeLessThan(86);
  expect(row?.deviation).toBeGreaterThan(6.5);
  expect(row?.deviation).toBeLessThan(9.5);
  expect(row?.critical).toBeGreaterThan(0.005);
  expect(row?.critical).toBeLessThan(0.07);
});
