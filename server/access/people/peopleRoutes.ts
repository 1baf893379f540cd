import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { madeReset, peopleQuery, person, personChange } from '../../../shared/contract/people.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import { AppError } from '../../http/errors.ts';
import type { Access } from '../access.ts';
import { actorOf } from '../audit/audit.ts';

const params = z.strictObject({ id: z.uuid() });

/** `/people`: who belongs to the tenant, for administrators. */
export const peopleRoutes: FastifyPluginAsyncZod<{ access: Access }> = async (app, { access }) => {
  const { people, passwordResets } = access;
  const onRequest = access.guard('people:manage');
  const tags = ['access'];

  app.get(
    '/people',
    {
      onRequest,
      schema: {
        tags,
        summary: 'People, a page at a time',
        querystring: peopleQuery,
        response: { 200: envelope(z.array(person)) },
      },
    },
    async (request) => {
      const { tenantId } = request.principal;
      const { data, nextCursor } = await people.list(actorOf(request), tenantId, request.query.cursor);
      return { data, meta: { nextCursor } };
    },
  );

  app.patch(
    '/people/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Change what somebody may do and which sectors are seen; fields left out stay',
        params,
        body: personChange,
        response: { 200: envelope(person) },
      },
    },
    async (request) => {
      const { tenantId } = request.principal;
      const data = await people.change(actorOf(request), tenantId, request.params.id, request.body);
      if (data === null) throw new AppError('not_found');
      return { data };
    },
  );

  app.delete(
    '/people/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Remove somebody from the tenant; every session here ends',
        params,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { tenantId } = request.principal;
      if (!(await people.remove(actorOf(request), tenantId, request.params.id))) {
        throw new AppError('not_found');
      }
      return reply.code(204).send();
    },
  );

  app.post(
    '/people/:id/password-reset',
    {
      onRequest,
      schema: {
        tags,
        summary:
          'Make a link to choose a new password with; it is only in this answer, and mailed where mail is set up',
        params,
        response: { 201: envelope(madeReset) },
      },
    },
    async (request, reply) => {
      const { tenantId } = request.principal;
      const data = await passwordResets.makeFor(actorOf(request), tenantId, request.params.id);
      if (data === null) throw new AppError('not_found');
      return reply.code(201).send({ data });
    },
  );
};
