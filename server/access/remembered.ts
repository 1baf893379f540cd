import type { Principal } from './principal.ts';

/**
 * Whom a token stands for, remembered for two seconds: a sender of thousands of requests, or a wall of screens
 * that come back at once, does not cost as many lookups. Who is asked about again in the second of them is looked up behind the
 * request, so that one who goes on asking never waits for it. `forget` makes the next one look again, whatever is under way.
 */
export interface Remembered<P extends Principal> {
  verify(token: string): Promise<P>;
  forget(): void;
}

const REMEMBERED_MS = 2_000;
const RENEWED_AFTER_MS = 1_000;
/** What the request itself asks of the database goes first. */
const BEHIND_MS = 100;
const REMEMBERED_LIMIT = 1_000;

interface Known<P> {
  principal: P;
  since: number;
  isRenewing: boolean;
}

/** `find` looks a token up; it throws AppError `unauthorized` for one that is good for nothing. */
export function rememberFound<P extends Principal>(
  find: (token: string) => Promise<P>,
  now: () => number = Date.now,
): Remembered<P> {
  const remembered = new Map<string, Known<P>>();
  /** What was looked up before something was forgotten may be old by the time it is known. */
  let generation = 0;

  const lookUp = async (token: string): Promise<P> => {
    const began = generation;
    const since = now();
    const principal = await find(token);
    if (began !== generation) return principal;
    remembered.delete(token);
    const [oldest] = remembered.keys();
    if (remembered.size >= REMEMBERED_LIMIT && oldest !== undefined) remembered.delete(oldest);
    remembered.set(token, { principal, since, isRenewing: false });
    return principal;
  };
  /** Whoever cannot be looked up now is looked up, and refused, when he asks again. */
  const renew = (token: string, known: Known<P>): void => {
    known.isRenewing = true;
    setTimeout(() => {
      if (remembered.get(token) === known) lookUp(token).catch(() => remembered.delete(token));
    }, BEHIND_MS).unref();
  };

  return {
    async verify(token) {
      const known = remembered.get(token);
      if (known === undefined) return lookUp(token);
      const until = known.since + REMEMBERED_MS;
      if (now() >= Math.min(until, known.principal.expiresAt ?? until)) return lookUp(token);
      if (!known.isRenewing && now() >= known.since + RENEWED_AFTER_MS) renew(token, known);
      return known.principal;
    },
    forget() {
      generation++;
      remembered.clear();
    },
  };
}
