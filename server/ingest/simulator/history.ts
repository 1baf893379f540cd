import { setImmediate as breathe } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { IngestEvent } from '../../../shared/contract/events.ts';
import type { Database } from '../../db/connect.ts';
import type { Ingest } from '../ingest.ts';
import type { DemoDay } from './calendar.ts';
import { demoDayAt } from './clock.ts';
import { tellInSlices } from './day.ts';
import { isTold } from './demoTenant.ts';

/** Events in one request: as many as any client may send. */
export const BATCH = 1_000;
/** After each batch, as long a pause as it took: half of the log, and of the machine, is left to what happens now. */
const SHARE_LEFT = 1;
/** Sleep is cut into pieces, so that a laptop that was closed catches up at once. */
export const LONGEST_SLEEP_MS = 1_000;

/**
 * Tells the whole days before one, the oldest first, so that who counts them has each day's events together and in
 * order; one day in memory at a time, beside whatever is told live. A day that is in the log is not told again, so it
 * may be stopped and started at any moment.
 */
export async function tellPast(options: {
  db: Database;
  ingest: Pick<Ingest, 'append'>;
  log: Logger;
  tenantId: string;
  seed: string;
  timeZone: string;
  /** An instant of today, epoch ms; how many days before today it begins, and the first that is told live. */
  today: number;
  pastDays: number;
  /** Start of the day up to which it tells, epoch ms. */
  until: number;
  now: () => number;
  /** Resolves at once when it is to stop. */
  sleep(ms: number): Promise<void>;
  isOver(): boolean;
}): Promise<void> {
  const { db, log, tenantId, seed, timeZone, now, sleep, isOver } = options;
  const days: (DemoDay & { start: number })[] = [];
  for (let offset = -options.pastDays; offset < 0; offset++) {
    const day = demoDayAt(seed, timeZone, options.today, offset);
    if (day.start >= options.until) break;
    if (!(await isTold(db, tenantId, day))) days.push(day);
    if (isOver()) return;
  }
  if (days.length === 0) return;
  log.info({ tenantId, days: days.length }, 'demo:past_begun');
  const began = performance.now();
  let told = 0;

  const tell = async (events: readonly IngestEvent[]): Promise<void> => {
    for (let from = 0; from < events.length && !isOver(); ) {
      const upTo = events.findIndex(({ occurredAt }, place) => place >= from && occurredAt > now());
      const batch = events.slice(from, Math.min(from + BATCH, upTo === -1 ? events.length : upTo));
      const asked = performance.now();
      if (batch.length > 0) await options.ingest.append(tenantId, { events: batch });
      from += batch.length;
      // Yesterday's last calls may still be on, just after midnight.
      const untilNext = batch.length > 0 ? 0 : (events[from]?.occurredAt ?? 0) - now();
      const rest = (performance.now() - asked) * SHARE_LEFT;
      await sleep(Math.max(1, rest, Math.min(untilNext, LONGEST_SLEEP_MS)));
    }
  };

  for (const [place, day] of days.entries()) {
    const events = await calmly(day);
    if (isOver()) return;
    await tell(events);
    if (isOver()) return;
    told += events.length;
    const date = new Date(day.number * 86_400_000).toISOString().slice(0, 10);
    log.info({ tenantId, date, events: events.length, daysLeft: days.length - place - 1 }, 'demo:day_told');
  }
  const seconds = Math.round((performance.now() - began) / 1_000);
  log.info({ tenantId, days: days.length, events: told, seconds }, 'demo:past_told');
}

/** A day, told without keeping everybody else on this thread waiting. */
export async function calmly(day: DemoDay): Promise<IngestEvent[]> {
  const telling = tellInSlices(day);
  for (;;) {
    const { done, value } = telling.next();
    if (done) return value;
    await breathe();
  }
}
