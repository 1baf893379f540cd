import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { envelope } from '../../../shared/contract/rest.ts';
import {
  SCREEN_COMMANDS,
  screen,
  screenChange,
  screenChoices,
  screenRequest,
} from '../../../shared/contract/screens.ts';
import { AppError } from '../../http/errors.ts';
import type { Access } from '../access.ts';
import { actorOf } from '../audit/audit.ts';
import { sightOf } from '../principal.ts';
import type { Keeper } from './screens.ts';

const params = z.strictObject({ id: z.uuid() });

/** `/screens`: the displays on the walls, for whoever looks after them. `build` names the page that is served. */
export const screenRoutes: FastifyPluginAsyncZod<{ access: Access; build: string }> = async (
  app,
  { access, build },
) => {
  const { screens, pairings } = access;
  const onRequest = access.guard('screens:manage');
  const tags = ['screens'];

  app.get(
    '/screens',
    {
      onRequest,
      schema: { tags, summary: 'Screens and how they are', response: { 200: envelope(z.array(screen)) } },
    },
    async (request) => ({ data: await screens.list(keeperOf(request), build) }),
  );

  app.get(
    '/screens/choices',
    {
      onRequest,
      schema: {
        tags,
        summary: 'What you may show on a screen',
        response: { 200: envelope(screenChoices) },
      },
    },
    async (request) => ({ data: await screens.choices(keeperOf(request)) }),
  );

  app.post(
    '/screens',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Make a screen of the display that shows this code',
        body: screenRequest,
        response: { 201: envelope(z.object({ id: z.uuid() })) },
      },
    },
    async (request, reply) => {
      const id = await pairings.approve(actorOf(request), approverOf(request), request.body);
      return reply.code(201).send({ data: { id } });
    },
  );

  app.patch(
    '/screens/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Rename a screen, show another board on it, or show more or less',
        params,
        body: screenChange,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const isThere = await screens.change(actorOf(request), keeperOf(request), id, request.body);
      if (!isThere) throw new AppError('not_found');
      return reply.code(204).send();
    },
  );

  for (const command of SCREEN_COMMANDS) {
    app.post(
      `/screens/:id/${command}`,
      {
        onRequest,
        schema: {
          tags,
          summary: command === 'reload' ? 'Load a screen’s page anew' : 'Have a screen say its name',
          params,
          response: { 202: z.undefined() },
        },
      },
      async (request, reply) => {
        const isThere = await screens.command(
          actorOf(request),
          keeperOf(request),
          request.params.id,
          command,
        );
        if (!isThere) throw new AppError('not_found');
        return reply.code(202).send();
      },
    );
  }

  app.delete(
    '/screens/:id',
    {
      onRequest,
      schema: { tags, summary: 'Make a display nobody’s again', params, response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      if (!(await screens.revoke(actorOf(request), keeperOf(request), request.params.id))) {
        throw new AppError('not_found');
      }
      return reply.code(204).send();
    },
  );
};

function keeperOf({ principal }: FastifyRequest): Keeper {
  return { tenantId: principal.tenantId, sight: sightOf(principal) };
}

/** Keys hold no right to manage screens, so whoever comes here is a person. */
function approverOf(request: FastifyRequest): Keeper & { accountId: string } {
  if (request.principal.kind !== 'account') throw new AppError('forbidden');
  return { ...keeperOf(request), accountId: request.principal.accountId };
}
