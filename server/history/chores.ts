import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { loadSettings } from '../live/liveSettings.ts';
import { localDayOf } from '../log/localDay.ts';

/**
 * What the leader does for every tenant now and then, beside following its log. Chores of a rhythm run one after another, the
 * two rhythms beside each other, so that a long night holds up nothing that is due every few minutes. A chore may be stopped
 * anywhere, and may run twice: on a node that has lost its leadership without knowing, or again where it failed.
 */
export interface Chore {
  /** Names it in the log, in metrics and in `chores_done`. */
  name: string;
  /** Nightly: once for every local day of the tenant, when it has ended, or at the next start. Else every few minutes. */
  rhythm: 'nightly' | 'minutes';
  run(of: ChoreOf): Promise<void>;
}

export interface ChoreOf {
  db: Database;
  tenantId: string;
  settings: LiveSettings;
  /** Epoch ms. */
  now: () => number;
  log: Logger;
  /** Whoever runs for long asks, and stops where it says so: another node may be leading. */
  isOver: () => boolean;
}

/** By then what happened before midnight is in the facts, as a rule. */
const AFTER_MIDNIGHT_MS = 5 * 60_000;
const MINUTES_MS = 3 * 60_000;
/** How often it is looked whether a night has passed; a nightly chore that failed is tried again as often. */
const NIGHT_LOOK_MS = 10 * 60_000;

/** Runs `chores` for every tenant until `signal`; resolves when the last has stopped. Without any of them it just returns. */
export async function runChores(options: {
  db: Database;
  chores: readonly Chore[];
  log: Logger;
  /** Counts a chore that failed, by name. */
  onFailed(name: string): void;
  now: () => number;
  signal: AbortSignal;
  /** How often chores of either rhythm are looked at, in ms. */
  everyMs?: number | undefined;
}): Promise<void> {
  const { chores, signal, everyMs } = options;
  const lane = async (rhythm: Chore['rhythm'], ms: number): Promise<void> => {
    const own = chores.filter((chore) => chore.rhythm === rhythm);
    while (own.length > 0 && !signal.aborted) {
      await round({ ...options, chores: own });
      await pause(everyMs ?? ms, undefined, { signal }).catch(() => {}); // Aborting cuts it short.
    }
  };
  await Promise.all([lane('minutes', MINUTES_MS), lane('nightly', NIGHT_LOOK_MS)]);
}

export function countFailedChores(registry: Registry): (name: string) => void {
  const failed = new Counter({
    name: 'callboard_chores_failed_total',
    help: 'Chores of the leader that failed, by name',
    labelNames: ['chore'],
    registers: [registry],
  });
  return (chore) => failed.inc({ chore });
}

type RoundOptions = Parameters<typeof runChores>[0];

/** Every chore that is due, of every tenant. */
async function round({ db, chores, log, onFailed, now, signal }: RoundOptions): Promise<void> {
  const tenants = await db.sql<{ id: string }[]>`select tenant_ids() as id`.catch((error: unknown) => {
    log.warn({ err: error }, 'chores:tenants_unknown');
    return [];
  });
  const isOver = () => signal.aborted;
  for (const { id: tenantId } of tenants) {
    for (const chore of chores) {
      if (signal.aborted) return;
      const own = log.child({ tenantId, chore: chore.name });
      try {
        const { settings } = await loadSettings(db, tenantId);
        const began = now();
        if (chore.rhythm === 'nightly' && !(await isNightDue(db, tenantId, chore.name, settings, began)))
          continue;
        await chore.run({ db, tenantId, settings, now, log: own, isOver });
        if (chore.rhythm === 'nightly' && !signal.aborted) await noteDone(db, tenantId, chore.name, began);
      } catch (error) {
        onFailed(chore.name);
        own.warn({ err: error }, 'chore:failed');
      }
    }
  }
}

/** Whether a local day has ended since the chore last began. */
async function isNightDue(
  db: Database,
  tenantId: string,
  name: string,
  { timeZone, dayStartMinutes }: LiveSettings,
  now: number,
): Promise<boolean> {
  const night = localDayOf(now - AFTER_MIDNIGHT_MS, timeZone, dayStartMinutes).start + AFTER_MIDNIGHT_MS;
  const rows = await inTenant(
    db,
    tenantId,
    (tx) => tx`
      select from chores_done
      where tenant_id = ${tenantId} and name = ${name} and began_at >= ${new Date(night)}`,
  );
  return rows.length === 0;
}

/** Of a tenant that was deleted meanwhile nothing is noted. */
async function noteDone(db: Database, tenantId: string, name: string, began: number): Promise<void> {
  await inTenant(
    db,
    tenantId,
    (tx) => tx`
      insert into chores_done (tenant_id, name, began_at)
      select id, ${name}, ${new Date(began)} from tenants where id = ${tenantId}
      on conflict (tenant_id, name) do update set began_at = excluded.began_at`,
  );
}
