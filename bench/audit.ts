import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Registry } from 'prom-client';
import { traffic } from '../e2e/testing/traffic.ts';
import { createAudit } from '../server/analytics/reconciliation/audit.ts';
import { inTenant } from '../server/db/connect.ts';
import { startProjector } from '../server/history/projector.ts';
import { recomputeDue } from '../server/history/rollUps/recomputeDue.ts';
import { restampAll } from '../server/history/rollUps/restampAll.ts';
import { loadSettings } from '../server/live/liveSettings.ts';
import { openCentre } from './centre.ts';
import { report } from './report.ts';

/**
 * For how long the audit keeps everything else on its node waiting while it proves a day of BENCH_CALLS (20,000) calls: the delay of the
 * event loop, against that of the same process doing nothing.
 */
const CALLS = Number(process.env.BENCH_CALLS ?? 20_000);
const DAY_MS = 86_400_000;
const RESOLUTION_MS = 2;
const PROMISED_MS = 50;

const { db, tenantId, log, tell, close } = await openCentre('audit', 'UTC');
try {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const startMs = today - 3 * DAY_MS + 8 * 3_600_000;
  const events = traffic({
    ...{ seed: 1, prefix: 'day', calls: CALLS, agents: 400, queues: 20 },
    ...{ startMs, endMs: startMs + 12 * 3_600_000 },
  });
  await tell(events);
  await db.sql`select analyze_log()`;
  const { settings } = await loadSettings(db, tenantId);
  const isWhole = async () => {
    const [row] = await inTenant(
      db,
      tenantId,
      (tx) => tx<{ left: number }[]>`
        select (select count(*)::int from history_days where stale_since is not null)
          + (select count(*)::int from dirty_buckets where due_at <= now()) as left`,
    );
    return row?.left === 0;
  };
  const projector = startProjector({
    ...{ db, tenantId, log, now: Date.now },
    async afterwards({ now }) {
      const { more } = await recomputeDue(db, tenantId, { settings, now });
      if (!more) await restampAll(db, tenantId, { settings, now: Date.now, isOver: () => false });
      return more;
    },
  });
  while (projector.status().seq < events.length || !(await isWhole()))
    await new Promise((resolve) => setTimeout(resolve, 100));
  await projector.close();

  const registry = new Registry();
  const audit = createAudit(registry);
  const delaysOf = async (work: () => Promise<unknown>) => {
    const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    const began = performance.now();
    histogram.enable();
    await work();
    histogram.disable();
    const ms = (ns: number) => ns / 1e6 - RESOLUTION_MS;
    return {
      p99: ms(histogram.percentile(99)),
      max: ms(histogram.max),
      seconds: (performance.now() - began) / 1_000,
    };
  };
  const idle = await delaysOf(() => new Promise((resolve) => setTimeout(resolve, 5_000)));
  const { p99, max, seconds } = await delaysOf(() =>
    audit.run({ db, tenantId, settings, now: Date.now, log, isOver: () => false }),
  );
  const said = await registry.metrics();
  if (!/days_total\{found="proven"\} [1-9]/.test(said)) throw new Error(`bench: nothing was proven\n${said}`);
  report(`Audit of a day of ${CALLS} calls, ${events.length} events`, [
    {
      ...{ what: 'delay of the event loop, p99', value: p99, unit: 'ms' },
      baseline: { what: 'idle', value: idle.p99 },
      promise: { text: `≤ ${PROMISED_MS} ms`, kept: p99 <= PROMISED_MS },
    },
    { what: 'the longest', value: max, unit: 'ms', baseline: { what: 'idle', value: idle.max } },
    { what: 'all of it', value: seconds, unit: 's' },
  ]);
} finally {
  await close();
}
