/**
 * Whose access may have changed since: accounts and keys (by id) that a node heard of, and when. A token issued before is
 * good for ten minutes by itself; while in doubt it is looked up instead [S13]. A lost notification costs nothing but
 * time: whenever listening begins anew, everybody is in doubt.
 */
export interface Doubts {
  /** `id` null: anybody's may have. */
  raise(id: string | null): void;
  /** True for what was issued (epoch ms) before the last doubt, or may have been. */
  isRaised(id: string, issuedAt: number): boolean;
}

/** Nodes disagree about the time by this much: who issued it may have been ahead. */
const SKEW_MS = 2_000;
/** More changes at once than anybody makes by hand: then all are looked up [L13]. */
const LIMIT = 10_000;

/** `forgetMs`: how long after a doubt everything issued before it has expired. */
export function createDoubts({ forgetMs, now = Date.now }: { forgetMs: number; now?: () => number }): Doubts {
  const raised = new Map<string, number>();
  let everybody = Number.NEGATIVE_INFINITY;

  const forget = (): void => {
    for (const [id, at] of raised) {
      if (now() - at <= forgetMs) break; // In the order in which they were raised.
      raised.delete(id);
    }
  };

  return {
    raise(id) {
      forget();
      if (id === null || raised.size >= LIMIT) {
        everybody = now();
        raised.clear();
        return;
      }
      raised.delete(id);
      raised.set(id, now());
    },
    isRaised(id, issuedAt) {
      const since = Math.max(everybody, raised.get(id) ?? Number.NEGATIVE_INFINITY);
      return issuedAt <= since + SKEW_MS && now() - since <= forgetMs;
    },
  };
}
