import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createLineSplitter, type StreamLine } from '../asterisk/lines.ts';
import { headBytes, isMissing, isSameLog, type LogFile, matches, openLog, rotatedLogs } from './logFile.ts';

/** A place in a log that survives renaming and restarts: which file, and the line beginning at `offset`. */
export interface Place {
  inode: string;
  fingerprint: string;
  offset: number;
  line: number;
}

export interface TailedLine {
  line: StreamLine;
  place: Place;
}

export interface TailOptions {
  path: string;
  /** Where to continue; null: at the beginning. */
  start: Place | null;
  /** How long a missed file-system notification may go unnoticed. */
  pollMs: number;
  signal: AbortSignal;
  /** Told what an operator should know: a log that vanished before it was read to its end. */
  onTrouble(message: string): void;
}

const CHUNK_BYTES = 65_536;

/**
 * The lines of a growing log, forever, in order, each once:
 *   reading   bytes come from `file` at `offset`; only lines ended by a newline are given out
 *   drained   no bytes left: look whether the file was truncated or another took its name, else wait
 *   renamed   the old file is read until the new one has its first bytes, because a telephone system writes
 *             to the old one until it is told to reopen
 *   truncated (copytruncate) what had not been read is taken from the copy, then the file from its beginning
 * A line left half-written in a file that will not grow again is given out with `isEnded: false`.
 * At a restart the file is found again by its head, under whatever name rotation gave it; those
 * after it follow in the order of their last change. A file read twice gives lines twice: keys make that harmless [L2].
 */
export async function* tail(options: TailOptions): AsyncGenerator<TailedLine[]> {
  const { path, signal } = options;
  const hint = watchFolder(path, options.pollMs, signal);
  let file: LogFile | null = null;
  try {
    const begun = await begin(options, hint);
    if (begun === null) return;
    let { offset } = begun;
    let splitter = createLineSplitter({ offset, number: begun.line });
    const chunk = Buffer.alloc(CHUNK_BYTES);
    /** Inodes read since the log was last followed under its own name. */
    const read = new Set<string>();
    file = begun.file;

    while (!signal.aborted) {
      const { bytesRead } = await file.handle.read(chunk, 0, CHUNK_BYTES, offset);
      // Asked after reading: bytes read before a truncation are the old file's, and those after it are not taken.
      if ((await file.handle.stat()).size < offset || !(await isSameLog(file))) {
        const copy = await copyOf(file, path, offset);
        if (copy === null) {
          options.onTrouble(`${path} was truncated; what was written after it was last read may be lost`);
          splitter = createLineSplitter();
          offset = 0;
        }
        // A copy holds the same bytes: reading goes on in it, half a line included.
        const next = copy ?? (await openLog(path));
        await (next === null ? hint.next() : file.handle.close());
        file = next ?? file;
        continue;
      }
      if (bytesRead > 0) {
        offset += bytesRead;
        const lines = splitter.push(chunk.subarray(0, bytesRead));
        if (lines.length > 0) yield placed(lines, file);
        continue;
      }
      const found = await successor(file, path, read.add(file.inode));
      // Once a successor has bytes nobody writes to this file any more; look again for what came before that.
      if (found !== null && (await file.handle.stat()).size > offset) continue;
      const next = found === null ? null : await openLog(found.path);
      if (found === null || next === null) {
        await hint.next();
        continue;
      }
      if (next.inode !== found.inode) {
        // Rotated once more between looking and opening: the one in between must not be skipped.
        await next.handle.close();
        continue;
      }
      const last = splitter.end();
      if (last !== null) yield placed([last], file);
      await file.handle.close();
      if (found.path === path) read.clear();
      file = next;
      offset = 0;
      splitter = createLineSplitter();
    }
  } finally {
    hint.close();
    await file?.handle.close();
  }
}

function placed(lines: StreamLine[], file: LogFile): TailedLine[] {
  const { inode, fingerprint } = file;
  return lines.map((line) => ({
    line,
    place: { inode, fingerprint, offset: line.offset, line: line.number },
  }));
}

/** Opens the log where it was left, under whatever name it now has; else from its beginning, waiting for it to appear. */
async function begin(
  options: TailOptions,
  hint: Hint,
): Promise<{ file: LogFile; offset: number; line: number } | null> {
  const { path, start, signal } = options;
  if (start !== null) {
    const found = await findPlace(path, start);
    if (found !== null) return { file: found, offset: start.offset, line: start.line };
    options.onTrouble(`the file last read is gone; ${path} is read from its beginning`);
  }
  while (!signal.aborted) {
    const file = await openLog(path);
    if (file !== null) return { file, offset: 0, line: 1 };
    await hint.next();
  }
  return null;
}

async function findPlace(path: string, place: Place): Promise<LogFile | null> {
  // The log is opened before its rotated ones are listed: a rotation in between moves it from one to the other.
  const isIt = async (file: LogFile) => {
    const isSame =
      headBytes(place.fingerprint) === 0
        ? file.inode === place.inode
        : await matches(file.handle, place.fingerprint);
    if (isSame && (await file.handle.stat()).size >= place.offset) return true;
    await file.handle.close();
    return false;
  };
  const live = await openLog(path);
  if (live !== null && (await isIt(live))) return live;
  for (const found of (await rotatedLogs(path)).reverse()) {
    const file = await openLog(found.path);
    if (file !== null && (await isIt(file))) return file;
  }
  return null;
}

/** The untruncated copy that `copytruncate` left of a file, holding at least what was read of it. */
async function copyOf(file: LogFile, path: string, offset: number): Promise<LogFile | null> {
  if (headBytes(file.fingerprint) === 0) return null;
  for (const found of (await rotatedLogs(path)).reverse()) {
    if (found.inode === file.inode || found.size < offset) continue;
    const copy = await openLog(found.path);
    if (copy === null) continue;
    if (await matches(copy.handle, file.fingerprint)) return copy;
    await copy.handle.close();
  }
  return null;
}

/** The file to read after one that has lost its name: the next rotated one by last change, then the log itself once it has bytes. */
async function successor(
  file: LogFile,
  path: string,
  read: ReadonlySet<string>,
): Promise<{ path: string; inode: string } | null> {
  let live: { inode: string; size: number } | null = null;
  try {
    const info = await stat(path, { bigint: true });
    live = { inode: String(info.ino), size: Number(info.size) };
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  if (live === null || live.inode === file.inode || live.size === 0) return null;
  const changedAt = Number((await file.handle.stat({ bigint: true })).mtimeNs / 1_000n);
  // Clocks of file systems tick in milliseconds, so files of one instant count as later: reading one twice is harmless.
  const newer = (await rotatedLogs(path)).find(
    (found) => found.modifiedAt >= changedAt && !read.has(found.inode),
  );
  return newer ?? { path, inode: live.inode };
}

interface Hint {
  /** Resolves when something in the folder changed, the poll interval passed, or the tail is to stop. */
  next(): Promise<void>;
  close(): void;
}

function watchFolder(path: string, pollMs: number, signal: AbortSignal): Hint {
  let wake: () => void = () => {};
  let isChanged = false;
  const onChange = () => {
    isChanged = true;
    wake();
  };
  let watcher: ReturnType<typeof watch> | null = null;
  try {
    watcher = watch(dirname(path), { persistent: false }, onChange);
    // Notifications are a hint: network file systems have none, and the poll below finds everything.
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = null;
  }
  signal.addEventListener('abort', onChange);
  return {
    async next() {
      if (!isChanged && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isChanged = false;
    },
    close() {
      watcher?.close();
      signal.removeEventListener('abort', onChange);
    },
  };
}
