import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../http/errors.ts';

/**
 * Passwords as scrypt hashes: `scrypt$N$r$p$salt$hash`, so that stronger parameters can follow without a migration.
 * One hash takes 128 MiB and most of a second of a core; two run at once and a few may wait, so that nobody can spend
 * all memory or every thread by signing in [S74].
 */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes equally long without a hash to compare with, so that time does not tell which accounts exist. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

interface Cost {
  N: number;
  r: number;
  p: number;
}

const COST: Cost = { N: 2 ** 17, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const AT_ONCE = 2;
const WAITING_LIMIT = 32;

/** `cost` is an argument for tests that sign in often. */
export function createPasswords(cost: Cost = COST): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function derive(password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
    if (running < AT_ONCE) running++;
    else {
      if (waiting.length >= WAITING_LIMIT) throw new AppError('overloaded', { retryAfterSeconds: 5 });
      // The place is handed over by whoever finishes.
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    // Node's default ceiling is 32 MiB, under which these parameters throw.
    const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r * p * 2 };
    try {
      // One spelling for what looks the same, however the keyboard composed it.
      return await new Promise((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, derived) => {
          if (error) reject(error);
          else resolve(derived);
        });
      });
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const derived = await derive(password, salt, cost);
      const { N, r, p } = cost;
      return ['scrypt', N, r, p, salt.toString('base64url'), derived.toString('base64url')].join('$');
    },
    async verify(password, hash) {
      const stored = hash === null ? null : parseHash(hash);
      const derived = await derive(password, stored?.salt ?? Buffer.alloc(SALT_BYTES), stored?.cost ?? cost);
      return stored !== null && timingSafeEqual(derived, stored.derived);
    },
  };
}

function parseHash(text: string): { cost: Cost; salt: Buffer; derived: Buffer } | null {
  const [, N, r, p, salt = '', hash = ''] =
    /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(text) ?? [];
  const derived = Buffer.from(hash, 'base64url');
  if (derived.length !== HASH_BYTES) return null;
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    derived,
  };
}
