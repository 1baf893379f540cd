import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  formChange,
  formContent,
  formDetail,
  formStep,
  formSummary,
} from '../../../shared/contract/qualityForms.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import type { Access } from '../../access/access.ts';
import { actorOf } from '../../access/audit/audit.ts';
import type { Database } from '../../db/connect.ts';
import { createForms } from './forms.ts';

/** A hundred criteria with guidance to each, in any script. */
const BODY_LIMIT = 1_048_576;

/** Forms and their versions: read by whoever reviews, kept by managers. */
export const formRoutes: FastifyPluginAsyncZod<{
  db: Pick<Database, 'sql'>;
  access: Pick<Access, 'guard'>;
}> = async (app, { db, access }) => {
  const forms = createForms(db);
  const base = '/analytics/quality/forms';
  const params = z.object({ id: z.uuid() });
  const response = { 200: envelope(formDetail) };
  const tags = ['quality'];
  const toRead = access.guard('quality:read');
  const onRequest = access.guard('quality:manage');

  app.get(
    base,
    {
      onRequest: toRead,
      schema: { tags, summary: 'All forms', response: { 200: envelope(z.array(formSummary)) } },
    },
    async ({ principal }) => ({ data: await forms.list(principal.tenantId) }),
  );

  app.get(
    `${base}/:id`,
    { onRequest: toRead, schema: { tags, summary: 'One form with all its versions', params, response } },
    async ({ principal, params }) => ({ data: await forms.read(principal.tenantId, params.id) }),
  );

  app.post(
    base,
    {
      onRequest,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Make a form, as a draft',
        body: formContent,
        response: { 201: envelope(formDetail) },
      },
    },
    async (request, reply) => {
      const data = await forms.make(actorOf(request), request.principal.tenantId, request.body);
      return reply.code(201).send({ data });
    },
  );

  app.put(
    `${base}/:id`,
    {
      onRequest,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary:
          'Change the draft, or begin the next version where there is none; 409 with the form where it was changed',
        params,
        body: formChange,
        response,
      },
    },
    async (request) => ({
      data: await forms.change(actorOf(request), request.principal.tenantId, request.params.id, request.body),
    }),
  );

  app.post(
    `${base}/:id/publish`,
    {
      onRequest,
      schema: {
        tags,
        summary: 'Publish the draft: calls are scored on it from now on, and it never changes',
        params,
        body: formStep,
        response,
      },
    },
    async (request) => ({
      data: await forms.publish(
        actorOf(request),
        request.principal.tenantId,
        request.params.id,
        request.body.revision,
      ),
    }),
  );

  app.post(
    `${base}/:id/retire`,
    {
      onRequest,
      schema: { tags, summary: 'Retire the form: no more calls are scored on it', params, response },
    },
    async (request) => ({
      data: await forms.retire(actorOf(request), request.principal.tenantId, request.params.id),
    }),
  );

  app.delete(
    `${base}/:id/draft`,
    {
      onRequest,
      schema: {
        tags,
        summary: 'Throw the draft away; null where the form had nothing else',
        params,
        response: { 200: envelope(formDetail.nullable()) },
      },
    },
    async (request) => ({
      data: await forms.discard(actorOf(request), request.principal.tenantId, request.params.id),
    }),
  );
};
