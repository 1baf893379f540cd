import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { HEALTH_DAYS_LIMIT, healthQuery, healthRow } from '../../../shared/contract/importerHealth.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import type { Access } from '../../access/access.ts';
import { sightOf } from '../../access/principal.ts';
import type { Database } from '../../db/connect.ts';
import { refusal } from '../asked.ts';
import { createCentres } from '../centre.ts';
import { queueScope } from '../scope.ts';
import { readHealth } from './health.ts';

/** `/importer-health`: how well sources told of each local day. */
export const importerHealthRoutes: FastifyPluginAsyncZod<{
  access: Pick<Access, 'guard'>;
  db: Database;
}> = async (app, { access, db }) => {
  const centres = createCentres(db);

  app.get(
    '/importer-health',
    {
      onRequest: access.guard('analytics:read'),
      schema: {
        tags: ['analytics'],
        summary: 'Gaps, duplicates, rejections, calls nobody ended, clocks, by source and day',
        querystring: healthQuery,
        response: { 200: envelope(z.array(healthRow)) },
      },
    },
    async ({ principal, query }) => {
      const { startDate, endDate } = query;
      const days = DateTime.fromISO(endDate).diff(DateTime.fromISO(startDate), 'days').days;
      if (days < 0) throw refusal('endDate', 'must not be before startDate');
      if (days >= HEALTH_DAYS_LIMIT)
        throw refusal('endDate', `must be less than ${HEALTH_DAYS_LIMIT} days after startDate`);
      const { tenantId } = principal;
      const centre = await centres.read(tenantId);
      const queues = queueScope(centre, sightOf(principal), { queue: [], sector: [] });
      return { data: await readHealth(db, tenantId, query, queues) };
    },
  );
};
