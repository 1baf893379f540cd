import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type {
  LiveMetrics,
  LiveQuery,
  liveAgents,
  liveCalls,
  liveHealth,
  liveQueues,
} from '../../shared/contract/rest.ts';
import { readsEveryVisit } from '../../shared/live/cold.ts';
import { measureSource, sourceIds } from '../../shared/live/views.ts';
import type { Access } from '../access/access.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import {
  agentsAnswer,
  callsAnswer,
  type LiveListQuery,
  type LiveQueuesQuery,
  metricsAnswer,
  type Paged,
  queuesAnswer,
} from './answers.ts';
import { type Broadcast, type BroadcastIntervals, createBroadcast } from './broadcast.ts';
import { type Engine, type EngineIntervals, type LiveView, startEngine } from './engine.ts';
import { createTurns } from './lastWeek.ts';
import { type ListenerIntervals, startListener } from './listener.ts';
import { loadSettings } from './liveSettings.ts';
import { missingOf } from './missingTenants.ts';
import { createReplays } from './replay.ts';
import { attachSockets } from './sockets/attach.ts';
import { createHub, HUB_INTERVALS, type HubIntervals } from './sockets/hub.ts';
import { SESSION_INTERVALS, type SessionIntervals } from './sockets/session.ts';
import { PING_INTERVALS, type PingIntervals } from './sockets/socketIo.ts';
import { createTelemetry } from './telemetry.ts';

/**
 * The live half of Callboard in one place: one listener, one engine and one broadcast a tenant, all connections.
 * Everything another part may ask of it is in `Live`.
 */
export interface Live {
  answer(tenantId: string, query: LiveQuery): Promise<LiveMetrics>;
  queues(tenantId: string, query: LiveQueuesQuery): Promise<Paged<z.infer<typeof liveQueues>>>;
  agents(tenantId: string, query: LiveListQuery): Promise<Paged<z.infer<typeof liveAgents>>>;
  calls(tenantId: string, query: LiveListQuery): Promise<Paged<z.infer<typeof liveCalls>>>;
  /** The tenant's log has grown: a hint like NOTIFY's [L3], which comes later. */
  wake(tenantId: string): void;
  health(tenantId: string): z.infer<typeof liveHealth>;
  /** Serves both sockets on the app's server; call before it listens. */
  attach(app: FastifyInstance): void;
  close(): Promise<void>;
}

/** Every interval of live; each has its default where it is defined. */
export interface LiveIntervals {
  listener: Partial<ListenerIntervals>;
  engine: Partial<EngineIntervals>;
  broadcast: Partial<BroadcastIntervals>;
  session: Partial<SessionIntervals>;
  hub: Partial<HubIntervals>;
  pings: Partial<PingIntervals>;
}

interface Tenant {
  engine: Engine;
  broadcast: Broadcast;
}

/** Tenants whose state one node holds; the next would push out memory for all of them. */
const TENANT_LIMIT = 500;
/** How long `minSeq`, or a state still being built, may hold a request. */
const WAIT_MS = 5_000;
/** Requests waiting for a log position, all tenants together [L13]. */
const WAITING_LIMIT = 1_000;
const GOODBYE_MS = 1_000;

