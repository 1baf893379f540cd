import type { LiveSettings } from '../../shared/contract/settings.ts';
import type { Database } from '../db/connect.ts';
import { AppError } from '../http/errors.ts';
import { buildState } from '../log/build.ts';
import { localDayOf } from '../log/localDay.ts';
import { readHead } from '../log/readLog.ts';
import type { LiveView } from './engine.ts';

/**
 * Live numbers of a past instant, from the log through the same code [L14]: every event that occurred until then,
 * late ones included, under today's settings. One replay a tenant at a time, for each reads up to three days.
 */
export interface Replays {
  /** The state as of `asOf` (epoch ms). Throws too_many_requests while another of the tenant is running. */
  at(tenantId: string, asOf: number, settings: LiveSettings): Promise<LiveView>;
  close(): void;
}

export function createReplays(db: Database): Replays {
  const running = new Set<string>();
  let closed = false;
  return {
    async at(tenantId, asOf, settings) {
      if (running.has(tenantId)) {
        throw new AppError('too_many_requests', {
          message: 'Another question about the past is being answered; one at a time.',
          retryAfterSeconds: 1,
        });
      }
      running.add(tenantId);
      try {
        const { seq } = await readHead(db, tenantId);
        const state = await buildState(db, tenantId, {
          settings,
          dayStart: localDayOf(asOf, settings.timeZone, settings.dayStartMinutes).start,
          until: asOf,
          seq,
          isOver: () => closed,
        });
        if (!state) throw new AppError('overloaded', { message: 'The server is stopping.' });
        return { state, settings, seq, lastWeek: null };
      } finally {
        running.delete(tenantId);
      }
    },
    close() {
      closed = true;
    },
  };
}
