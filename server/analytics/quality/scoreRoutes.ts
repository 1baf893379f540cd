import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  acknowledgement,
  dispute,
  resolution,
  scoreBody,
  scoreChange,
  scoreDetail,
  scoreStep,
} from '../../../shared/contract/qualityScores.ts';
import { envelope } from '../../../shared/contract/rest.ts';
import type { Access } from '../../access/access.ts';
import { actorOf } from '../../access/audit/audit.ts';
import { sightOf } from '../../access/principal.ts';
import { personOf } from '../../access/requestPrincipal.ts';
import type { Database } from '../../db/connect.ts';
import type { Centres } from '../centre.ts';
import type { Reviewer } from './scoreSteps.ts';
import { createScores } from './scores.ts';

/** A comment to each of a hundred criteria, and in any script. */
const BODY_LIMIT = 1_048_576;

/** Single scores: begun, signed, acknowledged, disputed, resolved. */
export const scoreRoutes: FastifyPluginAsyncZod<{
  db: Pick<Database, 'sql'>;
  access: Pick<Access, 'guard'>;
  centres: Centres;
}> = async (app, { db, access, centres }) => {
  const scores = createScores(db);
  const base = '/analytics/quality/scores';
  const params = z.object({ id: z.uuid() });
  const response = { 200: envelope(scoreDetail) };
  const tags = ['quality'];

  const reviewerOf = async (request: FastifyRequest): Promise<Reviewer> => ({
    accountId: personOf(request).accountId,
    actor: actorOf(request),
    sight: sightOf(request.principal),
    centre: await centres.read(request.principal.tenantId),
  });

  app.get(
    `${base}/:id`,
    {
      onRequest: access.guard('quality:read'),
      schema: { tags, summary: 'One score whole', params, response },
    },
    async (request) => ({ data: await scores.read(await reviewerOf(request), request.params.id) }),
  );

  const onRequest = access.guard('quality:score');

  app.post(
    base,
    {
      onRequest,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary:
          'Begin to score a call of an agent; 200 where that id was begun before, 409 with the score there is',
        body: scoreBody,
        response: { 200: envelope(scoreDetail), 201: envelope(scoreDetail) },
      },
    },
    async (request, reply) => {
      const { score: data, isNew } = await scores.begin(await reviewerOf(request), request.body);
      return reply.code(isNew ? 201 : 200).send({ data });
    },
  );

  app.patch(
    `${base}/:id`,
    {
      onRequest,
      bodyLimit: BODY_LIMIT,
      schema: { tags, summary: 'Change one’s draft', params, body: scoreChange, response },
    },
    async (request) => ({
      data: await scores.change(await reviewerOf(request), request.params.id, request.body),
    }),
  );

  app.delete(
    `${base}/:id`,
    {
      onRequest,
      schema: {
        tags,
        summary: 'Throw one’s draft away',
        params,
        querystring: z.strictObject({ version: z.coerce.number().int().min(1) }),
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await scores.discard(await reviewerOf(request), request.params.id, request.query.version);
      return reply.code(204).send();
    },
  );

  app.post(
    `${base}/:id/sign`,
    {
      onRequest,
      schema: { tags, summary: 'Sign one’s draft, which locks it', params, body: scoreStep, response },
    },
    async (request) => ({
      data: await scores.sign(await reviewerOf(request), request.params.id, request.body.version),
    }),
  );

  app.post(
    `${base}/:id/acknowledge`,
    {
      onRequest,
      schema: { tags, summary: 'Enter that the agent has seen it', params, body: acknowledgement, response },
    },
    async (request) => ({
      data: await scores.acknowledge(await reviewerOf(request), request.params.id, request.body),
    }),
  );

  app.post(
    `${base}/:id/dispute`,
    {
      onRequest,
      schema: { tags, summary: 'Enter why the agent disputes it', params, body: dispute, response },
    },
    async (request) => ({
      data: await scores.dispute(await reviewerOf(request), request.params.id, request.body),
    }),
  );

  app.post(
    `${base}/:id/resolve`,
    {
      onRequest: access.guard('quality:manage'),
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Decide what is disputed: it stands, or has other answers from now on',
        params,
        body: resolution,
        response,
      },
    },
    async (request) => ({
      data: await scores.resolve(await reviewerOf(request), request.params.id, request.body),
    }),
  );
};
