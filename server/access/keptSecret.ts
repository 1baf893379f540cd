import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A secret made once and kept for whoever runs the server alone (0600): the content of `file`, or of what `make`
 * makes when there is none. Of two starts at once both get what the first wrote.
 */
export async function keptSecret(file: string, make: () => string = randomSecret): Promise<string> {
  const existing = await readKept(file);
  if (existing !== null) return existing;
  await mkdir(dirname(file), { recursive: true });
  try {
    const made = make();
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: 'wx', flush: true });
    return made;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return (await readKept(file)) ?? keptSecret(file, make);
  }
}

/** The kept secret, or null where none was kept. */
export async function readKept(file: string): Promise<string | null> {
  try {
    const content = (await readFile(file, 'utf8')).trim();
    if (content !== '') return content;
    throw new Error(`${file} is empty: delete it, and a new one is made`);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
