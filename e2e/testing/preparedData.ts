import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openDatabase } from '../../server/db/connect.ts';

/**
 * A first start spends most of its time on making a cluster and its schema, the same for every journey. They are made
 * once a run, by the server's own code, and each server begins with a copy, as if it had been stopped before anybody came.
 */

/** Where the copies are made of, for the workers of a run; whoever measures starts has it not set. */
const VARIABLE = 'CALLBOARD_TEST_DATA';

/** Makes what is copied; resolves with the function that removes it. */
export async function prepareData(): Promise<() => void> {
  const folder = emptyData();
  const database = await openDatabase({
    databaseUrl: null,
    directDatabaseUrl: null,
    dataDir: folder,
    log: pino({ level: 'silent' }),
  });
  await database.close();
  const settings = join(folder, 'postgres/data/postgresql.auto.conf');
  // Kept elsewhere, because its user cannot enter here: then every server makes its own.
  if (existsSync(settings)) {
    // What a process has written outlives the process; only a machine without power forgets it.
    appendFileSync(settings, 'fsync = off\n');
    process.env[VARIABLE] = folder;
  }
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A directory for a server's data, with a cluster and its schema if the run has prepared them. */
export function preparedData(): string {
  const folder = emptyData();
  const prepared = process.env[VARIABLE];
  if (prepared === undefined) return folder;
  // Its files stay those of the user PostgreSQL runs as.
  const done = spawnSync('cp', ['-a', `${prepared}/.`, folder], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`The prepared data could not be copied: ${done.stderr}`);
  return folder;
}

/** Open for passing through: the user PostgreSQL runs as keeps its data inside. */
export function emptyData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-e2e-'));
  chmodSync(folder, 0o711);
  return folder;
}
