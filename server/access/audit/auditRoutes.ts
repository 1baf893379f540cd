import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { DateTime } from 'luxon';
import { z } from 'zod';
import {
  type AuditFilters,
  type AuditRecord,
  auditFilters,
  auditQuery,
  auditRecord,
} from '../../../shared/contract/auditRest.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import { type Database, inTenant } from '../../db/connect.ts';
import { cursorOf, parseCursor } from '../../db/instantCursor.ts';
import { sendCsv } from '../../http/csv.ts';
import { AppError } from '../../http/errors.ts';
import type { Access } from '../access.ts';
import { actorOf, recordAudit } from './audit.ts';
import { createAuditLog } from './auditLog.ts';

const COLUMNS = [
  'occurred_at',
  'local_time',
  'actor_kind',
  'actor',
  'actor_id',
  'action',
  'subject',
  'subject_id',
  'before',
  'after',
  'address',
  'request_id',
];

/** `/audit`: what was done and refused, for administrators; to be read, and to be taken away. */
export const auditRoutes: FastifyPluginAsyncZod<{ access: Access; db: Database }> = async (
  app,
  { access, db },
) => {
  const auditLog = createAuditLog(db);
  const onRequest = access.guard('audit:read');
  const tags = ['access'];

  app.get(
    '/audit',
    {
      onRequest,
      schema: {
        tags,
        summary: 'What was done and refused, the latest first',
        querystring: auditQuery,
        response: { 200: envelope(z.array(auditRecord)) },
      },
    },
    async ({ principal, query }) => {
      const { cursor, limit, ...filters } = query;
      expectOrder(filters);
      const after = cursor === undefined ? null : parseCursor(cursor);
      if (cursor !== undefined && after === null) throw refusal('cursor', 'must be one this list gave');
      const data = await auditLog.page(principal.tenantId, filters, after, limit);
      const last = data.length === limit ? data.at(-1) : undefined;
      return { data, meta: { nextCursor: last ? cursorOf({ at: last.occurredAt, id: last.id }) : null } };
    },
  );

  app.get(
    '/audit/export',
    {
      onRequest,
      schema: {
        tags,
        summary: 'The same as CSV, all of it',
        produces: ['text/csv'],
        querystring: auditFilters,
      },
    },
    async (request, reply) => {
      const { principal, query } = request;
      const { tenantId } = principal;
      expectOrder(query);
      const { slug, timeZone } = await inTenant(db, tenantId, async (tx) => {
        await recordAudit(tx, tenantId, actorOf(request), { action: 'audit.exported', after: query });
        const [tenant] = await tx<{ slug: string; timeZone: string }[]>`
          select t.slug, s.time_zone as "timeZone"
          from tenants t join settings s on s.tenant_id = t.id where t.id = ${tenantId}`;
        if (!tenant) throw new AppError('not_found');
        return tenant;
      });
      const name = fileName(slug, query, DateTime.now().setZone(timeZone).toISODate() ?? '');
      return sendCsv(reply, { name, columns: COLUMNS }, rowsOf(auditLog.all(tenantId, query), timeZone));
    },
  );
};

/** `audit-acme-2026-11-01-2026-11-25.csv`; without a first day only the last. */
function fileName(slug: string, { startDate, endDate }: AuditFilters, today: string): string {
  return `${['audit', slug, startDate, endDate ?? today].filter((part) => part !== undefined).join('-')}.csv`;
}

async function* rowsOf(
  pages: AsyncGenerator<AuditRecord[]>,
  timeZone: string,
): AsyncGenerator<(string | null)[][]> {
  for await (const records of pages) yield records.map((record) => rowOf(record, timeZone));
}

function rowOf(record: AuditRecord, timeZone: string): (string | null)[] {
  const { occurredAt, actor, action, subject, before, after, address, requestId } = record;
  return [
    occurredAt,
    DateTime.fromISO(occurredAt, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss'),
    actor.kind,
    actor.name,
    actor.id,
    action,
    subject?.name ?? null,
    subject?.id ?? null,
    before && JSON.stringify(before),
    after && JSON.stringify(after),
    address,
    requestId,
  ];
}

function expectOrder({ startDate, endDate }: AuditFilters): void {
  if (startDate !== undefined && endDate !== undefined && endDate < startDate)
    throw refusal('endDate', 'must not be before startDate');
}

function refusal(path: string, message: string): AppError {
  return new AppError('bad_request', { issues: [{ path, message }] });
}
