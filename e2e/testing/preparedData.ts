import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createPasswords } from '../../server/access/sessions/passwords.ts';
import { type Database, openDatabase } from '../../server/db/connect.ts';
import { ensureFirstAdministrator } from '../../server/platform/firstAdministrator.ts';
import { ADMIN } from './administrator.ts';
import { AT_NOON } from './noon.ts';

/**
 * A first start spends most of its time on making a cluster and its schema, the same for every journey. They are made
 * once a run, by the server's own code, and each server begins with a copy, as if it had been stopped before anybody came.
 * In other copies there is the administrator and the call centre already, in a zone that most journeys are in. To hash a password
 * takes most of half a second of a core, on purpose; one hashed for less is checked for less, and every journey signs in.
 */

const silent = pino({ level: 'silent' });
const ZONES = ['UTC', AT_NOON.TENANT_TIME_ZONE];

/** Where the copies are made of, for the workers of a run; whoever measures starts has it not set. */
const VARIABLE = 'CALLBOARD_TEST_DATA';

/** Makes what is copied; resolves with the function that removes it. */
export async function prepareData(): Promise<() => void> {
  const folder = emptyData();
  const made = [folder];
  await onDatabase(folder, async () => {});
  const settings = join(folder, 'postgres/data/postgresql.auto.conf');
  // Kept elsewhere, because its user cannot enter here: then every server makes its own.
  if (existsSync(settings)) {
    // What a process has written outlives the process; only a machine without power forgets it.
    appendFileSync(settings, 'fsync = off\n');
    process.env[VARIABLE] = folder;
    for (const zone of new Set(ZONES)) {
      const settled = settledIn(folder, zone);
      made.push(settled);
      copy(folder, settled);
      await onDatabase(settled, (db) => settle(db, zone));
    }
  }
  return () => {
    for (const one of made) rmSync(one, { recursive: true, force: true });
  };
}

/** A directory for a server's data, as far as the run has prepared it: with the call centre in this zone, or where it is null without one. */
export function preparedData(zone: string | null): string {
  const folder = emptyData();
  const prepared = process.env[VARIABLE];
  if (prepared === undefined) return folder;
  const settled = zone === null ? prepared : settledIn(prepared, zone);
  copy(existsSync(settled) ? settled : prepared, folder);
  return folder;
}

/** Beside the one without a call centre. */
const settledIn = (prepared: string, zone: string): string => `${prepared}-${zone.replaceAll('/', '-')}`;

async function onDatabase(dataDir: string, work: (db: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase({ databaseUrl: null, directDatabaseUrl: null, dataDir, log: silent });
  await work(database);
  await database.close();
}

function settle(db: Database, tenantTimeZone: string): Promise<void> {
  return ensureFirstAdministrator({
    db,
    config: { demo: false, tenantName: 'Acme', tenantTimeZone },
    given: ADMIN,
    passwords: createPasswords({ N: 2 ** 10, r: 8, p: 1 }),
    log: silent,
  });
}

function copy(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o711 });
  // Its files stay those of the user PostgreSQL runs as.
  const done = spawnSync('cp', ['-a', `${from}/.`, to], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`The prepared data could not be copied: ${done.stderr}`);
}

/** Open for passing through: the user PostgreSQL runs as keeps its data inside. */
export function emptyData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-e2e-'));
  chmodSync(folder, 0o711);
  return folder;
}
