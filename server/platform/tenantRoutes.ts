import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { madeInvitation } from '../../shared/contract/people.ts';
import {
  firstAdministrator,
  madeTenant,
  newTenantRequest,
  platformTenant,
  tenantDeletion,
  tenantRename,
} from '../../shared/contract/platform.ts';
import { envelope } from '../../shared/contract/rest.ts';
import type { Access } from '../access/access.ts';
import { actorOf } from '../access/audit/audit.ts';
import { personOf } from '../access/requestPrincipal.ts';
import type { Tenants } from './tenants.ts';

const params = z.strictObject({ id: z.uuid() });

/** `/platform/tenants`: the call centres of this installation, for platform owners. */
export const tenantRoutes: FastifyPluginAsyncZod<{ tenants: Tenants; access: Access }> = async (
  app,
  { tenants, access },
) => {
  const onRequest = access.guard('platform:manage');
  const tags = ['platform'];

  app.get(
    '/platform/tenants',
    {
      onRequest,
      schema: { tags, summary: 'Call centres', response: { 200: envelope(z.array(platformTenant)) } },
    },
    async (request) => ({ data: await tenants.list(personOf(request)) }),
  );

  app.post(
    '/platform/tenants',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Make a call centre; its first administrator is whoever does, or whoever is invited to be',
        body: newTenantRequest,
        response: { 201: envelope(madeTenant) },
      },
    },
    async (request, reply) => {
      const person = personOf(request);
      return reply.code(201).send({ data: await tenants.create(actorOf(request), person, request.body) });
    },
  );

  app.patch(
    '/platform/tenants/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Rename a call centre',
        params,
        body: tenantRename,
        response: { 200: envelope(platformTenant) },
      },
    },
    async (request) => {
      const { params, body } = request;
      return { data: await tenants.rename(actorOf(request), personOf(request), params.id, body.name) };
    },
  );

  app.post(
    '/platform/tenants/:id/invitation',
    {
      onRequest,
      schema: {
        tags,
        summary:
          'Invite the first administrator of a call centre that has none; a former link is no longer good',
        params,
        body: firstAdministrator,
        response: { 201: envelope(madeInvitation) },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      return reply.code(201).send({ data: await tenants.invite(actorOf(request), params.id, body) });
    },
  );

  app.post(
    '/platform/tenants/:id/deletion',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Delete a call centre and all it has, confirmed by its name',
        params,
        body: tenantDeletion,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      await tenants.remove(actorOf(request), personOf(request), params.id, body.name);
      return reply.code(204).send();
    },
  );
};
