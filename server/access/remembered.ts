import type { Principal } from './principal.ts';

/**
 * Whom a token stands for, remembered for two seconds: a sender of thousands of requests, or a wall of screens
 * that come back at once, does not cost as many lookups. `forget` makes the next one look again, whatever is under way.
 */
export interface Remembered<P extends Principal> {
  verify(token: string): Promise<P>;
  forget(): void;
}

const REMEMBERED_MS = 2_000;
const REMEMBERED_LIMIT = 1_000;

/** `find` looks a token up; it throws AppError `unauthorized` for one that is good for nothing. */
export function rememberFound<P extends Principal>(
  find: (token: string) => Promise<P>,
  now: () => number = Date.now,
): Remembered<P> {
  const remembered = new Map<string, { principal: P; until: number }>();
  /** What was looked up before something was forgotten may be old by the time it is known. */
  let generation = 0;

  return {
    async verify(token) {
      const known = remembered.get(token);
      if (known && now() < Math.min(known.until, known.principal.expiresAt ?? known.until))
        return known.principal;
      const began = generation;
      const principal = await find(token);
      if (began !== generation) return principal;
      remembered.delete(token);
      const [oldest] = remembered.keys();
      if (remembered.size >= REMEMBERED_LIMIT && oldest !== undefined) remembered.delete(oldest);
      remembered.set(token, { principal, until: now() + REMEMBERED_MS });
      return principal;
    },
    forget() {
      generation++;
      remembered.clear();
    },
  };
}
