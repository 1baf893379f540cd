import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type LegRow, type LegsQuery, legRow, legsAnswer, legsQuery } from '../../../shared/contract/legs.ts';
import { identityOf } from '../../../shared/live/identity.ts';
import type { LegFact } from '../../../shared/metrics/facts.ts';
import type { Access } from '../../access/access.ts';
import { type Sight, sightOf } from '../../access/principal.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { refusal } from '../asked.ts';
import { type Centre, createCentres } from '../centre.ts';
import { isoOf } from '../isoOf.ts';
import { type Directory, directoryOf } from './directory.ts';
import { type LegFilter, type LegPlace, readLegsBy } from './legs.ts';
import { expectWhole, sendList } from './listFile.ts';
import { type Period, periodOf } from './period.ts';
import { within } from './search.ts';
import { isoOrNull, shownLeg } from './shown.ts';

const PAGE = 100;

/** `/legs`: rings nobody took, and outbound calls, the latest first, as JSON a page at a time or as CSV whole. */
export const legRoutes: FastifyPluginAsyncZod<{ access: Pick<Access, 'guard'>; db: Database }> = async (
  app,
  { access, db },
) => {
  const onRequest = access.guard('analytics:read');
  const tags = ['analytics'];
  const centres = createCentres(db);

  const read = async ({ principal }: FastifyRequest, query: LegsQuery) => {
    const { tenantId } = principal;
    const centre = await centres.read(tenantId);
    const directory = await directoryOf(centre);
    const period = periodOf(query, directory.settings);
    const filter = await filterOf(query, period, { centre, directory, sight: sightOf(principal) });
    return {
      centre,
      period,
      legsFrom: (after: LegPlace | null, limit: number) =>
        inTenant(db, tenantId, (tx) => readLegsBy(tx, tenantId, { filter, after, limit })),
      shown: (leg: LegFact): LegRow => ({
        callId: leg.callId,
        countedAt: isoOf(leg.countedAt),
        ...shownLeg(leg, directory),
      }),
    };
  };

  const sendAll = async (request: FastifyRequest, reply: FastifyReply, query: LegsQuery) => {
    expectWhole(query);
    const { legsFrom, shown } = await read(request, query);
    return sendList<LegFact>(reply, { name: 'legs.csv', shape: legRow }, legsFrom, shown);
  };

  app.get(
    '/legs',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Rings that nobody took, or outbound calls, the latest first; all of them as text/csv',
        querystring: legsQuery,
        response: { 200: legsAnswer },
      },
    },
    async (request, reply) => {
      const { query } = request;
      if (request.headers.accept?.includes('text/csv')) return sendAll(request, reply, query);
      const after = query.cursor === undefined ? null : parseCursor(query.cursor);
      if (query.cursor !== undefined && after === null) throw refusal('cursor', 'must be one this list gave');
      const limit = query.limit ?? PAGE;
      const { centre, period, legsFrom, shown } = await read(request, query);
      const legs = await legsFrom(after, limit + 1);
      const page = legs.slice(0, limit);
      const last = legs.length > limit ? page.at(-1) : undefined;
      const { from, to, timeZone } = period;
      return {
        data: page.map(shown),
        meta: {
          seq: centre.checkpoint.seq,
          nextCursor: last ? cursorOf(last) : null,
          from: isoOrNull(from),
          to: isoOrNull(to),
          timeZone,
        },
      };
    },
  );

  app.get(
    '/legs.csv',
    {
      onRequest,
      schema: { tags, summary: 'The same as CSV, all of it', produces: ['text/csv'], querystring: legsQuery },
    },
    async (request, reply) => sendAll(request, reply, request.query),
  );
};

/** Within the queues in sight; what is of no queue is seen by whoever sees the agent. */
async function filterOf(
  { kind, queue, sector, agent, ofQueues }: LegsQuery,
  { from, to }: Period,
  { centre, directory, sight }: { centre: Centre; directory: Directory; sight: Sight },
): Promise<LegFilter> {
  const inSectors = sector && directory.queuesOf({ ...sight, sectors: new Set(sector) });
  const isOfQueues = ofQueues !== undefined || queue !== undefined || sector !== undefined;
  const { sectors } = sight;
  const people = await centre.people();
  const others =
    sectors === null
      ? null
      : people.all.filter(({ sectorId }) => sectors.has(sectorId)).map(({ identity }) => identity);
  return {
    kind,
    queues: within(within(directory.queuesOf(sight), inSectors), queue),
    ...(!isOfQueues && { others }),
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(agent !== undefined && { identity: identityOf(agent, directory.settings.aliases) }),
  };
}

function cursorOf({ countedAt, identity, callId, nth }: LegPlace): string {
  return Buffer.from(JSON.stringify([countedAt, identity, callId, nth])).toString('base64url');
}

/** Null when it is not one of ours. */
function parseCursor(cursor: string): LegPlace | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== 4) return null;
  const [countedAt, identity, callId, nth]: unknown[] = parts;
  const isText = (text: unknown): text is string =>
    typeof text === 'string' && text.length <= 256 && text.isWellFormed() && !text.includes('\0');
  const isCount = (number: unknown, limit: number): number is number =>
    Number.isInteger(number) && Math.abs(Number(number)) <= limit;
  if (!isCount(countedAt, 8e12) || !isCount(nth, 1e9) || !isText(identity) || !isText(callId)) return null;
  return { countedAt, identity, callId, nth };
}
