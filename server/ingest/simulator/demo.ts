import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { type Config, demoMarker } from '../../config.ts';
import type { Database } from '../../db/connect.ts';
import type { Live } from '../../live/live.ts';
import type { Ingest } from '../ingest.ts';
import { type Simulator, startSimulator } from './simulator.ts';

/** A week and a day: the same weekday of last week, whole, for today to stand beside. */
const PAST_DAYS = 8;

/**
 * Plays the demo into the first tenant there is, and remembers in the data directory that it does. Once a real source
 * is connected it forgets that for good.
 */
export async function startDemo(parts: {
  config: Pick<Config, 'dataDir' | 'demoSeed' | 'demoSpeed'>;
  db: Database;
  ingest: Pick<Ingest, 'append'>;
  live: Pick<Live, 'health'>;
  log: Logger;
}): Promise<Simulator | null> {
  const { config, db, live, log } = parts;
  const [tenant] = await db.sql<{ id: string }[]>`select tenant_ids as id from tenant_ids() limit 1`;
  if (!tenant) return null;
  const tenantId = tenant.id;
  const marker = demoMarker(config.dataDir);
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
  void simulator.ended.then(async (reason) => {
    await rm(marker, { force: true });
    console.log(
      `  The demo call centre has ended for good: ${reason}. What it told stays until you delete it.`,
    );
  });
  return simulator;
}
