import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

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
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // It is there, only not ours.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether this process is the postmaster of that data directory, rather than a later process with its id. */
export function isPostmasterOf(pid: number, dataDirectory: string): boolean {
  if (!exists(pid)) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDirectory);
  } catch {
    // No /proc, or somebody else's process.
    return ps(pid, 'comm').endsWith('postgres');
  }
}

/** Field 22 of /proc/…/stat, in ticks since boot; the second field is a name that may hold anything but its last `)`. */
function startOf(pid: number): string | null {
  const fields = statFields(pid);
  return fields ? (fields[19] ?? null) : ps(pid, 'lstart').replaceAll(' ', '_') || null;
}

/** A process that has ended but was not yet waited for still answers signals. */
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
