import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A secret made once and kept in `dataDir` with mode 0600. Two processes that start at once agree: the file is
 * created exclusively, and who comes second reads what the first wrote.
 */
export async function keptSecret(
  dataDir: string,
  name: string,
  make = randomSecret,
): Promise<{ secret: string; path: string; isNew: boolean }> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, name);
  try {
    const file = await open(path, 'wx', 0o600);
    const secret = make();
    try {
      await file.writeFile(`${secret}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    return { secret, path, isNew: true };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (secret === '')
    throw new Error(`${path} is empty: delete it, and a new secret is made at the next start.`);
  await chmod(path, 0o600);
  return { secret, path, isNew: false };
}

/** 256 bits: as many as HS256 has of output, and more than anybody guesses. */
function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A password to be typed once: 20 characters without look-alikes, 95 bits. */
export function typeablePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  let password = '';
  while (password.replaceAll('-', '').length < 20) {
    for (const byte of randomBytes(32)) {
      // Bytes beyond the last whole multiple of the alphabet would favour its first letters.
      if (byte >= 248 || password.replaceAll('-', '').length >= 20) continue;
      if (password.length % 6 === 5) password += '-';
      password += alphabet[byte % alphabet.length];
    }
  }
  return password;
}
