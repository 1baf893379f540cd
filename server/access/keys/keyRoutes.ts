import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  apiKey,
  apiKeyRequest,
  createdApiKey,
  envelope,
  keyRotation,
} from '../../../shared/contract/rest.ts';
import { AppError } from '../../http/errors.ts';
import type { Access } from '../access.ts';
import { actorOf } from '../audit/audit.ts';

const params = z.strictObject({ id: z.uuid() });

/** `/api-keys`: keys for machines, for administrators. */
export const keyRoutes: FastifyPluginAsyncZod<{ access: Access }> = async (app, { access }) => {
  const { apiKeys } = access;
  const onRequest = access.guard('keys:manage');
  const tags = ['access'];

  app.get(
    '/api-keys',
    { onRequest, schema: { tags, summary: 'API keys', response: { 200: envelope(z.array(apiKey)) } } },
    async (request) => ({ data: await apiKeys.list(request.principal.tenantId) }),
  );

  app.post(
    '/api-keys',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Make an API key; the key itself is only in this answer',
        body: apiKeyRequest,
        response: { 201: envelope(createdApiKey) },
      },
    },
    async (request, reply) => {
      const { expiresAt, ...wish } = request.body;
      const data = await apiKeys.create(actorOf(request), {
        ...wish,
        ...makerOf(request),
        expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
      });
      return reply.code(201).header('cache-control', 'no-store').send({ data });
    },
  );

  app.post(
    '/api-keys/:id/rotation',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Make a key to take the place of this one, which ends after the overlap',
        params,
        body: keyRotation,
        response: { 201: envelope(createdApiKey) },
      },
    },
    async (request, reply) => {
      const of = { ...request.params, ...request.body, ...makerOf(request) };
      const data = await apiKeys.rotate(actorOf(request), of);
      if (data === null) throw new AppError('not_found');
      return reply.code(201).header('cache-control', 'no-store').send({ data });
    },
  );

  app.delete(
    '/api-keys/:id',
    {
      onRequest,
      schema: { tags, summary: 'Revoke an API key', params, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      if (!(await apiKeys.revoke(actorOf(request), request.principal.tenantId, request.params.id))) {
        throw new AppError('not_found');
      }
      return reply.code(204).send();
    },
  );
};

/** Keys hold no right to manage keys, so whoever comes here is a person. */
function makerOf({ principal }: FastifyRequest): { tenantId: string; createdBy: string } {
  if (principal.kind !== 'account') throw new AppError('forbidden');
  return { tenantId: principal.tenantId, createdBy: principal.accountId };
}
