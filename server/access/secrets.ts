import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits that stand for a right; 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export const SECRET_FORMAT = /^[\w-]{43}$/;

/** All that is kept of a secret: enough for what cannot be guessed. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
