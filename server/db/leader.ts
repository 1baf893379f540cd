import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import postgres, { type Sql } from 'postgres';
import { within } from './deadline.ts';

/**
 * One node at a time does what need not be done by all: the one that holds a session advisory lock on a connection of its own.
 * Leadership only saves work. Whoever leads may have lost the lock without knowing yet, so what it writes must bear a second
 * writer.
 *
 *   standing   asks for the lock every `askMs`
 *   leading    has it, and proves every `askMs` that the connection still lives; one that does not gives the lock up
 */
export interface Leadership {
  isLeading(): boolean;
  close(): Promise<void>;
}

export interface LeaderIntervals {
  askMs: number;
  /** A connection silent for so long is given up: with it went the lock. */
  answerMs: number;
}

export const LEADER_INTERVALS: LeaderIntervals = { askMs: 2_000, answerMs: 10_000 };

export function standForLeader(options: {
  directUrl: string;
  /** What is led: nodes that stand for the same meet. */
  office: string;
  log: Logger;
  onElected(): void;
  /** Awaited before the lock is asked for again. */
  onDeposed(): Promise<void>;
  intervals?: Partial<LeaderIntervals>;
}): Leadership {
  const { directUrl, office, log, onElected, onDeposed } = options;
  const { askMs, answerMs } = { ...LEADER_INTERVALS, ...options.intervals };
  const closing = new AbortController();
  let leading = false;

  const rest = (): Promise<unknown> => pause(askMs, undefined, { signal: closing.signal }).catch(() => {}); // Aborting cuts it short.

  /** Holds one connection until it fails or we close. */
  const serve = async (sql: Sql): Promise<void> => {
    while (!closing.signal.aborted) {
      if (leading) await within(sql`select 1`, answerMs);
      else {
        const [row] = await within(
          sql<{ held: boolean }[]>`
            select pg_try_advisory_lock(hashtextextended(${`callboard.${office}`}, 0)) as held`,
          answerMs,
        );
        if (row?.held && !closing.signal.aborted) {
          leading = true;
          log.info({ office }, 'leader:elected');
          onElected();
        }
      }
      await rest();
    }
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const sql = postgres(directUrl, {
        max: 1,
        fetch_types: false,
        connect_timeout: answerMs / 1_000,
        onnotice: () => {},
        connection: { application_name: `callboard ${office}` },
      });
      await serve(sql).catch((error: unknown) => log.warn({ err: error, office }, 'leader:connection_lost'));
      // First nothing more is done in its name, then another may have the lock.
      if (leading) await onDeposed();
      leading = false;
      await sql.end({ timeout: 0 }).catch(() => {}); // It may be gone already.
      await rest();
    }
  };

  const running = run();
  return {
    isLeading: () => leading,
    async close() {
      closing.abort();
      await running;
    },
  };
}
