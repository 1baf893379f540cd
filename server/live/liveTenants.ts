import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import { type Broadcast, type BroadcastIntervals, createBroadcast } from './broadcast.ts';
import { type Engine, type EngineIntervals, startEngine } from './engine.ts';
import { createTurns } from './lastWeek.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { LiveTelemetry } from './telemetry.ts';

/** The tenants whose live state this node holds: an engine and a broadcast each, begun when first asked for. */
export interface LiveTenants {
  /** Throws `overloaded` where there are too many, `not_found` for one that was dropped. */
  of(tenantId: string): LiveTenant;
  /** Null where nobody has asked for it. */
  known(tenantId: string): LiveTenant | null;
  ids(): string[];
  all(): LiveTenant[];
  /** Resolves once the numbers of each tenant there is now hold all of its log, and at the latest after `limitMs`. */
  caughtUp(limitMs: number): Promise<void>;
  /** Frees the state of a tenant that is gone; it does not come back [S51]. */
  drop(tenantId: string): Promise<void>;
  close(): Promise<void>;
}

export interface LiveTenant {
  engine: Engine;
  broadcast: Broadcast;
}

/** The next would push out memory for all of them. */
export const TENANT_LIMIT = 500;
/** Tenants that were deleted are remembered for requests just let in: the last so many are enough [L13]. */
const GONE_LIMIT = 1_000;
const LOOK_MS = 20;

export function createLiveTenants(options: {
  db: Database;
  log: Logger;
  epoch: string;
  build: string;
  pseudonyms: Pseudonyms;
  telemetry: LiveTelemetry;
  now: () => number;
  intervals: {
    engine?: Partial<EngineIntervals> | undefined;
    broadcast?: Partial<BroadcastIntervals> | undefined;
  };
}): LiveTenants {
  const { db, log, epoch, build, pseudonyms, telemetry, now, intervals } = options;
  const tenants = new Map<string, LiveTenant>();
  /** What was let in just before must not bring the state of a deleted tenant back. */
  const gone = new Set<string>();
  const inTurn = createTurns();
  let closed = false;

  const begin = (tenantId: string): LiveTenant => {
    const engine = startEngine({
      db,
      tenantId,
      log: log.child({ tenantId }),
      now,
      inTurn,
      intervals: intervals.engine,
      watcher: {
        onFolded(events) {
          telemetry.folded.inc(events);
          broadcast.onFolded();
        },
        onReset: () => broadcast.onReset(),
        onStatus: () => broadcast.onStatus(),
      },
    });
    const broadcast = createBroadcast({
      engine,
      epoch,
      build,
      pseudonymOf: pseudonyms(tenantId),
      telemetry,
      log,
      now,
      intervals: intervals.broadcast,
    });
    return { engine, broadcast };
  };

  return {
    of(tenantId) {
      const known = tenants.get(tenantId);
      if (known) return known;
      if (gone.has(tenantId)) throw new AppError('not_found');
      if (closed || tenants.size >= TENANT_LIMIT) throw new AppError('overloaded', { retryAfterSeconds: 10 });
      const tenant = begin(tenantId);
      tenants.set(tenantId, tenant);
      return tenant;
    },
    known: (tenantId) => tenants.get(tenantId) ?? null,
    ids: () => [...tenants.keys()],
    all: () => [...tenants.values()],
    async caughtUp(limitMs) {
      const late = pause(limitMs, undefined, { ref: false });
      const isLive = ({ engine }: LiveTenant): boolean => {
        const { caughtUp, seq, feed } = engine.status();
        return caughtUp && seq >= feed.headSeq;
      };
      const all = [...tenants.values()];
      const live = async (): Promise<void> => {
        while (!closed && !all.every(isLive)) await pause(LOOK_MS, undefined, { ref: false });
      };
      await Promise.race([live(), late]);
    },
    async drop(tenantId) {
      const [oldest] = gone;
      if (gone.size >= GONE_LIMIT && oldest !== undefined) gone.delete(oldest);
      gone.add(tenantId);
      const tenant = tenants.get(tenantId);
      tenants.delete(tenantId);
      tenant?.broadcast.close();
      await tenant?.engine.close();
    },
    async close() {
      closed = true;
      for (const { broadcast } of tenants.values()) broadcast.close();
      await Promise.all([...tenants.values()].map(({ engine }) => engine.close()));
    },
  };
}
