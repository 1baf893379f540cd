import type { TransactionSql } from 'postgres';
import type { HistoryMeta } from '../../shared/contract/analytics.ts';
import type { Sight } from '../access/principal.ts';
import { type Database, inTenant, readInTenant } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import { type Calendar, type DayRange, dayRange } from './calendar.ts';
import type { Centre } from './centre.ts';
import { isoOf } from './isoOf.ts';

export { isoOf };

/** What every question of history is answered from: whose it is, who asks, and when (epoch ms). */
export interface Asked {
  db: Database;
  centre: Centre;
  sight: Sight;
  now: number;
  /** What is asked first in a transaction that is opened to answer, if anything: see `askBeside`. */
  onOpened?: (tx: TransactionSql) => Promise<unknown> | undefined;
}

type Question<T> = (tx: TransactionSql) => Promise<T>;

export interface RangeQuery {
  startDate: string;
  endDate: string;
  timeZone?: string | undefined;
}

/** A page of a list, and what the next one is asked for with; null on the last. */
export interface Page<T> {
  rows: T[];
  nextCursor: string | null;
}

export function ask<T>(asked: Asked, question: Question<T>): Promise<T> {
  return inTenant(asked.db, asked.centre.tenantId, opening(asked, question));
}

/** As `ask`, of some thousand rows: see `readInTenant`. */
export function askAlone<T>(asked: Asked, question: Question<T>): Promise<T> {
  return readInTenant(asked.db, asked.centre.tenantId, opening(asked, question));
}

/** As `askAlone`, of facts, too, which are locked against being removed meanwhile; how many they are is for each plan to see. */
export function askAtOnce<T>(asked: Asked, question: Question<T>): Promise<T> {
  const alone = async (tx: TransactionSql) => {
    // Sent ahead without waiting for it: a connection keeps the order.
    const set = tx`select set_config('max_parallel_workers_per_gather', '0', true)`.execute();
    const [answer] = await Promise.all([opening(asked, question)(tx), set]);
    return answer;
  };
  return inTenant(asked.db, asked.centre.tenantId, alone, 'isolation level repeatable read');
}

function opening<T>({ onOpened }: Asked, question: Question<T>): Question<T> {
  return async (tx) => {
    const beside = onOpened?.(tx);
    if (beside === undefined) return question(tx);
    // What fails first takes the others of its transaction with it, and is what is to be said.
    const [answer] = await Promise.all([question(tx), beside]);
    return answer;
  };
}

/**
 * A short question beside those that `asking` will ask: in the first transaction of theirs, for one of its own would take longer
 * than its answer. `answer` is for when they have been asked.
 */
export function askBeside<T>(asked: Asked, question: Question<T>): { asking: Asked; answer(): Promise<T> } {
  let answer: Promise<T> | null = null;
  const onOpened = (tx: TransactionSql) => {
    if (answer !== null) return undefined;
    answer = question(tx);
    // With the others, which may be asked once more.
    answer.catch(() => {
      answer = null;
    });
    return answer;
  };
  return { asking: { ...asked, onOpened }, answer: () => answer ?? askAlone(asked, question) };
}

/** The days asked for, by the clock they are asked for in. */
export function rangeOf({ calendar }: Centre, query: RangeQuery): { range: DayRange; calendar: Calendar } {
  const asked = query.timeZone === undefined ? calendar : { ...calendar, timeZone: query.timeZone };
  return { range: dayRange(query.startDate, query.endDate, asked), calendar: asked };
}

/** Up to when everything recorded has been taken in, in epoch ms. */
export function takenInUntil({ centre: { checkpoint }, now }: Asked): number {
  const isBehind = checkpoint.seq < checkpoint.headSeq;
  return isBehind ? Math.min(now, checkpoint.recordedAt ?? 0) : now;
}

export function metaOf(asked: Asked, query: RangeQuery, recounting: boolean): HistoryMeta {
  const { checkpoint, calendar } = asked.centre;
  const { recordedAt, seq } = checkpoint;
  const { startDate, endDate, timeZone = calendar.timeZone } = query;
  return {
    seq,
    freshness: { at: recordedAt === null ? null : isoOf(recordedAt), lagMs: asked.now - takenInUntil(asked) },
    recounting,
    range: { startDate, endDate, timeZone },
  };
}

/** The first `limit` of what comes after the cursor, of a list in the order of ids. */
export function pageOf<T>(
  items: readonly T[],
  { cursor, limit }: { cursor?: string | undefined; limit: number },
  idOf: (item: T) => string,
): Page<T> {
  const rest = cursor === undefined ? items : items.filter((item) => idOf(item) > cursor);
  const rows = rest.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: rest.length > limit && last !== undefined ? idOf(last) : null };
}

export function refusal(path: string, message: string): AppError {
  return new AppError('bad_request', { issues: [{ path, message }] });
}
