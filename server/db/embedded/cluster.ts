import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { credentials } from './osUser.ts';
import { makeOwned, type Place } from './place.ts';

/** A data directory and the password of its superuser, made together or not at all. */
export interface Cluster {
  dataDirectory: string;
  password: string;
}

export const SUPERUSER = 'postgres';

/** An initdb takes seconds: what is older was left by one that was killed. */
const ABANDONED_MS = 10 * 60_000;

/** Opens the cluster at `place`, making it on the first start. */
export async function openCluster(place: Place, binaries: string, major: number): Promise<Cluster> {
  if (!existsSync(place.home)) await makeCluster(place, binaries);
  const dataDirectory = join(place.home, 'data');
  const made = (await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8')).trim();
  if (made !== String(major)) {
    throw new Error(
      `The data in ${dataDirectory} was made by PostgreSQL ${made}; this Callboard brings PostgreSQL ${major}, ` +
        'which cannot read it. Use the Callboard that made it, or move the data with pg_dump and restore.',
    );
  }
  const password = (await readFile(join(place.home, 'password'), 'utf8')).trim();
  return { dataDirectory, password };
}

/**
 * Made aside and renamed: whoever is killed here leaves nothing that looks like a cluster, and of two first starts
 * one wins and the other finds the winner's.
 */
async function makeCluster(place: Place, binaries: string): Promise<void> {
  const partial = `${place.home}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  await removeAbandoned(place.home);
  try {
    await makeOwned(partial, place.user);
    const password = join(partial, 'password');
    await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    if (place.user) await chown(password, place.user.uid, place.user.gid);
    runInitdb(place, binaries, partial);
    await rename(partial, place.home);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(place.home)) throw error;
  }
}

function runInitdb(place: Place, binaries: string, partial: string): void {
  const done = spawnSync(
    join(binaries, 'bin', 'initdb'),
    [
      `--pgdata=${join(partial, 'data')}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${join(partial, 'password')}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Order by code point: the same on every system, whatever locales it has.
      '--no-locale',
    ],
    { encoding: 'utf8', cwd: partial, env: serverEnvironment(), ...credentials(place.user) },
  );
  if (done.status === 0) return;
  const said = `${done.stderr ?? ''}${done.error?.message ?? ''}`.trim().split('\n').slice(-5).join(' ');
  throw new Error(`PostgreSQL could not make its data directory (initdb, signal ${done.signal}): ${said}`);
}

async function removeAbandoned(home: string): Promise<void> {
  const folder = dirname(home);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!path.startsWith(`${home}.new-`)) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Only what PostgreSQL needs: a PGDATA or PGPORT of ours would speak to it, and its messages are read by us. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}
