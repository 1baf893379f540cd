import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import { type Database, inTenant } from '../db/connect.ts';
import { type LeaderIntervals, standForLeader } from '../db/leader.ts';
import type { FeedIntervals } from '../log/feed.ts';
import { type Chore, countFailedChores, runChores } from './chores.ts';
import { type Afterwards, type Projector, startProjector } from './projector.ts';
import { followCalendar } from './rollUps/rebuildRollUps.ts';
import { recomputeDue } from './rollUps/recomputeDue.ts';
import { recountContacts } from './rollUps/recountContacts.ts';
import { restampAll } from './rollUps/restampAll.ts';
import { takeScores } from './scores/takeScores.ts';

/**
 * The historical half of Callboard: one node, the leader, projects every tenant's log into facts and what they add up to.
 * Whoever answers questions about the past reads the tables, on any node.
 */
export interface History {
  /** The tenant's log has grown; null: any may have. A hint [L3]. */
  wake(tenantId: string | null): void;
  health(tenantId: string): Promise<HistoryHealth>;
  close(): Promise<void>;
}

/** How far history is behind the log. */
export interface HistoryHealth {
  /** Every event up to here is in every fact. */
  seq: number;
  headSeq: number;
  /** Age of the first event that is not. */
  lagMs: number;
  /** Local days that are being folded again. */
  staleDays: number;
  /** Local days of which live, history and a recount of the log do not agree [R1], as far as they have been looked at. */
  differentDays: number;
}

export interface HistoryIntervals {
  leader: Partial<LeaderIntervals>;
  feed: Partial<FeedIntervals>;
  /** How often tenants that came or went are looked for. */
  tenantsMs: number;
  /** How often it is looked which chores are due. */
  choresMs: number;
}

const TENANTS_MS = 5_000;
/** The moment an event comes is live's; what comes within this time of it is taken into history together. */
const GATHER_MS = 200;