export async function createLive(options: {
  db: Database;
  log: Logger;
  registry: Registry;
  access: Pick<Access, 'verify' | 'doubt'>;
  config: Pick<Config, 'basePath' | 'trustProxy'>;
  /** Names the page that is served, for screens to see that theirs is an older one. */
  build?: string;
  intervals?: Partial<LiveIntervals>;
  /** Epoch ms; an argument so that tests can pass midnight. */
  now?: () => number;
}): Promise<Live> {
  const { db, log, access, config } = options;
  const now = options.now ?? Date.now;
  const intervals = options.intervals ?? {};
  const epoch = randomBytes(9).toString('base64url');
  const tenants = new Map<string, Tenant>();
  const replays = createReplays(db);
  /** What was let in just before must not bring the state of a deleted tenant back; one id a deletion [S51]. */
  const gone = new Set<string>();
  const inTurn = createTurns();
  let waiting = 0;
  let closed = false;

  const telemetry = createTelemetry(options.registry, () => ({
    lagMs: () => Math.max(0, ...[...tenants.values()].map(({ engine }) => engine.status().lagMs)),
    sockets: () => hub.counts().connected,
    behind: () => hub.counts().behind,
    bufferedBytes: () => hub.counts().bufferedBytes,
    listenerUp: () => listener.status().up,
    listenerRebuilds: () => listener.status().rebuilds,
  }));

  const tenantOf = (tenantId: string): Tenant => {
    const known = tenants.get(tenantId);
    if (known) return known;
    if (gone.has(tenantId)) throw new AppError('not_found');
    if (closed || tenants.size >= TENANT_LIMIT) throw new AppError('overloaded', { retryAfterSeconds: 10 });
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
          tenant.broadcast.onFolded();
        },
        onReset: () => tenant.broadcast.onReset(),
        onStatus: () => tenant.broadcast.onStatus(),
      },
    });
    const broadcast = createBroadcast({
      engine,
      epoch,
      build: options.build ?? '',
      telemetry,
      log,
      now,
      intervals: intervals.broadcast,
    });
    const tenant: Tenant = { engine, broadcast };
    tenants.set(tenantId, tenant);
    return tenant;
  };

  const hub = createHub(
    {
      verify: (token) => access.verify(token),
      broadcastOf: (tenantId) => tenantOf(tenantId).broadcast,
      telemetry,
      log,
      intervals: { ...SESSION_INTERVALS, ...intervals.session },
    },
    { ...HUB_INTERVALS, ...intervals.hub },
  );

  /** Everybody of a deleted tenant is shown out, and its state freed [S51]. */
  const drop = async (tenantId: string): Promise<void> => {
    gone.add(tenantId);
    access.doubt(tenantId);
    void hub.recheck(tenantId);
    const tenant = tenants.get(tenantId);
    tenants.delete(tenantId);
    tenant?.broadcast.close();
    await tenant?.engine.close();
  };

  const wake = (tenantId: string): void => tenants.get(tenantId)?.engine.wake();
  const listener = startListener({
    directUrl: db.directUrl,
    log,
    intervals: intervals.listener,
    onWake(tenantId) {
      if (tenantId !== null) wake(tenantId);
      else for (const { engine } of tenants.values()) engine.wake();
    },
    onAccess(id) {
      access.doubt(id);
      void hub.recheck(id);
    },
    onTenantGone(tenantId) {
      void (tenantId === null ? missingOf(db, [...tenants.keys()]) : Promise.resolve([tenantId]))
        .then((missing) => Promise.all(missing.map(drop)))
        .catch((error: unknown) => log.warn({ err: error }, 'live:tenant_not_dropped'));
    },
  });

  // All tenants, so that the first screen of the day finds its numbers ready; what does not fit starts when asked for.
  try {
    const ids = await db.sql<
      { id: string }[]
    >`select tenant_ids as id from tenant_ids() limit ${TENANT_LIMIT}`;
    for (const { id } of ids) tenantOf(id);
  } catch (error) {
    log.warn({ err: error }, 'live:tenants_unknown');
  }

  /** The tenant's live state, with everything up to `minSeq` in it. */
  const liveView = async (tenantId: string, minSeq = 0): Promise<LiveView> => {
    const { engine } = tenantOf(tenantId);
    if (waiting >= WAITING_LIMIT) throw new AppError('overloaded', { retryAfterSeconds: 1 });
    waiting++;
    const reached = await engine.untilSeq(minSeq, WAIT_MS).finally(() => {
      waiting--;
    });
    const view = engine.view();
    if (engine.status().feed.state === 'down') {
      throw new AppError('database_unavailable', { retryAfterSeconds: 1 });
    }
    if (!reached || !view) throw new AppError('catching_up', { retryAfterSeconds: 1 });
    return view;
  };

  /** The view a query is about, and the instant it is read at. */
  const viewFor = async (
    tenantId: string,
    query: {
      asOf?: number | undefined;
      minSeq?: number | undefined;
      threshold?: number | undefined;
      shortAbandon?: number | undefined;
    },
  ): Promise<[LiveView, number]> => {
    if (query.asOf === undefined) {
      const view = await liveView(tenantId, query.minSeq);
      if (!readsEveryVisit(view.settings, query)) return [view, now()];
      await tenantOf(tenantId).engine.whole();
      return [await liveView(tenantId), now()];
    }
    if (query.minSeq !== undefined) await liveView(tenantId, query.minSeq);
    const settings =
      tenantOf(tenantId).engine.view()?.settings ?? (await loadSettings(db, tenantId)).settings;
    return [await replays.at(tenantId, query.asOf, settings), query.asOf];
  };

  return {
    async answer(tenantId, query) {
      return metricsAnswer(...(await viewFor(tenantId, query)), query);
    },
    async queues(tenantId, query) {
      return queuesAnswer(...(await viewFor(tenantId, query)), query);
    },
    async agents(tenantId, query) {
      return agentsAnswer(...(await viewFor(tenantId, query)), query);
    },
    async calls(tenantId, query) {
      return callsAnswer(...(await viewFor(tenantId, query)), query);
    },
    wake,
    health(tenantId) {
      const { engine, broadcast } = tenantOf(tenantId);
      const { feed, seq, caughtUp, lagMs } = engine.status();
      const heard = listener.status();
      const view = engine.view();
      const { connected, behind } = hub.counts();
      const memory = process.memoryUsage();
      const sources = view ? sourceIds(view.state) : [];
      return {
        asOf: iso(now()),
        database: { up: feed.state !== 'down', since: feed.since === null ? null : iso(feed.since) },
        listener: {
          up: heard.up,
          lastHeardAt: heard.lastHeardAt === null ? null : iso(heard.lastHeardAt),
          rebuilds: heard.rebuilds,
        },
        feed: { seq, headSeq: feed.headSeq, lagMs, caughtUp },
        sources: sources.flatMap((id) => (view && measureSource(view.state, view.settings, now(), id)) ?? []),
        sockets: { connected, behind, streams: broadcast.streamCount() },
        memory: { rssBytes: memory.rss, heapUsedBytes: memory.heapUsed },
      };
    },
    attach(app) {
      attachSockets(app, { hub, config, pings: { ...PING_INTERVALS, ...intervals.pings }, close: goodbye });
    },
    async close() {
      await goodbye();
      closed = true;
      replays.close();
      for (const { broadcast } of tenants.values()) broadcast.close();
      await Promise.all([listener.close(), ...[...tenants.values()].map(({ engine }) => engine.close())]);
    },
  };

  /** Sends the last state, tells everybody when to come back, and lets go of them [S34]. */
  async function goodbye(): Promise<void> {
    await Promise.all([...tenants.values()].map(({ broadcast }) => broadcast.flush()));
    await hub.close(GOODBYE_MS);
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
