import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Bytes at the head of a log that tell it from every other: its first lines carry their time. */
const HEAD_BYTES = 1_024;

/**
 * A log file that is open for reading, known by its inode and its head: an inode is used again soon after a file is
 * deleted, and a file truncated in place keeps it.
 */
export interface LogFile {
  path: string;
  handle: FileHandle;
  inode: string;
  /** `<bytes>:<hash of that many bytes at the head>`; `0:` while the file is empty. */
  fingerprint: string;
}

export async function openLog(path: string): Promise<LogFile | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const { ino } = await handle.stat({ bigint: true });
  return { path, handle, inode: String(ino), fingerprint: fingerprintOf(await headOf(handle, HEAD_BYTES)) };
}

/** Brings the fingerprint up to date as the head of a young file grows; false when the head is another one now. */
export async function isSameLog(file: LogFile): Promise<boolean> {
  // Read once: a truncation between two reads would give a new head the old one's blessing.
  const head = await headOf(file.handle, HEAD_BYTES);
  const known = headBytes(file.fingerprint);
  if (fingerprintOf(head.subarray(0, known)) !== file.fingerprint) return false;
  if (head.length > known) file.fingerprint = fingerprintOf(head);
  return true;
}

/** True when the file begins with the bytes that were fingerprinted. */
export async function matches(handle: FileHandle, fingerprint: string): Promise<boolean> {
  return fingerprintOf(await headOf(handle, headBytes(fingerprint))) === fingerprint;
}

export function headBytes(fingerprint: string): number {
  return Number(fingerprint.split(':')[0]);
}

async function headOf(handle: FileHandle, bytes: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
  return buffer.subarray(0, bytesRead);
}

function fingerprintOf(head: Buffer): string {
  if (head.length === 0) return '0:';
  return `${head.length}:${createHash('sha256').update(head).digest('hex').slice(0, 32)}`;
}

/** What a rotation leaves beside a log, by the names logrotate and Asterisk give: oldest first. Compressed ones are not read. */
export async function rotatedLogs(
  path: string,
): Promise<{ path: string; inode: string; size: number; modifiedAt: number }[]> {
  const folder = dirname(path);
  const base = basename(path);
  const names = (await readdir(folder)).filter(
    (name) =>
      name.startsWith(base) &&
      /^[.-]\d[\w.-]*$/.test(name.slice(base.length)) &&
      !/\.(gz|bz2|xz|zst)$/.test(name),
  );
  const found = [];
  for (const name of names) {
    try {
      const info = await stat(join(folder, name), { bigint: true });
      if (info.isFile()) {
        found.push({
          path: join(folder, name),
          inode: String(info.ino),
          size: Number(info.size),
          modifiedAt: Number(info.mtimeNs / 1_000n),
        });
      }
    } catch (error) {
      // Rotated away between listing and looking.
      if (!isMissing(error)) throw error;
    }
  }
  return found.sort((a, b) => a.modifiedAt - b.modifiedAt);
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
