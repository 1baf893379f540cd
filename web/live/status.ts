import type { SourceView } from '../../shared/contract/metrics.ts';
import type { LiveStore } from './store.ts';

/** Why the numbers cannot be believed to be current [L9], worst first, and since when (epoch ms). */
export type Trouble =
  | { kind: 'serverUnreachable'; since: number }
  | { kind: 'databaseDown'; since: number }
  | { kind: 'catchingUp'; since: number }
  | { kind: 'sourceSilent'; since: number; source: string };

/** What is known of the way from the sources to this screen. */
export interface Reach {
  /** Null while connected and subscribed, and while a first connection may still come: that is loading. */
  unreachableSince: number | null;
  database: 'up' | 'down';
  databaseSince: number | null;
  /** Null while the server's numbers follow its log. */
  catchingUpSince: number | null;
}

/**
 * What stands between the figures and the truth; null when nothing does. A source that went quiet is named even while
 * others speak: the totals lack its calls.
 */
export function troubleOf(reach: Reach, sources: readonly SourceView[]): Trouble | null {
  if (reach.unreachableSince !== null) return { kind: 'serverUnreachable', since: reach.unreachableSince };
  if (reach.database === 'down' && reach.databaseSince !== null) {
    return { kind: 'databaseDown', since: reach.databaseSince };
  }
  if (reach.catchingUpSince !== null) return { kind: 'catchingUp', since: reach.catchingUpSince };
  let silent: { kind: 'sourceSilent'; since: number; source: string } | null = null;
  for (const { sourceId, silentSince } of sources) {
    if (silentSince === null) continue;
    const since = Date.parse(silentSince);
    if (silent === null || since < silent.since) silent = { kind: 'sourceSilent', since, source: sourceId };
  }
  return silent;
}

/** The trouble there is, as a store of its own: the same object until it is another one. */
export function watchTrouble(
  connection: { reach(): Reach; subscribe(onChange: () => void): () => void },
  store: Pick<LiveStore, 'list' | 'subscribeGroup'>,
): { current(): Trouble | null; subscribe(onChange: () => void): () => void } {
  let last: Trouble | null = null;
  return {
    current() {
      // What the server puts under `source:` keys (shared/contract/protocol.ts).
      const sources = store.list('source') as readonly SourceView[];
      const trouble = troubleOf(connection.reach(), sources);
      if (JSON.stringify(trouble) !== JSON.stringify(last)) last = trouble;
      return last;
    },
    subscribe(onChange) {
      const stops = [connection.subscribe(onChange), store.subscribeGroup('source', onChange)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
