import { randomUUID } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { type Database, inTenant, openDatabase } from '../server/db/connect.ts';
import { appendItems } from '../server/ingest/append.ts';
import { eventItem } from '../server/ingest/eventItem.ts';
import type { IngestEvent } from '../shared/contract/events.ts';
import { startPostgres } from './postgres.ts';

const BATCH = 1_000;
const POLICY = {
  callers: { privacy: 'hashed' as const, key: new Uint8Array(32) },
  namespaces: new Map(),
  keptSince: null,
  refusedKinds: new Set<string>(),
};

/** An empty call centre in a database of its own, without a server. */
export interface Centre {
  db: Database;
  tenantId: string;
  log: Logger;
  /** Puts events into the log; answers how many, and for how long `append_events` was at it, in ms. */
  tell(events: readonly IngestEvent[]): Promise<{ written: number; tookMs: number }>;
  close(): Promise<void>;
}

export async function openCentre(name: string, timeZone: string): Promise<Centre> {
  const postgres = await startPostgres();
  const log = pino({ level: 'error' });
  const databaseUrl = await postgres.create(name);
  const db = await openDatabase({ databaseUrl, directDatabaseUrl: null, dataDir: '', log });
  const tenantId = randomUUID();
  await db.sql`select create_tenant(${tenantId}, 'Bench', 'bench', ${timeZone})`;
  return {
    ...{ db, tenantId, log },
    async tell(events) {
      let tookMs = 0;
      for (let from = 0; from < events.length; from += BATCH) {
        const items = events.slice(from, from + BATCH).map((event) => String(eventItem(event, POLICY)));
        const began = performance.now();
        await inTenant(db, tenantId, (tx) => appendItems(tx, items));
        tookMs += performance.now() - began;
      }
      return { written: events.length, tookMs };
    },
    async close() {
      await db.close();
      await postgres.stop();
    },
  };
}
