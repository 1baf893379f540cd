import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { databaseUser, isRoot, type OsUser, reaches, userWithId } from './osUser.ts';

/**
 * Where the cluster lives and whom it belongs to.
 *
 * `DATA_DIR/postgres`, unless we are root and the database's user cannot get there because a directory on the way is
 * closed to others: we own no parent and open none, so the cluster is then kept below /var/lib/callboard, and
 * `DATA_DIR/postgres.place` says where. Once made, a cluster stays where it is and belongs to whom it belongs.
 */
export interface Place {
  /** Holds `data` and `password`. */
  home: string;
  user: OsUser | null;
  /** Where binaries are copied that the user cannot run in place. */
  copies: string;
}

const SYSTEM_HOME = '/var/lib/callboard';

export async function findPlace(dataDir: string, log: Logger): Promise<Place> {
  const root = resolve(dataDir);
  await mkdir(root, { recursive: true });
  const inside = join(root, 'postgres');
  const note = join(root, 'postgres.place');
  const noted = await readFile(note, 'utf8').catch(() => null);
  const home = noted?.trim() || inside;

  if (existsSync(home)) return existing(home, root);

  const user = databaseUser();
  const copies = user === null ? root : SYSTEM_HOME;
  if (user === null || (noted === null && reaches(user, root, 'x'))) return { home: inside, user, copies };

  const elsewhere = noted?.trim() || join(SYSTEM_HOME, randomBytes(6).toString('hex'));
  await mkdir(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  if (!reaches(user, SYSTEM_HOME, 'x')) {
    throw new Error(
      `PostgreSQL runs as user ${user.name}, who can enter neither ${root} nor ${SYSTEM_HOME}. ` +
        'Set DATA_DIR to a directory below ones that others may enter, or start Callboard as another user.',
    );
  }
  await writeFile(note, `${elsewhere}\n`, { mode: 0o600 });
  log.warn(
    { dataDir: root, postgres: elsewhere },
    `embedded:elsewhere PostgreSQL does not run as root, and its user ${user.name} cannot enter ${root}: ` +
      `the database is kept in ${elsewhere}; include it in backups.`,
  );
  return { home: elsewhere, user, copies };
}

async function existing(home: string, root: string): Promise<Place> {
  const owner = await stat(home);
  if (isRoot()) {
    const user = owner.uid === 0 ? databaseUser() : userWithId(owner.uid, owner.gid);
    if (!reaches(user, join(home, '.'), 'x')) {
      throw new Error(
        `PostgreSQL runs as user ${user?.name}, who can no longer enter ${home}: ` +
          'a directory above it has been closed to others. Open it again (chmod o+x), or set another DATA_DIR.',
      );
    }
    return { home, user, copies: SYSTEM_HOME };
  }
  if (owner.uid !== process.getuid?.()) {
    const { name } = userWithId(owner.uid, owner.gid);
    throw new Error(
      `The database in ${home} belongs to user ${name}: start Callboard as ${name} or as root, or choose another DATA_DIR.`,
    );
  }
  return { home, user: null, copies: root };
}

/** A directory that belongs to the database's user; its parents stay as they are. */
export async function makeOwned(path: string, user: OsUser | null): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (user !== null) await chown(path, user.uid, user.gid);
}
