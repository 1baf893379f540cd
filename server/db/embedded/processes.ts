import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * Who is alive. A process is its id and the moment it started: ids are given again, in a container even to the same
 * programs in the same order.
 */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: startOf(process.pid) ?? 'unknown' };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return exists(identity.pid) && startOf(identity.pid) === identity.startedAt;
}

export function exists(pid: number): boolean {
  return isTaken(pid) && !isZombie(pid);
}

/** Whether signals find anything under this id, if only a process that has ended and was not yet waited for. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, only not ours.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether this process is the postmaster of that data directory, rather than a later process with its id. */
export function isPostmasterOf(pid: number, dataDirectory: string): boolean {
  if (!exists(pid)) return false;
  const folder = workingDirectory(pid);
  // No /proc, or somebody else's process: only its name is known.
  return folder === null ? ps(pid, 'comm').endsWith('postgres') : folder === realpathSync(dataDirectory);
}

/** The processes at work in a data directory: PostgreSQL's change into it. Empty where there is no /proc. */
export function processesIn(dataDirectory: string): number[] {
  const wanted = realpathSync(dataDirectory);
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && workingDirectory(pid) === wanted);
  } catch {
    return [];
  }
}

function workingDirectory(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/** Field 22 of /proc/…/stat, in ticks since boot; the second field is a name that may hold anything but its last `)`. */
function startOf(pid: number): string | null {
  const fields = statFields(pid);
  return fields ? (fields[19] ?? null) : ps(pid, 'lstart').replaceAll(' ', '_') || null;
}

function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === 'Z';
}

function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function ps(pid: number, column: string): string {
  const { stdout } = spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() ?? '';
}
