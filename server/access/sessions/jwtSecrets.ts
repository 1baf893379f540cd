import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { keptSecret, readKept } from '../keptSecret.ts';
import { ACCESS_TOKEN_SECONDS, type Secrets } from './accessTokens.ts';

/**
 * The secrets that access tokens are signed by: those of the environment, or `jwt-secret` in the data directory, made at
 * the first start. Beside it lies, for a while, the one before:
 *
 *   `rotate-secret`   a new secret takes its place, the old one becomes `jwt-secret.previous`
 *   the next start    signs by the new one, and verifies by both
 *   ten minutes on    nobody holds a token of the old one any more: it is forgotten, and its file deleted
 */
export async function jwtSecrets(
  config: Pick<Config, 'jwtSecret' | 'jwtSecretPrevious' | 'dataDir'>,
): Promise<Secrets> {
  if (config.jwtSecret !== null) {
    return { current: config.jwtSecret, previous: config.jwtSecretPrevious };
  }
  const { current, previous } = placesIn(config.dataDir);
  return { current: await keptSecret(current), previous: await readKept(previous) };
}

/** Called as the server starts: deletes the secret before once it has nothing left to verify. Answers how to call it off. */
export function forgetPrevious(dataDir: string, onForgotten: () => void): () => void {
  const timer = setTimeout(
    () => {
      onForgotten();
      // One that cannot be deleted is read again at the next start, for another ten minutes.
      rm(placesIn(dataDir).previous, { force: true }).catch(() => {});
    },
    (ACCESS_TOKEN_SECONDS + 60) * 1_000,
  );
  timer.unref();
  return () => clearTimeout(timer);
}

/** Makes another secret. At every moment there is one in place, whole: each file is written beside and renamed [S68]. */
export async function rotateSecret(dataDir: string): Promise<void> {
  const { current, previous } = placesIn(dataDir);
  const old = await readKept(current);
  if (old === null) {
    throw new Error(
      `There is no secret in ${current}: the server makes one at its first start. One that JWT_SECRET holds is rotated there.`,
    );
  }
  await replace(previous, old);
  await replace(current, randomBytes(32).toString('base64url'));
}

async function replace(file: string, secret: string): Promise<void> {
  const beside = `${file}.new`;
  await rm(beside, { force: true }); // Of a rotation that was cut off: its mode would be kept.
  await writeFile(beside, `${secret}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await rename(beside, file);
}

function placesIn(dataDir: string): { current: string; previous: string } {
  const current = join(dataDir, 'jwt-secret');
  return { current, previous: `${current}.previous` };
}
