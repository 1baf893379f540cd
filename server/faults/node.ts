import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import type { Committed } from '../../shared/contract/logEvent.ts';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { measure } from '../../shared/live/measure.ts';
import { type Database, enter } from '../db/connect.ts';
import { deriveUrls } from '../db/roles.ts';
import { type Engine, startEngine } from '../live/engine.ts';
import { createTurns } from '../live/lastWeek.ts';
import { startListener } from '../live/listener.ts';
import { type TcpProxy, through } from './tcpProxy.ts';

/** One server's way from the log to a number, over a cable that can be cut, with every interval in milliseconds. */
export interface Node {
  /** As who writes to the log on the same node does: to be told what was committed, or null. */
  writing(tenantId: string): (committed: Committed | null) => void;
  /** Today's numbers once everything up to `seq` is in them. */
  answer(tenantId: string, seq: number, withinMs: number): Promise<LiveMetrics>;
  close(): Promise<void>;
}

const silent = pino({ level: 'silent' });

/** After so long without an answer a connection counts as dead. */
const SILENCE_MS = 400;
const ATTEMPTS = 20;

export async function startNode(databaseUrl: string, cable: TcpProxy): Promise<Node> {
  const { db, tenants } = await begin(databaseUrl, cable);
  const engines = new Map<string, Engine>();
  const engineOf = (tenantId: string): Engine => {
    const running = engines.get(tenantId);
    if (running) return running;
    const engine = startEngine({
      db,
      tenantId,
      log: silent,
      inTurn: createTurns(),
      watcher: { onFolded() {}, onReset() {}, onStatus() {} },
      intervals: {
        feed: { pollMs: 50, readMs: 300, backoffMs: 5, backoffLimitMs: 40, pageSize: 64 },
        checkpointMs: 60,
        behindMs: 100,
      },
    });
    engines.set(tenantId, engine);
    return engine;
  };
  const listener = startListener({
    directUrl: db.directUrl,
    log: silent,
    onWake(tenantId) {
      if (tenantId === null) for (const engine of engines.values()) engine.wake();
      else engines.get(tenantId)?.wake();
    },
    intervals: { heartbeatMs: 20, silenceMs: 80, connectMs: 200, backoffMs: 5, backoffLimitMs: 40 },
  });
  for (const id of tenants) engineOf(id);
  return {
    writing: (tenantId) => engineOf(tenantId).writing(),
    async answer(tenantId, seq, withinMs) {
      const engine = engineOf(tenantId);
      const reached = await engine.untilSeq(seq, withinMs);
      const view = engine.view();
      if (!reached || view === null) {
        throw new Error(`not live within ${withinMs} ms: wanted ${seq}, ${JSON.stringify(engine.status())}`);
      }
      const now = Date.now();
      return {
        asOf: new Date(now).toISOString(),
        seq: view.seq,
        ...measure(view.state, view.settings, now, { window: 'today' }),
      };
    },
    async close() {
      await listener.close();
      await Promise.all([...engines.values()].map((engine) => engine.close()));
      await db.close();
    },
  };
}

/** Begun again until it goes, as whoever watches over a server does: on a busy machine PostgreSQL is silent for longer, too. */
async function begin(databaseUrl: string, cable: TcpProxy): Promise<{ db: Database; tenants: string[] }> {
  const urls = deriveUrls(through(cable, databaseUrl), null);
  for (let attempt = 1; ; attempt++) {
    try {
      const db = await enter(urls, silent, 4, SILENCE_MS);
      try {
        const tenants = await db.sql<{ id: string }[]>`select tenant_ids() as id`;
        return { db, tenants: tenants.map(({ id }) => id) };
      } catch (error) {
        await db.close();
        throw error;
      }
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await pause(50 * attempt);
    }
  }
}
