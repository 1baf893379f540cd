import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { dashboardAnswer, dashboardQuery } from '../../../shared/contract/dashboard.ts';
import type { Access } from '../../access/access.ts';
import { sightOf } from '../../access/principal.ts';
import type { Database } from '../../db/connect.ts';
import { sendKept } from '../answer.ts';
import { type AnswerCache, createAnswerCache } from '../answerCache.ts';
import { ask } from '../asked.ts';
import { createCentres } from '../centre.ts';
import { dashboard, dashboardPeriods } from './dashboard.ts';
import { scorecardsMadeAt } from './scorecards.ts';

/** `/analytics/dashboard`: a front page in one request, kept while nothing of it has changed. */
export const dashboardRoutes: FastifyPluginAsyncZod<{
  db: Database;
  access: Pick<Access, 'guard'>;
  cache?: AnswerCache;
  now?: () => number;
}> = async (app, { db, access, cache = createAnswerCache(), now = Date.now }) => {
  const centres = createCentres(db);

  app.get(
    '/analytics/dashboard',
    {
      onRequest: access.guard('analytics:read'),
      schema: {
        tags: ['analytics'],
        summary: 'What a manager looks at first: today, yesterday, 7 and 30 days, sectors, queues, agents',
        querystring: dashboardQuery,
        response: { 200: dashboardAnswer },
      },
    },
    async (request, reply) => {
      const { principal } = request;
      const centre = await centres.read(principal.tenantId);
      const asked = { db, centre, sight: sightOf(principal), now: now() };
      const { today, last30Days } = dashboardPeriods(centre.calendar, asked.now);
      const days = { startDate: last30Days.range.startDate, endDate: today.range.endDate };
      const scorecardsAt = await ask(asked, scorecardsMadeAt);
      // Neither moves with anything else, and a quarter of an hour of a day need not be one of the clock.
      const beside = JSON.stringify([scorecardsAt, today.compared.to]);
      const question = { route: 'dashboard', query: days, beside };
      return sendKept(request, reply, { cache, asked, question }, () => dashboard(asked, scorecardsAt));
    },
  );
};
