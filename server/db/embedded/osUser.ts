import { spawnSync } from 'node:child_process';

/** Whom PostgreSQL runs as. It refuses to run as root, so root hands it to a user who can do nothing else. */
export interface OsUser {
  name: string;
  uid: number;
  gid: number;
}

/** Made on first use, where the system has a tool for it; the others exist on most systems already. */
const OWN_USER = 'callboard';
const OTHER_USERS = ['postgres', 'nobody'];

const MAKERS: [string, string[]][] = [
  ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', OWN_USER]],
  // BusyBox, as on Alpine.
  ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', OWN_USER]],
];

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The user to run PostgreSQL as when we are root; null when we are not, and it runs as ourselves. */
export function databaseUser(): OsUser | null {
  if (!isRoot()) return null;
  const found = userNamed(OWN_USER) ?? madeUser();
  if (found) return found;
  for (const name of OTHER_USERS) {
    const user = userNamed(name);
    if (user) return user;
  }
  throw new Error(
    `PostgreSQL does not run as root, and there is no user to run it as: create one named ${OWN_USER}, ` +
      'start Callboard as another user, or set DATABASE_URL.',
  );
}

/** A user by uid, for data that somebody else made. */
export function userWithId(uid: number, gid: number): OsUser {
  const { stdout } = spawnSync('id', ['-un', String(uid)], { encoding: 'utf8' });
  return { name: stdout?.trim() || `#${uid}`, uid, gid };
}

function madeUser(): OsUser | null {
  for (const [command, args] of MAKERS) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return userNamed(OWN_USER);
  }
  // Somebody else may have made it in this moment.
  return userNamed(OWN_USER);
}

function userNamed(name: string): OsUser | null {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
  if (uid.status !== 0 || gid.status !== 0) return null;
  const user = { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
  return user.uid > 0 ? user : null;
}

/** Whether `user` can get at `path`: asked by trying as that user, so that parents and access lists count. */
export function reaches(user: OsUser | null, path: string, want: 'r' | 'w' | 'x'): boolean {
  const tried = spawnSync('/bin/sh', ['-c', `test -${want} "$1"`, 'sh', path], {
    cwd: '/',
    stdio: 'ignore',
    ...credentials(user),
  });
  return tried.status === 0;
}

/** Options for `spawn`; Node drops the supplementary groups along with the user. */
export function credentials(user: OsUser | null): { uid?: number; gid?: number } {
  return user === null ? {} : { uid: user.uid, gid: user.gid };
}
