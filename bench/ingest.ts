import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { postEvents, signIn } from '../e2e/testing/api.ts';
import { startCallboard } from '../e2e/testing/server.ts';
import { traffic } from '../e2e/testing/traffic.ts';
import { inTenant, openDatabase } from '../server/db/connect.ts';
import { appendItems } from '../server/ingest/append.ts';
import { eventItem } from '../server/ingest/eventItem.ts';
import type { IngestEvent } from '../shared/contract/events.ts';
import { startPostgres } from './postgres.ts';
import { report } from './report.ts';

/**
 * Events a second into one tenant's log: over HTTP in batches of 1,000, with live state folding beside, against
 * `append_events` called from Node with the same items. Rounds alternate; each side's best round is taken.
 */
const ROUNDS = 3;
const BATCH = 1_000;

function batchesOf(round: number): IngestEvent[][] {
  const now = Date.now();
  const events = traffic({
    seed: round,
    prefix: `round${round}`,
    calls: 6_000,
    agents: 200,
    queues: 10,
    startMs: now - 3_600_000,
    endMs: now,
  });
  const whole = Math.floor(events.length / BATCH);
  return Array.from({ length: whole }, (_, at) => events.slice(at * BATCH, (at + 1) * BATCH));
}

async function perSecond(
  batches: IngestEvent[][],
  send: (batch: IngestEvent[]) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  for (const batch of batches) await send(batch);
  return (batches.length * BATCH) / ((performance.now() - startedAt) / 1_000);
}

const postgres = await startPostgres();
const log = pino({ level: 'error' });
const db = await openDatabase({
  databaseUrl: await postgres.create('direct'),
  directDatabaseUrl: null,
  dataDir: '',
  log,
});
const server = await startCallboard({ env: { DATABASE_URL: await postgres.create('http') } });
try {
  const tenantId = randomUUID();
  await db.sql`select create_tenant(${tenantId}, 'Bench', 'bench', 'UTC')`;
  const policy = {
    callers: { privacy: 'hashed' as const, key: new Uint8Array(32) },
    namespaces: new Map(),
    keptSince: null,
    refusedKinds: new Set<string>(),
  };
  const direct = (batch: IngestEvent[]) =>
    inTenant(db, tenantId, (tx) =>
      appendItems(
        tx,
        batch.map((event) => String(eventItem(event, policy))),
      ),
    );
  const key = await (await signIn(server.url)).createKey();
  const http = (batch: IngestEvent[]) => postEvents(server.url, key, batch);

  let best = { direct: 0, http: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const batches = batchesOf(round);
    best = {
      direct: Math.max(best.direct, await perSecond(batches, direct)),
      http: Math.max(best.http, await perSecond(batches, http)),
    };
  }
  report('Ingest, batches of 1,000 into one tenant', [
    {
      what: 'POST /api/v1/events',
      value: best.http,
      unit: 'events/s',
      baseline: { what: 'append_events', value: best.direct },
      promise: { text: '≥ 0.5×', kept: best.http >= best.direct / 2 },
    },
  ]);
} finally {
  await server.dispose();
  await db.close();
  await postgres.stop();
}
