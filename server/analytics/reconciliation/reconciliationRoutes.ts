import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  RECONCILIATION_DAYS_LIMIT,
  type Reconciliation,
  reconciliation,
  reconciliationQuery,
  reconciliationsQuery,
  storedReconciliation,
} from '../../../shared/contract/reconciliation.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import type { Access } from '../../access/access.ts';
import { sightOf, WHOLE_SIGHT } from '../../access/principal.ts';
import type { Database } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { isoOf, refusal } from '../asked.ts';
import { dayRange, daysBetween } from '../calendar.ts';
import { createCentres } from '../centre.ts';
import { agrees } from './compare.ts';
import { dayOf } from './dayOf.ts';
import { reconcile } from './reconcile.ts';
import { readStored, shown } from './stored.ts';

/** A day is days of log to read, and a core for seconds: so many at once on a node, and one a tenant. */
const AT_ONCE = 2;

/**
 * Whether live, history and the log agree [R1]: what the audit has found, for everybody who reads figures; and a
 * day proven now, for those who decide how they are counted: it costs a node seconds of work, and shows every queue and
 * agent.
 */
export const reconciliationRoutes: FastifyPluginAsyncZod<{
  db: Database;
  access: Pick<Access, 'guard'>;
  now?: () => number;
}> = async (app, { db, access, now = Date.now }) => {
  const centres = createCentres(db);
  const running = new Set<string>();
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  const tags = ['analytics'];

  app.get(
    '/analytics/reconciliations',
    {
      onRequest: access.guard('analytics:read'),
      schema: {
        tags,
        summary: 'Whether live, history and the log agree, as found of every day',
        querystring: reconciliationsQuery,
        response: { 200: envelope(z.array(storedReconciliation)) },
      },
    },
    async ({ principal, query: { startDate, endDate } }) => {
      const span = daysBetween(startDate, endDate);
      if (span < 0) throw refusal('endDate', 'must not be before startDate');
      if (span >= RECONCILIATION_DAYS_LIMIT)
        throw refusal('endDate', `must be less than ${RECONCILIATION_DAYS_LIMIT} days after startDate`);
      const centre = await centres.read(principal.tenantId);
      const range = dayRange(startDate, endDate, centre.calendar);
      return { data: await readStored(db, centre, sightOf(principal), range, now()) };
    },
  );

  app.get(
    '/analytics/reconciliation',
    {
      onRequest: access.guard('settings:manage'),
      schema: {
        tags,
        summary: 'Compares live, history and a recount of one day, now',
        querystring: reconciliationQuery,
        response: { 200: envelope(reconciliation) },
      },
    },
    async ({ principal: { tenantId }, query: { date, rows: keeps } }) => {
      if (running.has(tenantId)) {
        const message = 'Another day is being proven; one at a time.';
        throw new AppError('too_many_requests', { message, retryAfterSeconds: 5 });
      }
      if (running.size >= AT_ONCE) throw new AppError('overloaded', { retryAfterSeconds: 10 });
      running.add(tenantId);
      try {
        return { data: await prove(tenantId, date, keeps) };
      } finally {
        running.delete(tenantId);
      }
    },
  );

  async function prove(
    tenantId: string,
    date: string,
    keeps: 'differences' | 'all',
  ): Promise<Reconciliation> {
    const centre = await centres.read(tenantId);
    const at = now();
    const day = await dayOf(db, centre, date, at);
    const found = await reconcile({ db, centre, day, now: at, keeps, isOver: () => isClosing });
    if (!found.isSettled) return unsettled(date, found.settlesAt);
    const people = await centre.people();
    const { rows, settledAt, auditedAt, seq, visits, compared } = found;
    const different = rows.filter((row) => !agrees(row)).length;
    return {
      date,
      state: different === 0 ? 'proven' : 'different',
      settledAt: isoOf(settledAt),
      settlesAt: null,
      auditedAt: isoOf(auditedAt),
      seq,
      visits,
      compared,
      different,
      rows: rows.flatMap((row) => shown(row, centre, people, WHOLE_SIGHT) ?? []),
    };
  }
};

function unsettled(date: string, settlesAt: number | null): Reconciliation {
  return {
    date,
    state: settlesAt === null ? 'waiting' : 'unsettled',
    settledAt: null,
    settlesAt: settlesAt === null ? null : isoOf(settlesAt),
    auditedAt: null,
    seq: null,
    visits: 0,
    compared: 0,
    different: 0,
    rows: [],
  };
}
