import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * The connection string of the embedded database of a server that is running on this machine, or null when none is. The
 * server leaves everything it takes in DATA_DIR, readable by the one who may start it: where the cluster is, its password, and
 * PostgreSQL's own lock file with process and port.
 */
export async function runningEmbedded(dataDir: string): Promise<string | null> {
  const root = resolve(dataDir);
  const home = (await textOf(join(root, 'postgres.place')))?.trim() || join(root, 'postgres');
  const lock = (await textOf(join(home, 'data', 'postmaster.pid')))?.split('\n') ?? [];
  const [pid, , , port] = lock.map((line) => Number.parseInt(line, 10));
  const password = (await textOf(join(home, 'password')))?.trim();
  if (lock[7]?.trim() !== 'ready' || pid === undefined || port === undefined || password === undefined)
    return null;
  return isRunning(pid)
    ? `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/callboard`
    : null;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT') return null;
    if (code === 'EACCES')
      throw new Error(`You may not read ${path}: run this as the user who starts Callboard.`);
    throw error;
  }
}

/** A lock may be left by a server that was killed. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process, but one that runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
