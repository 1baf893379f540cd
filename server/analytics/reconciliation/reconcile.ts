import { setTimeout as pause } from 'node:timers/promises';
import { thresholdsFingerprint } from '../../../shared/metrics/thresholds.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { BUILD_REACH_MS, buildState, FOLLOW_MS } from '../../log/build.ts';
import type { LocalDay } from '../../log/localDay.ts';
import { countUpTo } from '../../log/readLog.ts';
import type { Centre } from '../centre.ts';
import { agrees, compareSheets, type Row } from './compare.ts';
import { factsSheet, historySheet, namedOn } from './historyDay.ts';
import { liveSheet, settleDay } from './liveDay.ts';
import { isSame, type Position, readPosition } from './position.ts';
import { recountDay } from './recount/recountDay.ts';
import { rulesFingerprint } from './rules.ts';
import type { Sheet } from './sheet.ts';

/** Proves of one local day that live, history and a recount of the log say the same [R1]. */

/** Of the four days of log that are read for one: beyond this neither time nor memory is bounded. */
const EVENTS_LIMIT = 3_000_000;
/** History is behind for moments only; whoever waits longer asks again. */
const TRIES = 5;
const TRY_MS = 400;

export type Reconciled = Proof | Unsettled;

export interface Proof {
  isSettled: true;
  day: LocalDay;
  /** When its last visit ended or was closed [V10]; epoch ms. */
  settledAt: number;
  auditedAt: number;
  revision: number;
  /** Under which settings: see rules.ts. */
  rules: string;
  /** Everything is as of this place in the log. */
  seq: number;
  visits: number;
  compared: number;
  rows: Row[];
}

/** `settlesAt`: epoch ms, as far as is known now; null where history has to catch up first. */
export interface Unsettled {
  isSettled: false;
  day: LocalDay;
  settlesAt: number | null;
}

export interface ReconcileOptions {
  db: Database;
  centre: Centre;
  day: LocalDay;
  /** Epoch ms. */
  now: number;
  /** Only rows that differ, or every one. */
  keeps: 'differences' | 'all';
  isOver?: () => boolean;
}

export async function reconcile(options: ReconcileOptions): Promise<Reconciled> {
  const { db, centre, day, now, isOver = () => false } = options;
  const { tenantId, settings } = centre;
  if (now < day.end) return { isSettled: false, day, settlesAt: day.end };
  const until = Math.min(now, day.end + FOLLOW_MS - 1);
  const since = day.start - BUILD_REACH_MS;
  await refuseTooMany(db, tenantId, since, until);

  const past = await readPast(options);
  if (past === null) return { isSettled: false, day, settlesAt: null };
  const { seq, revision } = past.position;
  const state = await buildState(db, tenantId, {
    settings,
    dayStart: day.start,
    until,
    seq,
    isOver,
    keepsTimelines: true,
  });
  if (!state) throw new AppError('overloaded', { message: 'The server is stopping.' });
  const settled = await settleDay(state, day, settings, day.end + FOLLOW_MS);
  const { settledAt, unended } = settled;
  if (settledAt > now) return { isSettled: false, day, settlesAt: settledAt };
  const live = await liveSheet(state, settings, day, settled, until);
  const range = { since, until, seq };
  const recount = await recountDay(db, tenantId, { day, range, asOf: settledAt, settings, unended });
  // Events that were taken back meanwhile are in some of the columns only.
  const after = await inTenant(db, tenantId, (tx) => readPosition(tx, tenantId, day, now));
  if (after.logEpoch !== past.position.logEpoch) return { isSettled: false, day, settlesAt: null };

  const rows: Row[] = [];
  let compared = 0;
  for (const row of compareSheets({ live, history: past.history, facts: past.facts, recount })) {
    compared++;
    if (options.keeps === 'all' || row.of === 'total' || !agrees(row)) rows.push(row);
  }
  const { visits } = recount;
  return {
    isSettled: true,
    day,
    settledAt,
    auditedAt: now,
    revision: revision ?? 0,
    rules: rulesFingerprint(settings),
    seq,
    visits,
    compared,
    rows,
  };
}

interface Past {
  position: Position;
  history: Sheet;
  facts: Sheet;
}

/** Roll-ups and facts as of one moment; null where history does not stand still for one. */
async function readPast({ db, centre, day, now, isOver }: ReconcileOptions): Promise<Past | null> {
  const { tenantId, settings } = centre;
  for (let tried = 0; tried < TRIES && !isOver?.(); tried++) {
    if (tried > 0) await pause(TRY_MS);
    const read = await inTenant(db, tenantId, async (tx): Promise<Past | null> => {
      const position = await readPosition(tx, tenantId, day, now);
      if (position.isBehind || position.settingsVersion !== centre.checkpoint.settingsVersion) return null;
      // Until roll-ups are stamped with a threshold beyond what histograms hold exactly they are not what it is compared to.
      if (position.stamped !== thresholdsFingerprint(settings)) return null;
      const named = await namedOn(tx, tenantId, day);
      const ids = [...new Set([...settings.queues.keys(), ...named.queues])].sort();
      const history = await historySheet(tx, centre, day, ids, now);
      const facts = await factsSheet(tx, centre, day, { ids, identities: named.agents, now });
      const isWhole = isSame(position, await readPosition(tx, tenantId, day, now));
      return isWhole ? { position, history, facts } : null;
    });
    if (read !== null) return read;
  }
  return null;
}

async function refuseTooMany(db: Database, tenantId: string, since: number, until: number): Promise<void> {
  const limit = EVENTS_LIMIT + 1;
  const events = await countUpTo(db, tenantId, { since, until: until + 1, limit });
  if (events <= EVENTS_LIMIT) return;
  const message = `has more than ${EVENTS_LIMIT.toLocaleString('en')} events in the four days around it`;
  throw new AppError('bad_request', { issues: [{ path: 'date', message }] });
}
