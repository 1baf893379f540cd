import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Committed } from '../../shared/contract/logEvent.ts';
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
import type { Sight } from '../access/principal.ts';
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
  type Seen,
} from './answers.ts';
import type { BroadcastIntervals } from './broadcast.ts';
import type { EngineIntervals, LiveView } from './engine.ts';
import { type ListenerIntervals, startListener } from './listener.ts';
import { loadSettings } from './liveSettings.ts';
import { createLiveTenants, type LiveTenants, TENANT_LIMIT } from './liveTenants.ts';
import { missingOf } from './missingTenants.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { createReplays } from './replay.ts';
import { SOCKET_CAPS, type SocketCaps } from './sockets/admission.ts';
import { attachSockets } from './sockets/attach.ts';
import { createHub, HUB_INTERVALS, type HubIntervals } from './sockets/hub.ts';
import { createScreenLinks } from './sockets/screenLinks.ts';
import { SESSION_INTERVALS, type SessionIntervals } from './sockets/session.ts';
import { PING_INTERVALS, type PingIntervals } from './sockets/socketIo.ts';
import { createTelemetry } from './telemetry.ts';

/**
 * The live half of Callboard in one place: one listener, one engine and one broadcast a tenant, all connections.
 * Everything another part may ask of it is in `Live`.
 */
export interface Live {
  answer(tenantId: string, sight: Sight, query: LiveQuery): Promise<LiveMetrics>;
  queues(tenantId: string, sight: Sight, query: LiveQueuesQuery): Promise<Paged<z.infer<typeof liveQueues>>>;
  agents(tenantId: string, sight: Sight, query: LiveListQuery): Promise<Paged<z.infer<typeof liveAgents>>>;
  calls(tenantId: string, sight: Sight, query: LiveListQuery): Promise<Paged<z.infer<typeof liveCalls>>>;
  /** This node has begun to write to the tenant's log; to be told what was committed, or null, when that is over. */
  writing(tenantId: string): (committed: Committed | null) => void;
  caughtUp: LiveTenants['caughtUp'];
  /** The same for everybody: it tells of sources and machines, and how many connections there are, of nobody. */
  health(tenantId: string): LiveHealth;
  /** Serves both sockets on the app's server; call before it listens. */
  attach(app: FastifyInstance): void;
  close(): Promise<void>;
}

/** All of the health that live knows. */
export type LiveHealth = Omit<z.infer<typeof liveHealth>, 'history'>;

/** Every interval of live; each has its default where it is defined. */
export interface LiveIntervals {
  listener: Partial<ListenerIntervals>;
  engine: Partial<EngineIntervals>;
  broadcast: Partial<BroadcastIntervals>;
  session: Partial<SessionIntervals>;
  hub: Partial<HubIntervals>;
  pings: Partial<PingIntervals>;
}

/** How long `minSeq`, or a state still being built, may hold a request. */
const WAIT_MS = 5_000;
/** Requests waiting for a log position, all tenants together [L13]. */
const WAITING_LIMIT = 1_000;
const GOODBYE_MS = 1_000;
/** A flood is a line a minute in the log; how many there were is in the metrics. */
const CAPPED_TOLD_MS = 60_000;

