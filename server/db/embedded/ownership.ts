import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import {
  exists,
  isAlive,
  isPostmasterOf,
  isTaken,
  ownIdentity,
  type ProcessIdentity,
  processesIn,
} from './processes.ts';

/**
 * One Callboard a data directory. PostgreSQL's own lock (postmaster.pid) names its process; the process that started
 * it is written into its command line, which PostgreSQL keeps in postmaster.opts. So at a start there is
 *   no lock                           → free
 *   a lock, its process id free       → stale after a kill or a power cut: PostgreSQL clears it and recovers
 *   a lock, its id taken by another   → given again, as in a restarted container, or still that of a dead process
 *                                       nobody waits for, as where Node is process 1. PostgreSQL would take it for
 *                                       alive, so we clear the lock once nobody is at work in the directory
 *   a lock, running, starter alive    → refused with a sentence
 *   a lock, running, starter gone     → an orphan of a killed Callboard: stopped cleanly, then free
 */
export async function claim(dataDirectory: string, log: Logger): Promise<void> {
  const pid = await postmasterPid(dataDirectory);
  if (pid === null || !isTaken(pid)) return;
  if (!isPostmasterOf(pid, dataDirectory)) {
    log.warn({ postgres: pid }, 'embedded:stale-lock the PostgreSQL that postmaster.pid names is gone');
    await deserted(dataDirectory);
    await rm(join(dataDirectory, 'postmaster.pid'), { force: true });
    return;
  }
  const starter = await waitForStarter(dataDirectory, pid);
  if (starter && isAlive(starter)) {
    throw new Error(
      `Another Callboard (process ${starter.pid}) is running on ${dataDirectory}. ` +
        'Stop it, or give this one a DATA_DIR of its own; several nodes share a database through DATABASE_URL.',
    );
  }
  log.warn({ postgres: pid }, 'embedded:orphan stopping the PostgreSQL of a Callboard that was killed');
  await stopPostmaster(pid);
}

/** The children of a killed postmaster end by themselves, in a moment; until then they may write. */
async function deserted(dataDirectory: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (processesIn(dataDirectory).length > 0) {
    if (Date.now() > deadline) {
      throw new Error(
        `Processes ${processesIn(dataDirectory).join(', ')} are still at work in ${dataDirectory}: stop them first.`,
      );
    }
    await pause();
  }
}

/** Argument by which a postmaster carries who started it. */
export function starterArgument(): string {
  const { pid, startedAt } = ownIdentity();
  return `cluster_name=callboard-${pid}-${startedAt}`;
}

/** Asks for a fast shutdown and does not wait: all that can be done while a process exits. */
export function stopNow(pid: number): void {
  signal(pid, 'SIGINT');
}

/** Fast shutdown: clients are cut, everything committed is on disk. Immediate when that hangs; the log then recovers. */
export async function stopPostmaster(pid: number, patienceMs = 30_000): Promise<void> {
  stopNow(pid);
  if (await gone(pid, patienceMs)) return;
  signal(pid, 'SIGQUIT');
  if (await gone(pid, patienceMs)) return;
  throw new Error(`PostgreSQL (process ${pid}) does not stop.`);
}

async function postmasterPid(dataDirectory: string): Promise<number | null> {
  const lines = await lockLines(dataDirectory);
  const pid = Number.parseInt(lines[0] ?? '', 10);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/** Line 8 of the lock says how far the server is. */
export async function isReady(dataDirectory: string, pid: number): Promise<boolean> {
  const lines = await lockLines(dataDirectory);
  return lines[0]?.trim() === String(pid) && lines[7]?.trim() === 'ready';
}

async function lockLines(dataDirectory: string): Promise<string[]> {
  const text = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n');
}

/** The command line is written just after the lock, so it is read once the server has come up. */
async function waitForStarter(dataDirectory: string, pid: number): Promise<ProcessIdentity | null> {
  const deadline = Date.now() + 10_000;
  while (!(await isReady(dataDirectory, pid)) && exists(pid) && Date.now() < deadline) await pause();
  const opts = await readFile(join(dataDirectory, 'postmaster.opts'), 'utf8').catch(() => '');
  const [, starter, startedAt] = /cluster_name=callboard-(\d+)-([^"\s]+)/.exec(opts) ?? [];
  return starter && startedAt ? { pid: Number(starter), startedAt } : null;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

async function gone(pid: number, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (exists(pid)) {
    if (Date.now() > deadline) return false;
    await pause();
  }
  return true;
}

export function pause(ms = 25): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
