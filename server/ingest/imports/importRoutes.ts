import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { importsQuery, keptImport } from '../../../shared/contract/imports.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import type { Access } from '../../access/access.ts';
import { actorOf } from '../../access/audit/audit.ts';
import type { Database } from '../../db/connect.ts';
import { cursorOf, parseCursor } from '../../db/instantCursor.ts';
import { AppError } from '../../http/errors.ts';
import { listImports, readImport, voidImport } from './imports.ts';

const one = z.strictObject({ id: z.uuid() });

/** `/imports`: who may import may look at what was, and take it back. */
export const importRoutes: FastifyPluginAsyncZod<{
  db: Pick<Database, 'sql'>;
  access: Pick<Access, 'guard'>;
}> = async (app, { db, access }) => {
  const onRequest = access.guard('events:write');
  const tags = ['imports'];

  app.get(
    '/imports',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Imports, newest first',
        querystring: importsQuery,
        response: { 200: envelope(z.array(keptImport)) },
      },
    },
    async ({ principal, query }) => {
      const { cursor, limit } = query;
      const after = cursor === undefined ? null : parseCursor(cursor);
      if (cursor !== undefined && after === null) {
        const issues = [{ path: 'cursor', message: 'must be one this list gave' }];
        throw new AppError('bad_request', { issues });
      }
      const data = await listImports(db, principal.tenantId, { after, limit });
      const last = data.length === limit ? data.at(-1) : undefined;
      return { data, meta: { nextCursor: last ? cursorOf({ at: last.startedAt, id: last.id }) : null } };
    },
  );

  app.get(
    '/imports/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'What became of an import',
        params: one,
        response: { 200: envelope(keptImport) },
      },
    },
    async ({ principal, params }) => ({ data: await readImport(db, principal.tenantId, params.id) }),
  );

  app.delete(
    '/imports/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Take an import back: its events count no more, and the same file can be imported again',
        params: one,
        response: { 200: envelope(keptImport) },
      },
    },
    async (request) => {
      const { principal, params } = request;
      const { voided, seq } = await voidImport(db, actorOf(request), principal.tenantId, params.id);
      return { data: voided, meta: { seq } };
    },
  );
};