export async function createLive(options: {
  db: Database;
  log: Logger;
  registry: Registry;
  access: Pick<Access, 'verify' | 'doubt' | 'screenPresence'> & {
    pairings: Pick<Access['pairings'], 'wake'>;
  };
  config: Pick<Config, 'basePath' | 'trustProxy'>;
  /** Names the page that is served, for screens to see that theirs is an older one. */
  build?: string;
  intervals?: Partial<LiveIntervals>;
  caps?: Partial<SocketCaps>;
  /** The log of a tenant, or (null) of any, may have grown: for others who follow it. */
  onLogGrown?: (tenantId: string | null) => void;
  /** Epoch ms; an argument so that tests can pass midnight. */
  now?: () => number;
}): Promise<Live> {
  const { db, log, access, config } = options;
  const now = options.now ?? Date.now;
  const intervals = options.intervals ?? {};
  const caps = { ...SOCKET_CAPS, ...options.caps };
  const pseudonyms = createPseudonyms();
  const replays = createReplays(db);
  let waiting = 0;
  let cappedToldAt = Number.NEGATIVE_INFINITY;

  const telemetry = createTelemetry(options.registry, () => ({
    lagMs: () => Math.max(0, ...tenants.all().map(({ engine }) => engine.status().lagMs)),
    sockets: () => hub.counts().connected,
    behind: () => hub.counts().behind,
    bufferedBytes: () => hub.counts().bufferedBytes,
    listenerUp: () => listener.status().up,
    listenerRebuilds: () => listener.status().rebuilds,
  }));

  const tenants = createLiveTenants({
    db,
    log,
    epoch: randomBytes(9).toString('base64url'),
    build: options.build ?? '',
    pseudonyms,
    telemetry,
    now,
    intervals,
  });

  const screens = createScreenLinks({ presence: access.screenPresence, log });
  const hub = createHub(
    {
      screens,
      verify: (token) => access.verify(token),
      broadcastOf: (tenantId) => tenants.of(tenantId).broadcast,
      telemetry,
      log,
      intervals: { ...SESSION_INTERVALS, ...intervals.session },
    },
    { ...HUB_INTERVALS, ...intervals.hub },
    caps,
  );

  /** Everybody of a deleted tenant is shown out, and its state freed [S51]. */
  const drop = async (tenantId: string): Promise<void> => {
    access.doubt(tenantId);
    void hub.recheck(tenantId);
    await tenants.drop(tenantId);
  };

  const listener = startListener({
    directUrl: db.directUrl,
    log,
    intervals: intervals.listener,
    onWake(tenantId) {
      if (tenantId !== null) tenants.known(tenantId)?.engine.wake();
      else for (const { engine } of tenants.all()) engine.wake();
      options.onLogGrown?.(tenantId);
    },
    onAccess(id) {
      access.doubt(id);
      void hub.recheck(id);
    },
    onScreen(id) {
      access.pairings.wake(id);
      screens.notified(id);
    },
    onTenantGone(tenantId) {
      // Whoever says so may be anybody [S49].
      void missingOf(db, tenantId === null ? tenants.ids() : [tenantId])
        .then((missing) => Promise.all(missing.map(drop)))
        .catch((error: unknown) => log.warn({ err: error }, 'live:tenant_not_dropped'));
    },
  });

  // All tenants, so that the first screen of the day finds its numbers ready; what does not fit starts when asked for.
  try {
    const ids = await db.sql<
      { id: string }[]
    >`select tenant_ids as id from tenant_ids() limit ${TENANT_LIMIT}`;
    for (const { id } of ids) tenants.of(id);
  } catch (error) {
    log.warn({ err: error }, 'live:tenants_unknown');
  }

  /** The tenant's live state, with everything up to `minSeq` in it. */
  const liveView = async (tenantId: string, minSeq = 0): Promise<LiveView> => {
    const { engine } = tenants.of(tenantId);
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

  /** The view a query is about, the instant it is read at, and what of it is in sight. */
  const seenBy = async (
    tenantId: string,
    sight: Sight,
    query: {
      asOf?: number | undefined;
      minSeq?: number | undefined;
      threshold?: number | undefined;
      shortAbandon?: number | undefined;
    },
  ): Promise<Seen> => {
    const seen = { sight, pseudonymOf: pseudonyms(tenantId) };
    if (query.asOf === undefined) {
      const view = await liveView(tenantId, query.minSeq);
      if (!readsEveryVisit(view.settings, query)) return { ...seen, view, at: now() };
      await tenants.of(tenantId).engine.whole();
      return { ...seen, view: await liveView(tenantId), at: now() };
    }
    if (query.minSeq !== undefined) await liveView(tenantId, query.minSeq);
    const settings =
      tenants.of(tenantId).engine.view()?.settings ?? (await loadSettings(db, tenantId)).settings;
    return { ...seen, view: await replays.at(tenantId, query.asOf, settings), at: query.asOf };
  };

  return {
    async answer(tenantId, sight, query) {
      return metricsAnswer(await seenBy(tenantId, sight, query), query);
    },
    async queues(tenantId, sight, query) {
      return queuesAnswer(await seenBy(tenantId, sight, query), query);
    },
    async agents(tenantId, sight, query) {
      return agentsAnswer(await seenBy(tenantId, sight, query), query);
    },
    async calls(tenantId, sight, query) {
      return callsAnswer(await seenBy(tenantId, sight, query), query);
    },
    caughtUp: tenants.caughtUp,
    writing: (tenantId) => tenants.known(tenantId)?.engine.writing() ?? (() => {}),
    health(tenantId) {
      const { engine, broadcast } = tenants.of(tenantId);
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
      attachSockets(app, {
        hub,
        config,
        pings: { ...PING_INTERVALS, ...intervals.pings },
        perAddress: caps.perAddress,
        onCapped(network) {
          telemetry.capped.inc();
          // Behind a proxy that is not trusted, everybody has the proxy's address.
          if (now() - cappedToldAt < CAPPED_TOLD_MS) return;
          cappedToldAt = now();
          log.warn({ network, perAddress: caps.perAddress, trustProxy: config.trustProxy }, 'socket:capped');
        },
        close: goodbye,
      });
    },
    async close() {
      await goodbye();
      replays.close();
      screens.close();
      await Promise.all([listener.close(), tenants.close()]);
    },
  };

  /** Sends the last state, tells everybody when to come back, and lets go of them [S34]. */
  async function goodbye(): Promise<void> {
    await Promise.all(tenants.all().map(({ broadcast }) => broadcast.flush()));
    await hub.close(GOODBYE_MS);
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
