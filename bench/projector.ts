import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { traffic } from '../e2e/testing/traffic.ts';
import { inTenant, openDatabase } from '../server/db/connect.ts';
import { startProjector } from '../server/history/projector.ts';
import { appendItems } from '../server/ingest/append.ts';
import { eventItem } from '../server/ingest/eventItem.ts';
import { startPostgres } from './postgres.ts';
import { report } from './report.ts';

/**
 * Events a second that the projector takes from the log into facts, a week of days one after the other as an import brings
 * them, against `append_events` putting the same events into the log.
 */
const DAYS = Number(process.env.BENCH_DAYS ?? 7);
const CALLS_A_DAY = 20_000;
const DAY_MS = 86_400_000;
const BATCH = 1_000;

const postgres = await startPostgres();
const log = pino({ level: 'error' });
const db = await openDatabase({
  databaseUrl: await postgres.create('history'),
  directDatabaseUrl: null,
  dataDir: '',
  log,
});
try {
  const tenantId = randomUUID();
  await db.sql`select create_tenant(${tenantId}, 'Bench', 'bench', 'Europe/Berlin')`;
  const policy = {
    callers: { privacy: 'hashed' as const, key: new Uint8Array(32) },
    namespaces: new Map(),
    keptSince: null,
    refusedKinds: new Set<string>(),
  };
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
    for (let from = 0; from < events.length; from += BATCH) {
      const items = events.slice(from, from + BATCH).map((event) => String(eventItem(event, policy)));
      const began = performance.now();
      await inTenant(db, tenantId, (tx) => appendItems(tx, items));
      appendMs += performance.now() - began;
      written += items.length;
    }
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
  await db.close();
  await postgres.stop();
}
