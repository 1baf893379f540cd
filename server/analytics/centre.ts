import type { TransactionSql } from 'postgres';
import type { LiveSettings } from '../../shared/contract/settings.ts';
import { type Database, readInTenant } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import { loadSettings } from '../live/liveSettings.ts';
import type { Calendar } from './calendar.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { type People, peopleOf } from './people.ts';

/** A tenant as history is read by: what it decided, how far its log has been taken in, who its agents are. */
export interface Centre {
  tenantId: string;
  settings: LiveSettings;
  calendar: Calendar;
  checkpoint: Checkpoint;
  people(): Promise<People>;
}

export interface Checkpoint {
  /** Move with every change of settings, and of a roll-up or review. */
  settingsVersion: number;
  version: number;
  /** The log has been taken in up to here, and reaches to there. */
  seq: number;
  headSeq: number;
  /** When the last event taken in was recorded, in epoch ms; null where none was. */
  recordedAt: number | null;
  /**
   * From when on facts are kept, in epoch ms. Not a move of `version`: whoever writes facts holds the checkpoint and asks for the
   * marks, others hold the marks and move the checkpoint, so that nobody can move both at once.
   */
  factsSince: number;
  /** The thresholds every roll-up is stamped with. */
  stamped: string;
  /** The sectors by which first contacts are counted: see server/history/rollUps/recountContacts.ts. */
  sectors: string;
}

export interface Centres {
  read(tenantId: string): Promise<Centre>;
}

/** Tenants whose settings and names are kept; more than this are read again each time. */
const KEPT_LIMIT = 200;

interface Kept<T> {
  version: string;
  value: Promise<T>;
}

/**
 * What a tenant decided and who its agents are is kept as long as its versions stand still, for they are read with every
 * answer and seldom change.
 */
export function createCentres(db: Database): Centres {
  const settingsKept = new Map<string, Kept<LiveSettings>>();
  const peopleKept = new Map<string, Kept<People>>();

  return {
    async read(tenantId) {
      const { checkpoint, weekStart } = await readCheckpoint(db, tenantId);
      const { settingsVersion, version } = checkpoint;
      const settings = await keep(settingsKept, tenantId, String(settingsVersion), async () => {
        const loaded = await loadSettings(db, tenantId);
        return loaded.settings;
      });
      const { timeZone, dayStartMinutes } = settings;
      return {
        tenantId,
        settings,
        calendar: { timeZone, dayStartMinutes, weekStart },
        checkpoint,
        people: () =>
          keep(peopleKept, tenantId, `${settingsVersion}/${version}`, async () =>
            peopleOf(await readInTenant(db, tenantId, (tx) => readNames(tx, tenantId)), settings),
          ),
      };
    },
  };
}

/** Queues have moved since first contacts were counted by their sectors. */
export function areContactsBehind({ settings, checkpoint }: Centre): boolean {
  return checkpoint.sectors !== fingerprintsOf(settings).sectors;
}

function keep<T>(
  kept: Map<string, Kept<T>>,
  tenantId: string,
  version: string,
  read: () => Promise<T>,
): Promise<T> {
  const known = kept.get(tenantId);
  if (known?.version === version) return known.value;
  const value = read();
  const entry = { version, value };
  kept.delete(tenantId);
  const [oldest] = kept.keys();
  if (kept.size >= KEPT_LIMIT && oldest !== undefined) kept.delete(oldest);
  kept.set(tenantId, entry);
  // What could not be read is asked for again.
  value.catch(() => {
    if (kept.get(tenantId) === entry) kept.delete(tenantId);
  });
  return value;
}

async function readCheckpoint(
  { sql }: Database,
  tenantId: string,
): Promise<{ checkpoint: Checkpoint; weekStart: number }> {
  const [row] = await sql<(Checkpoint & { weekStart: number })[]>`
    select settings_version as "settingsVersion", week_start as "weekStart", version, seq, head_seq as "headSeq", stamped, sectors,
      facts_since as "factsSince", recorded_at as "recordedAt"
    from history_checkpoint(${tenantId})`;
  if (!row) throw new AppError('not_found');
  const { weekStart, ...checkpoint } = row;
  return { checkpoint, weekStart };
}

function readNames(tx: TransactionSql, tenantId: string) {
  return tx<{ name: string; rank: number }[]>`
    select name, rank from agent_names where tenant_id = ${tenantId}`;
}
