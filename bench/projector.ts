import { traffic } from '../e2e/testing/traffic.ts';
import { startProjector } from '../server/history/projector.ts';
import { openCentre } from './centre.ts';
import { report } from './report.ts';

/**
 * Events a second that the projector takes from the log into facts, a week of days one after the other as an import brings
 * them, against `append_events` putting the same events into the log.
 */
const DAYS = Number(process.env.BENCH_DAYS ?? 7);
const CALLS_A_DAY = 20_000;
const DAY_MS = 86_400_000;

const { db, tenantId, log, tell, close } = await openCentre('history', 'Europe/Berlin');
try {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  let written = 0;
  let appendMs = 0;
  for (let day = 0; day < DAYS; day++) {
    const startMs = today - (DAYS - day) * DAY_MS + 8 * 3_600_000;
    const events = traffic({
      seed: day,
      prefix: `day${day}`,
      calls: CALLS_A_DAY,
      agents: 400,
      queues: 20,
      startMs,
      endMs: startMs + 12 * 3_600_000,
    });
    const told = await tell(events);
    appendMs += told.tookMs;
    written += told.written;
  }
  await db.sql`select analyze_log()`;

  const began = performance.now();
  const projector = startProjector({ db, tenantId, log, now: Date.now, afterwards: async () => false });
  while (projector.status().seq < written) await new Promise((resolve) => setTimeout(resolve, 20));
  const perSecond = written / ((performance.now() - began) / 1_000);
  await projector.close();
  report(`Projector, ${written} events of ${DAYS} days`, [
    {
      what: 'from the log into facts',
      value: perSecond,
      unit: 'events/s',
      baseline: { what: 'append_events', value: written / (appendMs / 1_000) },
      promise: { text: '≥ 20,000 events/s', kept: perSecond >= 20_000 },
    },
  ]);
} finally {
  await close();
}