export function createHistory(options: {
  db: Database;
  log: Logger;
  registry: Registry;
  /** What the leader does beside following the logs. */
  chores?: readonly Chore[];
  /** Nothing is followed before this: walls that come back after a start go first. */
  begins?: Promise<unknown>;
  /** Epoch ms; an argument so that tests can pass midnight. */
  now?: () => number;
  intervals?: Partial<HistoryIntervals>;
}): History {
  const { db, log, registry, chores = [], begins = Promise.resolve() } = options;
  const now = options.now ?? Date.now;
  const intervals = options.intervals ?? {};
  const projectors = new Map<string, Projector>();
  let term: AbortController | null = null;
  /** By which zone and start of day roll-ups are known to be keyed; in another's term they may become others. */
  const keyedBy = new Map<string, string>();
  /** After the facts, the reviews of calls, and what facts add up to; then, where thresholds or sectors have changed, under those in force. */
  const afterwards: Afterwards = async ({ tenantId, settings, now: at }) => {
    const calendar = `${settings.timeZone} ${settings.dayStartMinutes}`;
    if (keyedBy.get(tenantId) !== calendar) {
      if (await followCalendar(db, tenantId, settings)) log.info({ tenantId, calendar }, 'history:rekeyed');
      keyedBy.set(tenantId, calendar);
    }
    const moreScores = await takeScores(db, tenantId, settings);
    const { more } = await recomputeDue(db, tenantId, { settings, now: at });
    if (more) return true;
    await restampAll(db, tenantId, { settings, now, isOver: () => term === null });
    const contacts = await recountContacts(db, tenantId);
    return contacts.more || moreScores;
  };
  const onFailed = countFailedChores(registry);
  let tending: Promise<unknown> = Promise.resolve();

  const meetTenants = async (): Promise<void> => {
    const rows = await db.sql<{ id: string }[]>`select tenant_ids as id from tenant_ids()`;
    const ids = new Set(rows.map(({ id }) => id));
    for (const [id, projector] of projectors) {
      if (ids.has(id)) continue;
      projectors.delete(id);
      await projector.close();
    }
    for (const tenantId of ids) {
      if (projectors.has(tenantId) || term === null) continue;
      const started = startProjector({
        db,
        tenantId,
        log: log.child({ tenantId }),
        now,
        afterwards,
        intervals: intervals.feed ?? {},
      });
      projectors.set(tenantId, started);
    }
  };

  /** Looks after the tenants' projectors for as long as we lead. */
  const tend = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await meetTenants().catch((error: unknown) => log.warn({ err: error }, 'history:tenants_unknown'));
      await pause(intervals.tenantsMs ?? TENANTS_MS, undefined, { signal }).catch(() => {}); // Aborting cuts it short.
    }
  };

  const stop = async (): Promise<void> => {
    term?.abort();
    term = null;
    await tending;
    await Promise.all([...projectors.values()].map((projector) => projector.close()));
    projectors.clear();
  };

  const woken = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  const wakeGathered = (): void => {
    gathering = undefined;
    for (const tenantId of woken) projectors.get(tenantId)?.wake();
    woken.clear();
  };

  const leadership = standForLeader({
    directUrl: db.directUrl,
    office: 'history',
    log,
    onElected() {
      term = new AbortController();
      keyedBy.clear();
      const { signal } = term;
      const everyMs = intervals.choresMs;
      const ended = new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true });
      });
      tending = Promise.race([begins, ended]).then(() =>
        Promise.all([tend(signal), runChores({ db, chores, log, onFailed, now, signal, everyMs })]),
      );
    },
    onDeposed: stop,
    intervals: intervals.leader ?? {},
  });

  new Gauge({
    name: 'callboard_history_leading',
    help: '1 on the node that projects the log into history',
    registers: [registry],
    collect() {
      this.set(Number(leadership.isLeading()));
    },
  });
  new Gauge({
    name: 'callboard_history_lag_events',
    help: 'Events of all tenants together that are not in history yet, as the leader knows',
    registers: [registry],
    collect() {
      const behind = [...projectors.values()].map((one) =>
        Math.max(0, one.status().headSeq - one.status().seq),
      );
      this.set(behind.reduce((sum, events) => sum + events, 0));
    },
  });

  return {
    wake(tenantId) {
      if (tenantId === null) for (const id of projectors.keys()) woken.add(id);
      else if (projectors.has(tenantId)) woken.add(tenantId);
      if (woken.size > 0) gathering ??= setTimeout(wakeGathered, GATHER_MS);
    },
    health: (tenantId) => readHealth(db, tenantId, now()),
    async close() {
      await leadership.close();
      await stop();
      clearTimeout(gathering);
    },
  };
}

function readHealth(db: Database, tenantId: string, now: number): Promise<HistoryHealth> {
  return inTenant(db, tenantId, async (tx) => {
    const [row] = await tx<
      { seq: number; head: number; waiting: number | null; stale: number; different: number }[]
    >`
      select coalesce(taken.seq, 0)::float8 as seq, head.seq::float8 as head,
        (
          select (extract(epoch from next.recorded_at) * 1000)::float8 from call_events next
          where next.tenant_id = ${tenantId} and next.seq = coalesce(taken.seq, 0) + 1
            and next.recorded_at >= coalesce(taken.recorded_at, 'epoch')
        ) as waiting,
        (
          select count(*)::integer from history_days
          where history_days.tenant_id = ${tenantId} and stale_since is not null
        ) as stale,
        (
          select count(*)::integer from reconciliations
          where reconciliations.tenant_id = ${tenantId} and different > 0
        ) as different
      from event_heads head left join projection_checkpoints taken using (tenant_id)
      where head.tenant_id = ${tenantId}`;
    const { seq = 0, head = 0, waiting = null, stale = 0, different = 0 } = row ?? {};
    const lagMs = waiting === null ? 0 : Math.max(0, now - waiting);
    return { seq, headSeq: head, lagMs, staleDays: stale, differentDays: different };
  });
}
