import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import postgres, { type Sql } from 'postgres';
import { startCallboard } from '../../e2e/testing/server.ts';
import { type Database, openDatabase } from '../../server/db/connect.ts';
import { rebuildRollUps } from '../../server/history/rollUps/rebuildRollUps.ts';
import { recomputeDue } from '../../server/history/rollUps/recomputeDue.ts';
import { recountContacts } from '../../server/history/rollUps/recountContacts.ts';
import { restampAll } from '../../server/history/rollUps/restampAll.ts';
import { loadSettings } from '../../server/live/liveSettings.ts';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import type { BenchPostgres } from '../postgres.ts';

/** What benches of history do between making facts and asking about them. */

const ROLL_UPS = ['performance_trends', 'team_trends', 'agent_trends', 'dirty_buckets'];
/** For so long PostgreSQL has to have had nothing to do, and so long it is waited for, in ms. */
const IDLE_MS = 3_000;
const IDLE_LIMIT_MS = 120_000;

export const seconds = (since: number) => ((performance.now() - since) / 1_000).toFixed(0);

/** The owner's URL of a database of that name, and what making it answered; null where it was there. */
export async function madeOnce<Made>(
  database: BenchPostgres,
  name: string,
  make: (url: string, ownerSql: Sql) => Promise<Made>,
): Promise<{ url: string; made: Made | null }> {
  const found = await database.find(name);
  if (found !== null) return { url: found, made: null };
  // Under another name until it is whole.
  const making = `${name}_${Date.now()}`;
  const url = await database.create(making);
  const ownerSql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const made = await make(url, ownerSql);
    await ownerSql.end({ timeout: 5 });
    return { url: await database.rename(making, name), made };
  } finally {
    await ownerSql.end({ timeout: 5 });
  }
}

/**
 * Tables and a tenant in an empty database; answers the tenant's id. No server runs when facts are made: what its leader would
 * recompute meanwhile would be counted among that.
 */
export async function makeTenant(url: string, ownerSql: Sql): Promise<string> {
  const server = await startCallboard({ env: { DATABASE_URL: url } });
  await server.dispose();
  const [tenant] = await ownerSql<{ id: string }[]>`select id from tenants`;
  if (!tenant) throw new Error('there is no tenant');
  return tenant.id;
}

/** As after any autovacuum. */
export async function vacuumRollUps(ownerSql: Sql): Promise<void> {
  for (const table of ROLL_UPS) await ownerSql`vacuum (analyze) ${ownerSql(table)}`;
}

/** What a server does after a start, chores of the leader above all, is over, and no autovacuum runs. */
export async function untilIdle(ownerSql: Sql): Promise<void> {
  const began = performance.now();
  for (let idleSince = began; performance.now() - idleSince < IDLE_MS; await pause(200)) {
    const [{ busy } = { busy: true }] = await ownerSql<{ busy: boolean }[]>`
      select exists (
        select from pg_stat_activity
        where pid <> pg_backend_pid() and (backend_type = 'autovacuum worker' or (backend_type = 'client backend' and state = 'active'))
      ) as busy`;
    if (performance.now() - began > IDLE_LIMIT_MS) return console.log('  not idle yet: asked all the same');
    if (busy) idleSince = performance.now();
  }
  console.log(`  idle after ${seconds(began)} s`);
}

/** Every roll-up of the facts there are, in ms. Then what its leader would do first, so that a server that is asked has nothing else to do. */
export async function rebuild(url: string, tenantId: string): Promise<number> {
  const db = await openDatabase({
    databaseUrl: url,
    directDatabaseUrl: null,
    dataDir: '',
    log: pino({ level: 'error' }),
  });
  try {
    const { settings } = await loadSettings(db, tenantId);
    const began = performance.now();
    let told = 0;
    const cpu = process.cpuUsage();
    await rebuildRollUps(db, tenantId, {
      settings,
      now: Date.now,
      onProgress(done) {
        if (done < told + 0.1 && done < 1) return;
        told = done;
        console.log(`  ${(done * 100).toFixed(0)} % of the roll-ups after ${seconds(began)} s`);
      },
    });
    const { user, system } = process.cpuUsage(cpu);
    const took = performance.now() - began;
    console.log(`  of which ${((user + system) / 1e6).toFixed(0)} s of CPU in Node`);
    await settle(db, tenantId, settings);
    console.log(`  settled after ${seconds(began)} s`);
    return took;
  } finally {
    await db.close();
  }
}

/** Stamps, and counts first contacts by the sectors queues are in: in a server those take turns with answering. */
async function settle(db: Database, tenantId: string, settings: LiveSettings): Promise<void> {
  await restampAll(db, tenantId, { settings, now: Date.now });
  for (let more = true; more; ) {
    const due = await recomputeDue(db, tenantId, { settings, now: Date.now() });
    more = due.more || (await recountContacts(db, tenantId)).more;
  }
}
