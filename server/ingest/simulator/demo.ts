import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { type Config, demoMarker } from '../../config.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import type { Live } from '../../live/live.ts';
import type { Ingest } from '../ingest.ts';
import { type Simulator, startSimulator } from './simulator.ts';

/** A fortnight: every weekday twice, a few storms, the one outage. */
const PAST_DAYS = 14;

/**
 * The demo of this installation: plays in the tenant that is marked for it, and remembers in the data directory that it
 * does. Once a real source is connected there, or that tenant is gone, it forgets that for good.
 */
export interface Demo {
  /** Begins where it is to play now, and ends where it played before. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

export function createDemo(parts: {
  config: Pick<Config, 'dataDir' | 'demoSeed' | 'demoSpeed'>;
  db: Database;
  ingest: Pick<Ingest, 'append'>;
  live: Pick<Live, 'health'>;
  log: Logger;
}): Demo {
  const { config, db, live, log } = parts;
  const marker = demoMarker(config.dataDir);
  let playing: { simulator: Simulator; tenantId: string } | null = null;
  let isClosed = false;

  const stop = async (): Promise<void> => {
    const { simulator } = playing ?? {};
    playing = null;
    await simulator?.close();
  };

  return {
    async begin() {
      const [place] = await db.sql<{ id: string }[]>`select id from demo_tenant()`;
      if (isClosed || (place && place.id === playing?.tenantId)) return;
      await stop();
      if (!place) return rm(marker, { force: true });
      const tenantId = place.id;
      // From now on it is this one, however many there will be.
      await inTenant(db, tenantId, (tx) => tx`update tenants set plays_demo = true where id = ${tenantId}`);
      await mkdir(config.dataDir, { recursive: true });
      await writeFile(marker, 'The demo call centre plays in this installation. DEMO=off stops it.\n');
      const simulator = startSimulator({
        db,
        ingest: parts.ingest,
        log,
        tenantId,
        seed: config.demoSeed,
        speed: config.demoSpeed,
        pastDays: PAST_DAYS,
        sources: () => live.health(tenantId).sources.map(({ sourceId }) => sourceId),
      });
      playing = { simulator, tenantId };
      void simulator.ended.then(async (reason) => {
        if (playing?.simulator !== simulator) return;
        await rm(marker, { force: true });
        console.log(
          `  The demo call centre has ended for good: ${reason}. What it told stays until you delete it.`,
        );
      });
    },
    async close() {
      isClosed = true;
      await stop();
    },
  };
}
