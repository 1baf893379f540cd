import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { invitation, invitationRequest, madeInvitation } from '../../../shared/contract/people.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import { AppError } from '../../http/errors.ts';
import type { Access } from '../access.ts';
import { actorOf } from '../audit/audit.ts';

const params = z.strictObject({ id: z.uuid() });

/** `/people/invitations`, for administrators; what the links open is in acceptanceRoutes.ts. */
export const invitationRoutes: FastifyPluginAsyncZod<{ access: Access }> = async (app, { access }) => {
  const { invitations } = access;
  const onRequest = access.guard('people:manage');
  const tags = ['access'];

  app.get(
    '/people/invitations',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Invitations nobody has accepted yet',
        response: { 200: envelope(z.array(invitation)) },
      },
    },
    async (request) => ({ data: await invitations.list(request.principal.tenantId) }),
  );

  app.post(
    '/people/invitations',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Invite somebody; the link is only in this answer, and mailed where mail is set up',
        body: invitationRequest,
        response: { 201: envelope(madeInvitation) },
      },
    },
    async (request, reply) => {
      const invite = { ...request.body, ...makerOf(request) };
      return reply.code(201).send({ data: await invitations.create(actorOf(request), invite) });
    },
  );

  app.post(
    '/people/invitations/:id/renewal',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Make another link for an invitation; the first is no longer good',
        params,
        response: { 201: envelope(madeInvitation) },
      },
    },
    async (request, reply) => {
      const data = await invitations.renew(actorOf(request), { ...request.params, ...makerOf(request) });
      if (data === null) throw new AppError('not_found');
      return reply.code(201).send({ data });
    },
  );

  app.delete(
    '/people/invitations/:id',
    {
      onRequest,
      schema: { tags, summary: 'Revoke an invitation', params, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const { tenantId } = request.principal;
      if (!(await invitations.revoke(actorOf(request), tenantId, request.params.id))) {
        throw new AppError('not_found');
      }
      return reply.code(204).send();
    },
  );
};

/** Keys hold no right to manage people, so whoever comes here is a person. */
function makerOf({ principal }: FastifyRequest): { tenantId: string; createdBy: string } {
  if (principal.kind !== 'account') throw new AppError('forbidden');
  return { tenantId: principal.tenantId, createdBy: principal.accountId };
}
