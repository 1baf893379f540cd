import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveSettings } from '../../../shared/contract/settings.ts';
import { thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import { inTenant } from '../../db/connect.ts';
import { readLog } from '../../faults/recount.ts';
import { loadSettings } from '../../live/liveSettings.ts';
import { append } from '../../live/testing.ts';
import { type LocalDay, localDayOf } from '../../log/localDay.ts';
import { createTestApp, type TestApp } from '../../testing.ts';
import { recomputeDue } from '../rollUps/recomputeDue.ts';
import { recomputeAll } from '../rollUps/testing.ts';
import { startTestProjector, untilProjected } from '../testing.ts';
import { expectDay } from './expectDay.ts';
import { liveAtClose } from './liveAtClose.ts';
import { chanceFrom, randomDays } from './randomDays.ts';
import { recountAgents } from './recountAgents.ts';
import { overlapsNext, settlesAt } from './recountDay.ts';
import { recountVisits } from './recountVisits.ts';

/**
 * [R1] For a hundred days at random, those of both changes of the clock in three zones among them: what live said of a day when it
 * had settled, what history answers over HTTP, and a recount of the log by other code are equal, figure by figure.
 *
 * Lawfully different, and held to rules of their own: the occupancy and utilisation of a queue or sector are live over who serves
 * it now, in history over who served it when the time passed; live reads ratios of time at full ten seconds [L6]. Percentiles the
 * recount leaves out: live and history both read them off the histogram of [V7].
 *
 * Other days: AGREEMENT_SEEDS=20 takes the seeds 1 to 20, a hundred days each; a failure names its seed.
 */

const MANY = Number(process.env.AGREEMENT_SEEDS ?? 1);
const SEEDS = Array.from({ length: MANY }, (_, i) => i + 1);
const NOW = Date.parse('2026-06-01T00:00:00Z');
const CALLS_A_DAY = 14;

/** Zones, and dates about which a stretch of days lies: the changes of their clocks. */
const ZONES = [
  { timeZone: 'Europe/Berlin', about: ['2025-03-30', '2025-10-26'], isQuietAtNight: true },
  { timeZone: 'America/New_York', about: ['2025-03-09', '2025-11-02'], isQuietAtNight: false },
  { timeZone: 'Australia/Lord_Howe', about: ['2025-04-06', '2025-10-05'], isQuietAtNight: true },
  { timeZone: 'Asia/Kolkata', about: ['2025-01-31', '2025-12-31'], isQuietAtNight: false },
];
const DAYS_EACH = 25;

let server: TestApp;
beforeAll(async () => {
  server = await createTestApp();
});
afterAll(() => server.close());

/** Two stretches of days, a date each in their middle. */
function daysAbout(dates: readonly string[], timeZone: string): LocalDay[] {
  return dates.flatMap((date, i) =>
    Array.from({ length: i === 0 ? Math.ceil(DAYS_EACH / 2) : Math.floor(DAYS_EACH / 2) }, (_, n) => {
      const noon = DateTime.fromISO(`${date}T12:00`, { zone: timeZone }).plus({ days: n - 6 });
      return localDayOf(noon.toMillis(), timeZone, 0);
    }),
  );
}

async function centreIn(timeZone: string, name: string) {
  const { test } = server;
  const tenantId = await test.newTenant(name);
  await inTenant(test.db, tenantId, async (tx) => {
    await tx`update settings set time_zone = ${timeZone} where tenant_id = ${tenantId}`;
    await tx`insert into sectors (tenant_id, id, name) values (${tenantId}, 'north', 'North'), (${tenantId}, 'south', 'South')`;
    await tx`
      insert into queues (
        tenant_id, id, name, sector_id, threshold_seconds, short_abandon_seconds, wrap_up_seconds, max_wait_seconds
      ) values
        (${tenantId}, 'q0', 'q0', 'north', null, null, 20, null), (${tenantId}, 'q1', 'q1', 'north', 10, 3, null, null),
        (${tenantId}, 'q2', 'q2', 'south', null, null, null, 900), (${tenantId}, 'q3', 'q3', 'south', null, null, null, null)`;
  });
  await server.addAccount(`${name}@example.test`, 'admin', [], tenantId);
  const { bearer } = await server.signIn(`${name}@example.test`);
  const get = async (address: string) => {
    const answer = await server.ask('GET', `/analytics/performance${address}`, bearer);
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
    return answer.json().data;
  };
  const { settings } = await loadSettings(test.db, tenantId);
  return { tenantId, settings, get };
}

/** Sends the days in any order, in batches, with a projector that is stopped and started in between. */
async function tell(
  tenantId: string,
  of: LiveSettings,
  seed: number,
  days: readonly LocalDay[],
  isQuietAtNight: boolean,
) {
  const { db } = server.test;
  const chance = chanceFrom(seed * 7_919);
  const events = randomDays({ seed, days, callsADay: CALLS_A_DAY, isQuietAtNight }).map((draft, i) => ({
    ...draft,
    sourceOrder: i,
  }));
  // Most arrive in their order, one in ten whenever.
  const arriving = events
    .map((event, i): [number, typeof event] => [chance.is(0.1) ? chance.between(0, events.length) : i, event])
    .sort(([a], [b]) => a - b)
    .map(([, event]) => event);
  const start = () =>
    startTestProjector(db, tenantId, {
      now: () => NOW,
      afterwards: async ({ settings, now }) =>
        (await recomputeDue(db, tenantId, { settings, now, limit: 500 })).more,
    });
  let projector = start();
  while (arriving.length > 0) {
    await append(db, tenantId, arriving.splice(0, chance.between(1, 1_000)));
    projector.wake();
    if (chance.is(0.2)) {
      await projector.close();
      projector = start();
    }
  }
  await untilProjected(db, tenantId, projector, 120_000);
  await projector.close();
  await recomputeAll(db, tenantId, { settings: of, now: NOW });
  return readLog(server.test.ownerSql, tenantId);
}

describe.each(SEEDS)('[R1] live at close, history and a recount of the log agree, seed %i', (seed) => {
  it.each(ZONES)(
    'in $timeZone',
    async ({ timeZone, about, isQuietAtNight }) => {
      const days = daysAbout(about, timeZone);
      const { tenantId, settings, get } = await centreIn(timeZone, `t${seed}-${timeZone.replace('/', '-')}`);
      const log = await tell(
        tenantId,
        settings,
        seed * 100 + ZONES.findIndex((zone) => zone.timeZone === timeZone),
        days,
        isQuietAtNight,
      );
      const recounted = recountVisits(log);
      const stretches = recountAgents(log, recounted.visits, {
        wrapUpMs: (queue) => (settings.queues.get(queue)?.wrapUpSeconds ?? 0) * 1_000,
      });
      let whole = 0;
      for (const day of days) {
        const settled = settlesAt(recounted, day, (id) => thresholdsInForce(settings, id).maxWaitMs);
        const live = liveAtClose(log, settings, day, settled);
        const isWhole = !overlapsNext(recounted, day, settled);
        if (isWhole) whole++;
        await expectDay({ day, get, settings, live, isWhole, recounted, stretches });
      }
      // A centre that sleeps at night settles before it wakes; where nobody sleeps the counts have to do.
      if (isQuietAtNight) expect(whole).toBeGreaterThan(DAYS_EACH / 2);
    },
    180_000,
  );
});
