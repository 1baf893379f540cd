import { createHash, randomBytes } from 'node:crypto';

/** A prefix that tells what it is, and 256 random bits, 43 characters: nothing to guess, so its SHA-256 is enough to keep. */
export function newSecret(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** Without a prefix. */
export const SECRET_FORMAT = /^[\w-]{43}$/;

/** The only form in which a token, key or code is kept. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
