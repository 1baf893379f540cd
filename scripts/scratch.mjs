import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** What a run keeps at its fullest is a third of this; its processes need the rest. */
const NEEDED_BYTES = 3 * 2 ** 30;

/**
 * A folder for all that a run of the tests keeps for a while, removed with the process: in memory where there is room.
 * Every test file makes a database of hundreds of files and deletes it, which took a quarter of the work on a disk.
 */
export function makeScratch() {
  const folder = makeInMemory() ?? makeIn(tmpdir());
  process.once('exit', () => remove(folder));
  return folder;
}

/** Null where there is little room, or no program can be run: PostgreSQL may be copied here. */
function makeInMemory() {
  if (!existsSync(MEMORY)) return null;
  removeAbandoned(MEMORY);
  const { bavail, bsize } = statfsSync(MEMORY);
  if (Math.min(bavail * bsize, process.availableMemory()) < NEEDED_BYTES) return null;
  const folder = makeIn(MEMORY);
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
  const { status } = spawnSync(program);
  rmSync(program);
  if (status === 0) return folder;
  remove(folder);
  return null;
}

function makeIn(parent) {
  const folder = mkdtempSync(join(parent, `${prefix()}${process.pid}-`));
  // As root, PostgreSQL runs as another user, who passes through.
  chmodSync(folder, 0o755);
  return folder;
}

/** A run that was killed has removed nothing. Of others' folders, and those of containers with the same memory, nothing is known. */
function removeAbandoned(parent) {
  const own = prefix();
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(own) ? Number.parseInt(name.slice(own.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    const folder = join(parent, name);
    const { uid } = statSync(folder, { throwIfNoEntry: false }) ?? {};
    if (uid === process.getuid?.()) remove(folder);
  }
}

/** Says among which processes the id that follows is one: containers have their own. */
function prefix() {
  const space = existsSync('/proc/self/ns/pid') ? readlinkSync('/proc/self/ns/pid') : '';
  return `callboard-run-${/\d+/.exec(space)?.[0] ?? '0'}-`;
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function remove(folder) {
  rmSync(folder, { recursive: true, force: true });
}
