import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  type CallsQuery,
  type CallVisit,
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
import { sendCsv } from '../../http/csv.ts';
import { AppError } from '../../http/errors.ts';
import { refusal } from '../asked.ts';
import { createCentres } from '../centre.ts';
import { type Directory, directoryOf } from './directory.ts';
import { readCall } from './oneCall.ts';
import { searchOf } from './search.ts';
import { isoOrNull, shownVisit } from './shown.ts';
import { parseVisitCursor, visitCursor } from './visitCursor.ts';
import type { VisitFilter } from './visitFilter.ts';
import { type VisitRules, visitRules } from './visitRules.ts';
import { readVisits, type VisitPlace } from './visits.ts';

const PAGE = 100;
const PAGE_OF_EXPORT = 1_000;
const COLUMNS = Object.keys(callVisit.shape) as (keyof CallVisit)[]; // A zod object's shape has its keys.

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
    for (const path of ['cursor', 'limit'] as const)
      if (query[path] !== undefined) throw refusal(path, 'must be left out: the file holds all there is');
    const { tenantId, directory, rules, sight } = await read(request, query);
    const { filter } = await inTenant(db, tenantId, (tx) => searchOf(tx, tenantId, query, sight, directory));
    const columns = COLUMNS.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    const pages = allVisits(db, tenantId, filter, rules, directory);
    return sendCsv(reply, { name: 'calls.csv', columns }, pages);
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

/** In pages of their own transactions: an export may take as long as its reader does. */
async function* allVisits(
  db: Database,
  tenantId: string,
  filter: VisitFilter,
  rules: VisitRules,
  directory: Directory,
): AsyncGenerator<(string | null)[][]> {
  for (let after: VisitPlace | null = null; ; ) {
    const page: { filter: VisitFilter; after: VisitPlace | null; limit: number } = {
      filter,
      after,
      limit: PAGE_OF_EXPORT,
    };
    const visits = await inTenant(db, tenantId, (tx) => readVisits(tx, tenantId, page, rules));
    if (visits.length > 0) yield visits.map((visit) => cellsOf(shownVisit(visit, directory)));
    const last = visits.at(-1);
    if (visits.length < PAGE_OF_EXPORT || last === undefined) return;
    after = last;
  }
}

function cellsOf(visit: CallVisit): (string | null)[] {
  return COLUMNS.map((column) => {
    const value = visit[column];
    return value === null ? null : String(value);
  });
}
