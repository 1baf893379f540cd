import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  type CallsQuery,
  callsAnswer,
  callsQuery,
  callVisit,
  oneCall,
} from '../../../shared/contract/calls.ts';
import { id } from '../../../shared/contract/ids.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import type { Access } from '../../access/access.ts';
import { sightOf } from '../../access/principal.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { AppError } from '../../http/errors.ts';
import { refusal } from '../asked.ts';
import { createCentres } from '../centre.ts';
import { directoryOf } from './directory.ts';
import { expectWhole, sendList } from './listFile.ts';
import { readCall } from './oneCall.ts';
import { searchOf } from './search.ts';
import { isoOrNull, shownVisit } from './shown.ts';
import { parseVisitCursor, visitCursor } from './visitCursor.ts';
import { visitRules } from './visitRules.ts';
import { type ListedVisit, readVisits } from './visits.ts';

const PAGE = 100;

/** `/calls`: visits by what is written on them, newest first, as JSON a page at a time or as CSV whole; and one call. */
export const callRoutes: FastifyPluginAsyncZod<{ access: Pick<Access, 'guard'>; db: Database }> = async (
  app,
  { access, db },
) => {
  const onRequest = access.guard('analytics:read');
  const tags = ['analytics'];
  const centres = createCentres(db);

  const read = async ({ principal }: FastifyRequest, query: CallsQuery) => {
    const { tenantId } = principal;
    const directory = await directoryOf(await centres.read(tenantId));
    const rules = visitRules(directory.settings, Date.now(), query);
    return { tenantId, directory, rules, sight: sightOf(principal) };
  };

  const sendAll = async (request: FastifyRequest, reply: FastifyReply, query: CallsQuery) => {
    expectWhole(query);
    const { tenantId, directory, rules, sight } = await read(request, query);
    const { filter } = await inTenant(db, tenantId, (tx) => searchOf(tx, tenantId, query, sight, directory));
    return sendList<ListedVisit>(
      reply,
      { name: 'calls.csv', shape: callVisit },
      (after, limit) =>
        inTenant(db, tenantId, (tx) => readVisits(tx, tenantId, { filter, after, limit }, rules)),
      (visit) => shownVisit(visit, directory),
    );
  };

  app.get(
    '/calls',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Visits by what is written on them, newest first; all of them as text/csv',
        querystring: callsQuery,
        response: { 200: callsAnswer },
      },
    },
    async (request, reply) => {
      const { query } = request;
      // Somebody who accepts anything gets JSON.
      if (request.headers.accept?.includes('text/csv')) return sendAll(request, reply, query);
      const after = query.cursor === undefined ? null : parseVisitCursor(query.cursor);
      if (query.cursor !== undefined && after === null) throw refusal('cursor', 'must be one this list gave');
      const limit = query.limit ?? PAGE;
      const { tenantId, directory, rules, sight } = await read(request, query);
      const { visits, period, seq } = await inTenant(db, tenantId, async (tx) => {
        const { filter, period } = await searchOf(tx, tenantId, query, sight, directory);
        const [[checkpoint], visits] = await Promise.all([
          tx<{ seq: number }[]>`select seq::float8 from projection_checkpoints where tenant_id = ${tenantId}`,
          readVisits(tx, tenantId, { filter, after, limit: limit + 1 }, rules),
        ]);
        return { visits, period, seq: checkpoint?.seq ?? 0 };
      });
      const shown = visits.slice(0, limit);
      const last = visits.length > limit ? shown.at(-1) : undefined;
      const { from, to, timeZone } = period;
      return {
        data: shown.map((visit) => shownVisit(visit, directory)),
        meta: {
          seq,
          nextCursor: last ? visitCursor(last) : null,
          from: isoOrNull(from),
          to: isoOrNull(to),
          timeZone,
        },
      };
    },
  );

  app.get(
    '/calls.csv',
    {
      onRequest,
      schema: {
        tags,
        summary: 'The same as CSV, all of it',
        produces: ['text/csv'],
        querystring: callsQuery,
      },
    },
    async (request, reply) => sendAll(request, reply, request.query),
  );

  app.get(
    '/calls/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'One call: its way over queues and agents, its facts, its raw events',
        params: z.object({ id }),
        response: { 200: envelope(oneCall) },
      },
    },
    async ({ principal, params }) => {
      const { tenantId } = principal;
      const directory = await directoryOf(await centres.read(tenantId));
      const seen = { sight: sightOf(principal), directory, now: Date.now() };
      const data = await readCall(db, tenantId, params.id, seen);
      if (data === null) throw new AppError('not_found');
      return { data };
    },
  );
};
